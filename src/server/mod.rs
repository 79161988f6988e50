//! Listeners, the routing of a request to its tenant, and what surrounds it.

mod extract;
pub(crate) mod listener;
pub(crate) mod tls;
