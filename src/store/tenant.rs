//! A tenant: a name and its state. The one way to read it and the one way to change it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::cell::Shared;
use crate::store::state::TenantState;
use crate::store::tx::Tx;
use crate::time::Clock;
use crate::time::Rng;
use crate::time::Timestamp;

/// A handle to a tenant; clones are the same tenant.
#[derive(Clone)]
pub(crate) struct Tenant {
    name: Arc<str>,
    cell: Shared<TenantState>,
}

impl Tenant {
    pub(crate) fn new(name: &str, state: TenantState, clock: Clock, rng: Rng) -> Self {
        Self { name: name.into(), cell: Shared::new(state, clock, rng) }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether a host name is the tenant's own: `NAME.localhost`, or one of its domains.
    pub(crate) fn owns_host(&self, host: &str) -> bool {
        let named = host.strip_suffix(".localhost") == Some(self.name());
        named || self.read().domains.iter().any(|domain| domain == host)
    }

    /// The state as it is now. Take it once a request and pass it on.
    pub(crate) fn read(&self) -> Arc<TenantState> {
        self.cell.read()
    }

    pub(crate) fn clock(&self) -> &Clock {
        self.cell.clock()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.cell.clock().now()
    }

    /// Draws from the tenant's random source without a write.
    pub(crate) fn draw<R>(&self, draw: impl FnOnce(&mut Rng) -> R) -> R {
        self.cell.draw(draw)
    }

    /// Runs `change` on a private copy of the tenant, which becomes the tenant if `change` returns `Ok`.
    ///
    /// `change` takes time and randomness from `tx`, and does no I/O, hashing, signing or scripts: every other
    /// writer of this tenant waits for it.
    ///
    /// Asynchronous because a write is acknowledged only when the tenant's durable sink has it; with none, as
    /// now, it is done at once.
    ///
    /// # Errors
    /// What `change` returned, and nothing is written.
    pub(crate) async fn write<T, E>(&self, change: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.cell.write(|draft| change(&mut Tx::new(draft)))
    }

    /// Hears of every change from now on: ask for it before the state is read, and none is missed.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.cell.changes()
    }

    /// Puts `state` in the place of the tenant's, as a reset does; gives back what was there.
    pub(crate) fn replace(&self, state: Arc<TenantState>) -> Arc<TenantState> {
        self.cell.replace(state)
    }

    /// A tenant of its own that begins as this one is now: O(1).
    #[must_use]
    pub(crate) fn fork(&self, name: &str) -> Self {
        Self { name: name.into(), cell: self.cell.fork(name) }
    }
}

impl std::fmt::Debug for Tenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tenant({})", self.name)
    }
}
