//! A tenant with its fakes and what it began as: what a request is served from.

use std::sync::Arc;

use crate::http::faults::list::Faults;
use crate::http::journal::Journal;
use crate::server::words;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::time::Clock;
use crate::time::Rng;
use crate::upstreams::Upstreams;
use crate::upstreams::state::UpstreamState;

/// A tenant, its half and the fakes' half of the state on one clock. Clones are the same site.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) tenant: Tenant,
    pub(crate) upstreams: Upstreams,
    /// What goes wrong on purpose: a fork begins without any, a reset empties them, snapshots do not hold them.
    pub(crate) faults: Faults,
    /// What crossed the tenant's boundaries: the same holds.
    pub(crate) journal: Journal,
    /// What a reset goes back to: the fixture, or for a fork what it was forked from.
    origin: Arc<(TenantState, UpstreamState)>,
}

impl Site {
    /// A site as its fixture says. The two halves share the clock and draw from sources of their own.
    pub(crate) fn new(name: &str, state: TenantState, upstreams: UpstreamState, parts: &Parts) -> Self {
        let origin = Arc::new((state.clone(), upstreams.clone()));
        let rng = Rng::new(parts.seed);
        let clock = parts.clock.clone();
        let upstreams = Upstreams::new(upstreams, clock.clone(), rng.fork("upstreams"), parts.keyring.clone());
        let faults = Faults::new(clock.clone(), words::of);
        Self {
            tenant: Tenant::new(name, state, clock, rng.fork(name)),
            upstreams,
            faults,
            journal: Journal::default(),
            origin,
        }
    }

    /// A site of its own that begins as this one is now, people at the fakes included: O(1).
    #[must_use]
    pub(crate) fn fork(&self, name: &str) -> Self {
        let tenant = self.tenant.fork(name);
        let upstreams = self.upstreams.fork(name, tenant.clock().clone());
        let origin = Arc::new((TenantState::clone(&tenant.read()), UpstreamState::clone(&upstreams.read())));
        let faults = self.faults.fork(tenant.clock().clone());
        Self { tenant, upstreams, faults, journal: Journal::default(), origin }
    }

    /// Back to what it began as, on the system's time.
    pub(crate) fn reset(&self) {
        self.tenant.replace(self.origin.0.clone());
        self.upstreams.replace(self.origin.1.clone());
        self.tenant.clock().reset();
        self.faults.clear();
        self.journal.clear();
    }
}

/// What all sites of a server are made with.
pub(crate) struct Parts {
    pub(crate) keyring: crate::keys::Keyring,
    pub(crate) clock: Clock,
    pub(crate) seed: Option<u64>,
}
