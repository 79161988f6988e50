//! A tenant of its own for a part of a test.

use crate::client::control::Control;
use crate::server::service::Service;
use crate::server::site::let_go;

/// A fork. Dropping it removes it.
pub struct Fork {
    name: String,
    issuer: String,
    control: Control,
    service: Service,
}

impl Fork {
    pub(crate) fn new(name: String, issuer: String, control: Control, service: Service) -> Self {
        Self { name, issuer, control, service }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its issuer over http, with the trailing slash: `http://localhost:PORT/`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Its base address over http, without a trailing slash.
    pub fn url(&self) -> &str {
        self.issuer.trim_end_matches('/')
    }

    /// What an SDK takes as its domain: `localhost:PORT`.
    pub fn domain(&self) -> &str {
        self.url().trim_start_matches("http://")
    }

    /// Everything that can be done with it: people, tokens, logins, clock, faults, journal, outbox, snapshots, …
    pub fn control(&self) -> &Control {
        &self.control
    }
}

impl Drop for Fork {
    fn drop(&mut self) {
        if let Some(removed) = self.service.sites().remove(&self.name) {
            let_go(removed);
        }
    }
}

impl std::fmt::Debug for Fork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fork({}, {})", self.name, self.issuer)
    }
}
