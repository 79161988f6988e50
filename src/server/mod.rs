//! Listeners, the routing of a request to its tenant, and what surrounds it.

mod abrupt;
mod binding;
pub(crate) mod config;
mod exchange;
mod extract;
mod faults;
pub(crate) mod forks;
mod host;
pub(crate) mod ldap;
pub(crate) mod limits;
pub(crate) mod listener;
mod router;
pub(crate) mod running;
mod screen;
pub(crate) mod service;
mod serving;
pub(crate) mod site;
pub(crate) mod sites;
pub(crate) mod snapshots;
mod stall;
mod tls;
pub(crate) mod usage;
mod who;
mod words;
