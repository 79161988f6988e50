//! Listeners, the routing of a request to its tenant, and what surrounds it.

pub(crate) mod listener;
pub(crate) mod tls;
