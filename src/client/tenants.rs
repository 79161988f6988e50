//! The tenants of a server: forked for a test, listed, removed, put back to where they began.

use crate::client::control::Control;
use crate::client::error::ClientError;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What a fork is to be.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Fork {
    /// The tenant it is made from.
    pub from: String,
    /// Its name; made up if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it gets a port of its own; else it is reached by its host name.
    pub port: bool,
    /// Whether it gets LDAP ports.
    pub ldap: bool,
    /// Begins as that snapshot of `from` is, given by its id or name, instead of as `from` is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
}

/// A tenant, as the control API tells of it.
#[derive(Debug, Clone, Deserialize)]
pub struct TenantAddress {
    /// Its name, by which it is deleted.
    pub name: String,
    /// Its issuer, with the trailing slash.
    pub issuer: String,
    /// What an SDK takes as its domain.
    pub domain: String,
    /// Its host name.
    pub host: String,
    /// The port it answers at.
    pub port: Option<u16>,
    /// The port where its directory speaks LDAP, and TLS after `StartTLS`.
    #[serde(default)]
    pub ldap: Option<u16>,
    /// The port where its directory speaks LDAP over TLS.
    #[serde(default)]
    pub ldaps: Option<u16>,
}

#[derive(Deserialize)]
struct TenantList {
    tenants: Vec<TenantAddress>,
}

impl Control {
    /// The tenants there are.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not answer so.
    pub async fn tenants(&self) -> Result<Vec<TenantAddress>, ClientError> {
        let listed: TenantList = self.transport.send(self.transport.get(&self.url("tenants")?)).await?.json()?;
        Ok(listed.tenants)
    }

    /// Makes a tenant from another one.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is none to fork or the name is taken.
    pub async fn fork(&self, fork: &Fork) -> Result<TenantAddress, ClientError> {
        self.transport.send(self.transport.post(&self.url("tenants")?).json(fork)).await?.json()
    }

    /// Removes a fork.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is none of that name.
    pub async fn delete_tenant(&self, name: &str) -> Result<(), ClientError> {
        let request = self.transport.delete(&self.below(&["tenants", name])?);
        self.transport.send(request).await?.success().map(drop)
    }

    /// Puts the tenant asked back to its fixture.
    ///
    /// # Errors
    /// [`ClientError`] when it does not.
    pub async fn reset(&self) -> Result<(), ClientError> {
        let request = self.transport.post(&self.url("reset")?).json(&json!({}));
        self.transport.send(request).await?.success().map(drop)
    }
}
