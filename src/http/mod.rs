//! Web plumbing for tenant and fakes alike; knows neither.

pub(crate) mod address;
pub(crate) mod extension;
pub(crate) mod failure;
pub(crate) mod outgoing;
