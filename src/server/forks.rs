//! Forks: a tenant of its own for every test, with a port of its own where asked for. Source: design page, sections 3 and 6.

use std::sync::Arc;
use std::time::Duration;

use crate::http::address::Address;
use crate::server::binding::BindError;
use crate::server::ldap::ports::LdapPorts;
use crate::server::service::Service;
use crate::server::site::Moment;
use crate::server::site::Site;
use crate::server::site::let_go;
use crate::server::sites::NameTaken;
use crate::server::sites::OwnPort;
use crate::server::sites::Seat;

/// What a fork is to be.
#[derive(Default)]
pub(crate) struct Plan {
    /// Made up if not given.
    pub(crate) name: Option<String>,
    /// Whether it gets a port of its own.
    pub(crate) port: bool,
    /// Whether its directory speaks LDAP on ports of its own.
    pub(crate) ldap: bool,
    /// What it begins as; the tenant that it is forked from, as that is now, if not given.
    pub(crate) moment: Option<Moment>,
    /// How long nobody may ask before it is let go of; as the server is told, if not given.
    pub(crate) idle: Option<Duration>,
}

/// How often forks that nobody uses are looked for.
const PACE: Duration = Duration::from_secs(1);

/// Why there is no fork.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForkError {
    #[error("there is a tenant \"{0}\" already")]
    NameTaken(String),
    #[error(
        "a tenant's name has 1 to 63 small letters, digits and hyphens, and begins and ends with a letter or digit"
    )]
    BadName,
    #[error("open a port: {0}")]
    NoPort(String),
}

impl Service {
    /// Forks `from`.
    ///
    /// # Errors
    /// [`ForkError`]; then there is no fork and no open port.
    pub(crate) async fn fork(&self, from: &Site, plan: Plan) -> Result<Seat, ForkError> {
        let name = match plan.name {
            Some(name) if is_host_label(&name) => name,
            Some(_) => return Err(ForkError::BadName),
            None => format!("{}-{}", from.tenant.name(), from.tenant.draw(|rng| rng.hex(12))),
        };
        let site = plan.moment.map_or_else(|| from.fork(&name), |moment| from.fork_of(&moment, &name));
        let own = if plan.port { Some(self.open_port(&site).await?) } else { None };
        let ldap = if plan.ldap { Some(Arc::new(self.open_ldap(&site).await?)) } else { None };
        let seat = Seat { site, port: own, ldap, idle: plan.idle.or(self.fork_idle()) };
        match self.sites().add(seat.clone()) {
            Ok(()) => Ok(seat),
            Err(NameTaken) => Err(ForkError::NameTaken(name)),
        }
    }

    /// Lets go of forks that nobody uses, until the server stops.
    pub(crate) async fn collect_forks(self) {
        let (mut stopping, mut pace) = (self.stopping(), tokio::time::interval(PACE));
        loop {
            tokio::select! {
                _ = stopping.changed() => return,
                _ = pace.tick() => {}
            }
            for seat in self.sites().remove_idle() {
                let idle = seat.idle.unwrap_or_default();
                tracing::info!("the fork {} is gone: nobody has asked it for {idle:?}", seat.site.tenant.name());
                let_go(seat);
            }
        }
    }

    async fn open_port(&self, site: &Site) -> Result<OwnPort, ForkError> {
        let listener = self.listen_for(site).await.map_err(|error| ForkError::NoPort(error.to_string()))?;
        Ok(OwnPort { port: listener.port(), _open: Arc::new(listener) })
    }

    async fn open_ldap(&self, site: &Site) -> Result<LdapPorts, ForkError> {
        let no_port = |error: BindError| ForkError::NoPort(error.to_string());
        LdapPorts::open_own(self.speaks_ldap(site).map_err(no_port)?).await.map_err(no_port)
    }

    /// The address that a tenant is to be reached at by who asked at `asked`: its own port, its own host name, or
    /// for the default tenant the address asked at.
    pub(crate) fn address_of(&self, seat: &Seat, asked: &Address) -> Address {
        let name = seat.site.tenant.name();
        if let Some(own) = &seat.port {
            return Address::new(asked.is_secure(), &format!("localhost:{}", own.port));
        }
        if name == self.sites().default_site().tenant.name() {
            return asked.clone();
        }
        let port = asked.authority().rsplit_once(':').map_or("", |(_, port)| port);
        let port = if port.is_empty() || port.contains(']') { String::new() } else { format!(":{port}") };
        Address::new(asked.is_secure(), &format!("{name}.localhost{port}"))
    }
}

/// Whether it can stand before `.localhost` (RFC 1123 §2.1).
fn is_host_label(name: &str) -> bool {
    let inner = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    inner && !name.starts_with('-') && !name.ends_with('-') && (1..=63).contains(&name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_must_be_able_to_be_a_host_name() {
        for good in ["a", "acme-1", "0"] {
            assert!(is_host_label(good), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a.b", "a b", "ä", &"a".repeat(64)] {
            assert!(!is_host_label(bad), "{bad}");
        }
    }
}
