//! What tokens say. Source: spec/tokens.md §2, §3 and §6.

pub(crate) mod access_token;
pub(crate) mod id_token;
pub(crate) mod organization;
pub(crate) mod refresh;
pub(crate) mod scope;
