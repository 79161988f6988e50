//! How an operation ended. Source: RFC 4511 §4.1.9, appendix A.

/// A result code that this server gives, by its number on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub(crate) enum ResultCode {
    Success = 0,
    OperationsError = 1,
    ProtocolError = 2,
    TimeLimitExceeded = 3,
    SizeLimitExceeded = 4,
    CompareFalse = 5,
    CompareTrue = 6,
    AuthMethodNotSupported = 7,
    AdminLimitExceeded = 11,
    UnavailableCriticalExtension = 12,
    SaslBindInProgress = 14,
    NoSuchAttribute = 16,
    ConstraintViolation = 19,
    AttributeOrValueExists = 20,
    InvalidAttributeSyntax = 21,
    NoSuchObject = 32,
    InvalidDnSyntax = 34,
    InvalidCredentials = 49,
    InsufficientAccessRights = 50,
    Busy = 51,
    Unavailable = 52,
    UnwillingToPerform = 53,
    ObjectClassViolation = 65,
    NotAllowedOnNonLeaf = 66,
    NotAllowedOnRdn = 67,
    EntryAlreadyExists = 68,
    Other = 80,
}

impl ResultCode {
    /// The number on the wire.
    pub(crate) fn number(self) -> u16 {
        self as u16
    }
}

/// The result in which most answers end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LdapResult {
    pub(crate) code: ResultCode,
    /// For "no such object": the name of the nearest entry that exists.
    pub(crate) matched_dn: String,
    /// The diagnostic text.
    pub(crate) message: String,
}

impl LdapResult {
    pub(crate) fn success() -> Self {
        Self::new(ResultCode::Success, "")
    }

    pub(crate) fn new(code: ResultCode, message: impl Into<String>) -> Self {
        Self { code, matched_dn: String::new(), message: message.into() }
    }

    pub(crate) fn matched(mut self, dn: impl Into<String>) -> Self {
        self.matched_dn = dn.into();
        self
    }
}
