//! Names of WS-Federation and of what it stands on.

pub(crate) const FEDERATION: &str = "http://docs.oasis-open.org/wsfed/federation/200706";
pub(crate) const AUTHORIZATION: &str = "http://docs.oasis-open.org/wsfed/authorization/200706";
/// WS-Trust of February 2005, which AD FS answers in.
pub(crate) const TRUST: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust";
pub(crate) const TRUST_1_3: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
pub(super) const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
pub(crate) const POLICY: &str = "http://schemas.xmlsoap.org/ws/2004/09/policy";
pub(crate) const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";
pub(crate) const UTILITY: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

/// What is asked for (`wa`; §13.1, §13.4).
pub(crate) mod action {
    pub(crate) const SIGN_IN: &str = "wsignin1.0";
    pub(crate) const SIGN_OUT: &str = "wsignout1.0";
    pub(crate) const CLEAN_UP: &str = "wsignoutcleanup1.0";
}

/// Requests and answers of WS-Trust of February 2005.
pub(super) mod trust {
    pub(crate) const ISSUE: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust/Issue";
    /// The key of the token: there is none, who bears it may use it.
    pub(crate) const BEARER: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey";
}

/// What is said of people: URIs of claims.
pub(crate) mod claim {
    pub(crate) const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
    pub(crate) const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    pub(crate) const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
    pub(crate) const GIVEN_NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname";
    pub(crate) const SURNAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname";
    pub(crate) const NAME_ID: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
    pub(crate) const GROUP: &str = "http://schemas.xmlsoap.org/claims/Group";
    pub(crate) const WINDOWS_ACCOUNT: &str =
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname";
    pub(crate) const PRIMARY_SID: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid";
}
