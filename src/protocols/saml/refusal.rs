//! Why a service provider doesn't take a response: each check has its own reason. Source: spec/enterprise.md §3.3.

use crate::protocols::saml::decrypt::DecryptError;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::xml::XmlError;
use crate::time::Timestamp;

/// Why a response isn't taken. Display is a sentence's end that a log can show: nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the response can't be read: {0}")]
    Xml(#[from] XmlError),
    #[error("the response doesn't follow its schema: {0}")]
    Schema(#[from] SchemaError),
    /// The identity provider says that the sign-in failed; why, stands in its message and codes.
    #[error("the identity provider answered {}", .0.message.as_deref().or(.0.codes.last().map(String::as_str)).unwrap_or_default())]
    Status(Status),
    #[error("the response or its assertion: {0}")]
    Signature(#[from] SignatureError),
    /// Something stands where what was signed could be taken for something else.
    #[error("the response is wrapped: {0}")]
    Wrapping(&'static str),
    #[error("the response has no assertion")]
    NoAssertion,
    #[error("the assertion can't be decrypted: {0}")]
    Encryption(#[from] DecryptError),
    #[error("the issuer is {found:?}, not {expected:?}")]
    Issuer { expected: String, found: String },
    #[error("the response is for the destination {0:?}")]
    Destination(String),
    #[error("the assertion is for the audience {0:?}")]
    Audience(Vec<String>),
    #[error("the assertion is for the recipient {0:?}")]
    Recipient(Option<String>),
    /// It answers a request that isn't outstanding in this browser.
    #[error("the response answers the request {0:?}, which is unknown or was answered before")]
    InResponseTo(String),
    #[error("the response answers no request")]
    Unsolicited,
    #[error("the assertion has expired at {0}")]
    Expired(Timestamp),
    #[error("the assertion is not valid before {0}")]
    NotYetValid(Timestamp),
    #[error("the assertion doesn't say how long it may be used")]
    NoExpiry,
    #[error("the assertion has a condition that is not known")]
    Condition,
    #[error("the assertion has no NameID")]
    NoNameId,
    #[error("the assertion can't be used by who bears it")]
    NoBearer,
    #[error("the assertion doesn't say that anybody signed in")]
    NoAuthnStatement,
}

impl Refusal {
    /// The check that failed, in one word for a log.
    pub(crate) fn check(&self) -> &'static str {
        match self {
            Self::Xml(_) => "xml",
            Self::Schema(_) => "schema",
            Self::Status(_) => "status",
            Self::Signature(SignatureError::Algorithm(_)) => "algorithm",
            Self::Signature(SignatureError::Untrusted(_)) => "thumbprint",
            Self::Signature(_) => "signature",
            Self::Wrapping(_) => "wrapping",
            Self::NoAssertion => "assertion",
            Self::Encryption(_) => "encryption",
            Self::Issuer { .. } => "issuer",
            Self::Destination(_) => "destination",
            Self::Audience(_) => "audience",
            Self::Recipient(_) => "recipient",
            Self::InResponseTo(_) | Self::Unsolicited => "in_response_to",
            Self::Expired(_) | Self::NoExpiry => "expiry",
            Self::NotYetValid(_) => "not_before",
            Self::Condition => "condition",
            Self::NoNameId => "name_id",
            Self::NoBearer => "confirmation",
            Self::NoAuthnStatement => "authn_statement",
        }
    }
}
