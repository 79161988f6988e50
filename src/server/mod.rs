//! Listeners, the routing of a request to its tenant, and what surrounds it.
