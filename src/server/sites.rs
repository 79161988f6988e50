//! All sites of a server, by name, by host and by the port they were given.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;

use crate::server::host::Host;
use crate::server::ldap::ports::LdapPorts;
use crate::server::site::Site;

/// The sites of one server; clones are the same.
#[derive(Clone)]
pub(crate) struct Sites(Arc<Inner>);

struct Inner {
    default: Site,
    /// Custom domains belong to the tenants that were loaded: forks share their parents' state, and answer to none.
    by_domain: HashMap<String, Site>,
    seats: RwLock<Seats>,
}

#[derive(Default)]
struct Seats {
    by_name: HashMap<Arc<str>, Seat>,
    /// Whose the ports are that belong to one site alone.
    by_port: HashMap<u16, Arc<str>>,
    /// Names of sites that are no more, oldest first.
    gone: VecDeque<Arc<str>>,
}

/// How many names of sites that are no more are remembered.
const MOST_GONE: usize = 10_000;

/// A site and where it can be reached beside its host names.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) site: Site,
    /// The port that is its own, for as long as the seat lives.
    pub(crate) port: Option<OwnPort>,
    /// Where its directory speaks LDAP, if anywhere, for as long as the seat lives.
    pub(crate) ldap: Option<Arc<LdapPorts>>,
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
        let all = || std::iter::once(&default).chain(&others);
        let by_name = all().map(|site| {
            (Arc::from(site.tenant.name()), Seat { site: site.clone(), port: None, ldap: None, idle: None })
        });
        let seats = RwLock::new(Seats { by_name: by_name.collect(), ..Seats::default() });
        let mut by_domain = HashMap::new();
        for site in all() {
            for domain in site.tenant.read().domains.iter() {
                by_domain.entry(domain.clone()).or_insert_with(|| site.clone());
            }
        }
        Self(Arc::new(Inner { default, by_domain, seats }))
    }

    pub(crate) fn default_site(&self) -> &Site {
        &self.0.default
    }

    /// Notes where the default tenant's directory speaks LDAP.
    pub(crate) fn set_ldap(&self, ports: Arc<LdapPorts>) {
        if let Some(seat) = self.0.seats.write().by_name.get_mut(self.0.default.tenant.name()) {
            seat.ldap = Some(ports);
        }
    }

    /// Notes the server's own port, which is the default tenant's.
    pub(crate) fn set_port(&self, port: u16) {
        let name = Arc::from(self.0.default.tenant.name());
        self.0.seats.write().by_port.insert(port, name);
    }

    pub(crate) fn named(&self, name: &str) -> Option<Seat> {
        self.0.seats.read().by_name.get(name).cloned()
    }

    /// All sites in the order of their names.
    pub(crate) fn all(&self) -> Vec<Seat> {
        let mut seats: Vec<_> = self.0.seats.read().by_name.values().cloned().collect();
        seats.sort_by(|one, other| one.site.tenant.name().cmp(other.site.tenant.name()));
        seats
    }

    /// Adds a site under its name.
    ///
    /// # Errors
    /// [`NameTaken`] when there is one of that name.
    pub(crate) fn add(&self, seat: Seat) -> Result<(), NameTaken> {
        let name: Arc<str> = seat.site.tenant.name().into();
        let mut seats = self.0.seats.write();
        if seats.by_name.contains_key(&name) {
            return Err(NameTaken);
        }
        if let Some(own) = &seat.port {
            seats.by_port.insert(own.port, Arc::clone(&name));
        }
        seats.by_name.insert(name, seat);
        Ok(())
    }

    /// Takes a site out; its own port closes with the last request on it. The default one stays.
    pub(crate) fn remove(&self, name: &str) -> Option<Seat> {
        if name == self.0.default.tenant.name() {
            return None;
        }
        self.0.seats.write().remove(name)
    }

    /// Takes out whatever nobody has asked for as long as it may stay.
    pub(crate) fn remove_idle(&self) -> Vec<Seat> {
        let is_idle = |seat: &Seat| seat.idle.is_some_and(|most| seat.site.usage.idle() > most);
        let idle: Vec<Arc<str>> = {
            let seats = self.0.seats.read();
            seats.by_name.iter().filter(|(_, seat)| is_idle(seat)).map(|(name, _)| Arc::clone(name)).collect()
        };
        if idle.is_empty() {
            return Vec::new();
        }
        let mut seats = self.0.seats.write();
        idle.iter().filter_map(|name| seats.remove(name)).collect()
    }

    /// Takes all but the default one out, as the server stops.
    pub(crate) fn clear(&self) {
        let removed = std::mem::take(&mut *self.0.seats.write());
        drop(removed);
    }

    /// The site whose own name the host is: `NAME.localhost`, or one of its domains.
    pub(crate) fn of_host(&self, host: &Host) -> Option<Site> {
        if let Some(name) = host.name.strip_suffix(".localhost") {
            let seats = self.0.seats.read();
            return seats.by_name.get(name).map(|seat| seat.site.clone());
        }
        self.0.by_domain.get(&host.name).cloned()
    }

    /// Whether the host is the name of a site that was there and is no more.
    pub(crate) fn is_gone(&self, host: &Host) -> bool {
        let Some(name) = host.name.strip_suffix(".localhost") else { return false };
        self.0.seats.read().gone.iter().any(|gone| **gone == *name)
    }

    /// Whether the port is that of a site other than this one: who asks it by that port means the other.
    pub(crate) fn is_port_of_another(&self, port: u16, site: &Site) -> bool {
        self.0.seats.read().by_port.get(&port).is_some_and(|name| **name != *site.tenant.name())
    }
}

impl Seats {
    fn remove(&mut self, name: &str) -> Option<Seat> {
        let (name, seat) = self.by_name.remove_entry(name)?;
        if let Some(own) = &seat.port {
            self.by_port.remove(&own.port);
        }
        if self.gone.len() >= MOST_GONE {
            self.gone.pop_front();
        }
        self.gone.push_back(name);
        seat.site.usage.end();
        Some(seat)
    }
}
