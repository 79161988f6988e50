//! Messages of the protocols, parsed and printed; no state, no HTTP.

pub(crate) mod ldap;
pub(crate) mod oauth;
pub(crate) mod saml;
pub(crate) mod wsfed;
