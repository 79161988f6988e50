//! Faults: what goes wrong on purpose, because a test asked for it. Which requests they strike, how often, and what they
//! do. Nothing here knows a tenant or a provider: who a request concerns, and the words of each boundary, are handed in.
//!

pub(crate) mod behaviours;
pub(crate) mod body;
mod check;
pub(crate) mod effect;
mod entry;
pub(crate) mod list;
pub(crate) mod pattern;
pub(crate) mod scope;
pub(crate) mod shown;
pub(crate) mod strike;
pub(crate) mod wait;
