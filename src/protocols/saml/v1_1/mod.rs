//! Assertions of SAML 1.1, as WS-Federation carries them. They say the same as those of SAML 2.0, and are the same
//! [`crate::protocols::saml::assertion::Assertion`] here; only their form differs. Source: SAML 1.1 Core §2.
//!
//! Attributes have a namespace and a name there: together, with a slash between them, they are the name here, which is
//! how claims are known by their URIs (spec/upstreams.md §8). A name without a slash has an empty namespace.

mod read;
#[cfg(test)]
mod tests;
mod write;
