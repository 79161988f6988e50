//! WS-Federation for browsers: requests, the security token in its envelope, and what a security token service says of
//! itself. Tokens are assertions of SAML. Source: WS-Federation 1.2 §3 and §13, WS-Trust (February 2005; 1.3) §3.2.

pub(crate) mod consume;
pub(crate) mod fault;
pub(crate) mod metadata;
mod metadata_read;
pub(crate) mod names;
pub(crate) mod request;
pub(crate) mod response;

#[cfg(test)]
mod tests;
