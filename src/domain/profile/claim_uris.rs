//! Names of claims in SAML and WS-Federation. Source: spec/profile.md §6.9 and §6.10.

pub(crate) const NAME_ID: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
pub(crate) const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
pub(crate) const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
pub(crate) const GIVEN_NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname";
pub(crate) const SURNAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname";
pub(crate) const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
pub(crate) const MOBILE_PHONE: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/mobilephone";
pub(crate) const HOME_PHONE: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/homephone";
pub(crate) const OTHER_PHONE: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/otherphone";
pub(crate) const GROUP: &str = "http://schemas.xmlsoap.org/claims/Group";
pub(crate) const ROLE: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
