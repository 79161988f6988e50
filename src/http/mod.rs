//! Web plumbing for tenant and fakes alike; knows neither.

pub(crate) mod address;
pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod cookies;
pub(crate) mod extension;
pub(crate) mod failure;
pub(crate) mod faults;
pub(crate) mod fronts;
pub(crate) mod html;
pub(crate) mod journal;
pub(crate) mod outgoing;
pub(crate) mod parameters;
