//! All sites of a server, by name, by host and by the port they were given.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;

use crate::server::host::Host;
use crate::server::site::Site;

/// The sites of one server; clones are the same.
#[derive(Clone)]
pub(crate) struct Sites(Arc<Inner>);

struct Inner {
    default: Site,
    by_name: RwLock<HashMap<Arc<str>, Seat>>,
}

/// A site and where it can be reached beside its host names.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) site: Site,
    /// The port that is its own, for as long as the seat lives.
    pub(crate) port: Option<OwnPort>,
    /// How long nobody may ask before it is let go of; for ever, if not given.
    pub(crate) idle: Option<Duration>,
}

/// A port of a site's own. Dropping the last clone closes it.
#[derive(Clone)]
pub(crate) struct OwnPort {
    pub(crate) port: u16,
    pub(crate) _open: Arc<dyn Send + Sync>,
}

/// The name is taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NameTaken;

impl Sites {
    /// The first of `sites` is the default.
    pub(crate) fn new(default: Site, others: Vec<Site>) -> Self {
        let seats = std::iter::once(&default)
            .chain(&others)
            .map(|site| (Arc::from(site.tenant.name()), Seat { site: site.clone(), port: None, idle: None }));
        let by_name = RwLock::new(seats.collect());
        Self(Arc::new(Inner { default, by_name }))
    }

    pub(crate) fn default_site(&self) -> &Site {
        &self.0.default
    }

    pub(crate) fn named(&self, name: &str) -> Option<Seat> {
        self.0.by_name.read().get(name).cloned()
    }

    /// All sites in the order of their names.
    pub(crate) fn all(&self) -> Vec<Seat> {
        let mut seats: Vec<_> = self.0.by_name.read().values().cloned().collect();
        seats.sort_by(|one, other| one.site.tenant.name().cmp(other.site.tenant.name()));
        seats
    }

    /// Adds a site under its name.
    ///
    /// # Errors
    /// [`NameTaken`] when there is one of that name.
    pub(crate) fn add(&self, seat: Seat) -> Result<(), NameTaken> {
        match self.0.by_name.write().entry(seat.site.tenant.name().into()) {
            std::collections::hash_map::Entry::Occupied(_) => Err(NameTaken),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(seat);
                Ok(())
            }
        }
    }

    /// Takes a site out; its own port closes with the last request on it. The default one stays.
    pub(crate) fn remove(&self, name: &str) -> Option<Seat> {
        if name == self.0.default.tenant.name() {
            return None;
        }
        self.0.by_name.write().remove(name)
    }

    /// Takes out whatever nobody has asked for as long as it may stay.
    pub(crate) fn remove_idle(&self) -> Vec<Seat> {
        let is_idle = |seat: &Seat| seat.idle.is_some_and(|most| seat.site.usage.idle() > most);
        let idle: Vec<Arc<str>> = {
            let seats = self.0.by_name.read();
            seats.iter().filter(|(_, seat)| is_idle(seat)).map(|(name, _)| Arc::clone(name)).collect()
        };
        if idle.is_empty() {
            return Vec::new();
        }
        let mut seats = self.0.by_name.write();
        idle.iter().filter_map(|name| seats.remove(name)).collect()
    }

    /// Takes all but the default one out, as the server stops.
    pub(crate) fn clear(&self) {
        let removed = std::mem::take(&mut *self.0.by_name.write());
        drop(removed);
    }

    /// The site whose own name the host is: `NAME.localhost`, or one of its domains.
    pub(crate) fn of_host(&self, host: &Host) -> Option<Site> {
        let seats = self.0.by_name.read();
        if let Some(seat) = host.name.strip_suffix(".localhost").and_then(|name| seats.get(name)) {
            return Some(seat.site.clone());
        }
        // Custom domains belong to sites that were loaded, of which there are few; forks share their parents' state,
        // so the default one is asked first.
        let has_it = |site: &Site| site.tenant.read().domains.contains(&host.name);
        if host.is_local() {
            return None;
        }
        if has_it(&self.0.default) {
            return Some(self.0.default.clone());
        }
        seats.values().map(|seat| &seat.site).find(|site| has_it(site)).cloned()
    }
}
