//! SAML 2.0: messages, metadata, signatures, encryption and bindings, read and made; who sends them is told elsewhere.
//! Source: SAML 2.0 Core, Bindings, Profiles and Metadata; spec/enterprise.md §3 and §4.
//!
//! What comes from outside is read by [`xml`] within bounds, verified by [`verify`], and only the element that was
//! signed is read on. What is made is written by [`writer`], which escapes, and signed by [`sign`].

pub(crate) mod algorithm;
pub(crate) mod assertion;
mod assertion_read;
mod assertion_write;
pub(crate) mod attribute;
pub(crate) mod authn_request;
mod base64;
pub(crate) mod binding;
mod canonical;
pub(crate) mod consume;
pub(crate) mod decrypt;
pub(crate) mod element;
pub(crate) mod encrypt;
pub(crate) mod header;
pub(crate) mod logout;
pub(crate) mod metadata;
pub(crate) mod metadata_read;
pub(crate) mod metadata_write;
pub(crate) mod name_id;
pub(crate) mod names;
pub(crate) mod redirect;
pub(crate) mod refusal;
pub(crate) mod schema;
pub(crate) mod sign;
pub(crate) mod status;
mod v1_1;
pub(crate) mod validity;
pub(crate) mod verify;
pub(crate) mod wrapping;
pub(crate) mod writer;
pub(crate) mod xml;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
