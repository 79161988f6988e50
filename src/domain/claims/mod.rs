//! What of a profile becomes claims. Source: spec/tokens.md §4 and §5.

pub(crate) mod custom;
pub(crate) mod saml;
pub(crate) mod scopes;
