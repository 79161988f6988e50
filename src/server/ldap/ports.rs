//! Where the directory of a tenant speaks LDAP.

use std::net::Ipv4Addr;
use std::net::SocketAddr;

use crate::server::binding::BindError;
use crate::server::config::LdapAddress;
use crate::server::ldap::listener::LdapListener;
use crate::server::ldap::listener::Scheme;
use crate::server::ldap::listener::Serving;

/// The open ports of one directory. Dropping them closes them.
#[derive(Debug)]
pub(crate) struct LdapPorts {
    ldap: Option<LdapListener>,
    ldaps: Option<LdapListener>,
}

impl LdapPorts {
    /// Opens the server's own ports. One that nobody asked for may be taken: then it is left out, with a warning.
    ///
    /// # Errors
    /// [`BindError`] when a port that was asked for can't be opened.
    pub(crate) async fn open(
        ldap: Option<LdapAddress>,
        ldaps: Option<LdapAddress>,
        serving: Serving,
    ) -> Result<Self, BindError> {
        let ldap = open(ldap, Scheme::Ldap, serving.clone()).await?;
        Ok(Self { ldap, ldaps: open(ldaps, Scheme::Ldaps, serving).await? })
    }

    /// Opens ports of a fork's own.
    ///
    /// # Errors
    /// [`BindError`] when no port is left.
    pub(crate) async fn open_own(serving: Serving) -> Result<Self, BindError> {
        let ldap = LdapListener::open_own(Scheme::Ldap, serving.clone()).await?;
        Ok(Self { ldap: Some(ldap), ldaps: Some(LdapListener::open_own(Scheme::Ldaps, serving).await?) })
    }

    /// The port for LDAP and `StartTLS`.
    pub(crate) fn ldap(&self) -> Option<u16> {
        self.ldap.as_ref().map(|listener| listener.local().port())
    }

    /// The port for TLS from the start.
    pub(crate) fn ldaps(&self) -> Option<u16> {
        self.ldaps.as_ref().map(|listener| listener.local().port())
    }

    /// Where clients reach LDAP and `StartTLS`.
    pub(crate) fn ldap_url(&self) -> Option<String> {
        self.ldap.as_ref().map(|listener| format!("ldap://{}", authority(listener.local())))
    }

    /// Where clients reach TLS from the start.
    pub(crate) fn ldaps_url(&self) -> Option<String> {
        self.ldaps.as_ref().map(|listener| format!("ldaps://{}", authority(listener.local())))
    }

    /// The addresses to give to clients.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.ldap_url().into_iter().chain(self.ldaps_url()).collect()
    }

    /// Closes them and waits for requests under way.
    pub(crate) async fn close(&self) {
        for listener in [&self.ldap, &self.ldaps].into_iter().flatten() {
            listener.close().await;
        }
    }
}

/// How clients on this machine reach a port. By its number: `OpenLDAP`'s tools take the machine's own name for
/// `localhost`, and don't find that in the certificate.
fn authority(local: SocketAddr) -> SocketAddr {
    let ip = if local.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { local.ip() };
    SocketAddr::new(ip, local.port())
}

async fn open(
    wanted: Option<LdapAddress>,
    scheme: Scheme,
    serving: Serving,
) -> Result<Option<LdapListener>, BindError> {
    let Some(wanted) = wanted else { return Ok(None) };
    let flag = match scheme {
        Scheme::Ldap => "--ldap",
        Scheme::Ldaps => "--ldaps",
    };
    match LdapListener::open(wanted.address, scheme, serving).await.map_err(|error| error.by_flag(flag)) {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if wanted.asked_for => Err(error),
        Err(error) => {
            tracing::warn!("the directory is not served there: {error}");
            Ok(None)
        }
    }
}
