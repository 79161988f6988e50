//! A tenant with its fakes and what it began as: what a request is served from.

use std::sync::Arc;

use crate::http::faults::list::Faults;
use crate::http::fronts::Fronts;
use crate::http::journal::Journal;
use crate::server::snapshots::Snapshots;
use crate::server::usage::Usage;
use crate::server::words;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::time::Clock;
use crate::time::Rng;
use crate::time::Setting;
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
    origin: Arc<Moment>,
    pub(crate) snapshots: Snapshots,
    pub(crate) usage: Usage,
    /// What a test put in front of the fakes; forks have their own.
    pub(crate) fronts: Fronts,
}

impl Site {
    /// A site as its fixture says. The two halves share the clock and draw from sources of their own.
    pub(crate) fn new(name: &str, state: TenantState, upstreams: UpstreamState, parts: &Parts) -> Self {
        let rng = Rng::new(parts.seed);
        let clock = parts.clock.clone();
        let upstreams = Upstreams::new(upstreams, clock.clone(), rng.fork("upstreams"), parts.keyring.clone());
        let faults = Faults::new(clock.clone(), words::of);
        Self::beginning_now(Tenant::new(name, state, clock, rng.fork(name)), upstreams, faults)
    }

    fn beginning_now(tenant: Tenant, upstreams: Upstreams, faults: Faults) -> Self {
        let origin = Arc::new(Moment::of(&tenant, &upstreams));
        Self {
            tenant,
            upstreams,
            faults,
            journal: Journal::default(),
            origin,
            snapshots: Snapshots::default(),
            usage: Usage::begin(),
            fronts: Fronts::default(),
        }
    }

    /// A site of its own that begins as this one is now, people at the fakes included: O(1).
    #[must_use]
    pub(crate) fn fork(&self, name: &str) -> Self {
        let tenant = self.tenant.fork(name);
        let upstreams = self.upstreams.fork(name, tenant.clock().clone());
        let faults = self.faults.fork(tenant.clock().clone());
        Self::beginning_now(tenant, upstreams, faults)
    }

    /// A fork that begins as a snapshot of this one is, its clock included.
    #[must_use]
    pub(crate) fn fork_of(&self, moment: &Moment, name: &str) -> Self {
        let fork = self.fork(name);
        fork.go_to(moment);
        Self { origin: Arc::new(moment.clone()), ..fork }
    }

    /// The state, people at the fakes included, and the setting of the clock, as they are now: O(1).
    pub(crate) fn moment(&self) -> Moment {
        Moment::of(&self.tenant, &self.upstreams)
    }

    /// Becomes what it was at a moment. Gives back what it was until now, which may take long to let go of.
    pub(crate) fn go_to(&self, moment: &Moment) -> Moment {
        let clock = self.tenant.clock().setting();
        let tenant = self.tenant.replace(Arc::clone(&moment.tenant));
        let upstreams = self.upstreams.replace(Arc::clone(&moment.upstreams));
        self.tenant.clock().set(moment.clock);
        Moment { tenant, upstreams, clock }
    }

    /// Back to what it began as, on the clock it began with. Snapshots stay. Gives back as [`Site::go_to`].
    pub(crate) fn reset(&self) -> Moment {
        let before = self.go_to(&self.origin);
        self.faults.clear();
        self.journal.clear();
        before
    }
}

/// All that a tenant was at a moment. Copies share it, and share with what came before and after all that is the same.
#[derive(Clone)]
pub(crate) struct Moment {
    tenant: Arc<TenantState>,
    upstreams: Arc<UpstreamState>,
    pub(crate) clock: Setting,
}

impl Moment {
    fn of(tenant: &Tenant, upstreams: &Upstreams) -> Self {
        Self { tenant: tenant.read(), upstreams: upstreams.read(), clock: tenant.clock().setting() }
    }
}

/// Lets go of states: that can take seconds, so not on a thread that answers requests.
pub(crate) fn let_go<T: Send + 'static>(unwanted: T) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn_blocking(move || drop(unwanted));
    }
}

/// What all sites of a server are made with.
pub(crate) struct Parts {
    pub(crate) keyring: crate::keys::Keyring,
    pub(crate) clock: Clock,
    pub(crate) seed: Option<u64>,
}
