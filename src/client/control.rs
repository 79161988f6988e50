//! The control API, typed: tenants for tests, their clock, people made to order. Source: design.md §6.

use crate::client::answer::Answer;
use crate::client::error::ClientError;
use crate::client::mail::Mail;
use crate::client::people::{NewPerson, Person};
use crate::client::traces::UserTraces;
use crate::client::transport::{Transport, address, below};
use reqwest::{Method, RequestBuilder};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::time::Duration;
use tokio::time::{interval, timeout};
use url::Url;

/// How often a server that is not ready yet is asked again.
const PACE: Duration = Duration::from_millis(50);

/// The control API of the tenant that answers at one address.
#[derive(Debug, Clone)]
pub struct Control {
    pub(crate) transport: Transport,
    base: Url,
}

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
    /// Its LDAP ports, where it has some.
    #[serde(default)]
    pub ldap: Value,
}

#[derive(Deserialize)]
struct Outbox {
    messages: Vec<Mail>,
}

#[derive(Deserialize)]
struct TenantList {
    tenants: Vec<TenantAddress>,
}

/// A tenant's clock.
#[derive(Debug, Clone, Deserialize)]
pub struct ClockState {
    /// The time there, in ISO 8601.
    pub now: String,
    /// Whether it stands still.
    pub frozen: bool,
}

impl Control {
    /// The control API at a server's or a tenant's address.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when `base` is no address.
    pub fn at(transport: Transport, base: impl AsRef<str>) -> Result<Self, ClientError> {
        Ok(Self { transport, base: address(base.as_ref())? })
    }

    /// Whether the server is ready.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] or [`ClientError::Refused`] when it is not.
    pub async fn health(&self) -> Result<(), ClientError> {
        let request = self.transport.get(&self.url("health")?);
        self.transport.send(request).await?.success().map(drop)
    }

    /// Waits until the server is ready.
    ///
    /// # Errors
    /// What the last try said, when it is not ready within `patience`.
    pub async fn until_ready(&self, patience: Duration) -> Result<(), ClientError> {
        let mut pace = interval(PACE);
        let tries = async {
            while self.health().await.is_err() {
                pace.tick().await;
            }
        };
        match timeout(patience, tries).await {
            Ok(()) => Ok(()),
            Err(_) => self.health().await,
        }
    }

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

    /// The tenant's clock.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not answer so.
    pub async fn clock(&self) -> Result<ClockState, ClientError> {
        self.transport.send(self.transport.get(&self.url("clock")?)).await?.json()
    }

    /// Stops the tenant's clock, at `now` (ISO 8601) if given, or lets it run again.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when `now` is no time.
    pub async fn set_clock(&self, frozen: bool, now: Option<&str>) -> Result<ClockState, ClientError> {
        let mut body = Map::from_iter([("frozen".to_owned(), json!(frozen))]);
        body.extend(now.map(|now| ("now".to_owned(), json!(now))));
        self.transport.send(self.transport.put(&self.url("clock")?).json(&body)).await?.json()
    }

    /// Moves the tenant's clock on by an ISO 8601 duration such as `PT25H`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when `by` is no duration.
    pub async fn advance(&self, by: &str) -> Result<ClockState, ClientError> {
        let request = self.transport.post(&self.url("clock/advance")?).json(&json!({ "by": by }));
        self.transport.send(request).await?.json()
    }

    /// Makes a person.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the account can't be made so.
    pub async fn add_person(&self, person: &NewPerson) -> Result<Person, ClientError> {
        self.transport.send(self.transport.post(&self.url("people")?).json(person)).await?.json()
    }

    /// Changes somebody's account at a provider; `null` removes an attribute.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is no such account.
    pub async fn change_person(
        &self,
        person: &Person,
        attributes: &Map<String, Value>,
        grants: Option<&[String]>,
    ) -> Result<Person, ClientError> {
        let mut body = Map::from_iter([("attributes".to_owned(), json!(attributes))]);
        body.extend(grants.map(|grants| ("grants".to_owned(), json!(grants))));
        let request = self.transport.patch(&self.of_person(person)?).json(&body);
        self.transport.send(request).await?.json()
    }

    /// How a user's attributes came about: what is made up, and what became of each attribute at the last logins.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is no such user.
    pub async fn traces(&self, user_id: &str) -> Result<UserTraces, ClientError> {
        self.transport.send(self.transport.get(&self.below(&["traces", user_id])?)).await?.json()
    }

    /// Removes somebody's account.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is no such account.
    pub async fn remove_person(&self, person: &Person) -> Result<(), ClientError> {
        let request: RequestBuilder = self.transport.delete(&self.of_person(person)?);
        self.transport.send(request).await?.success().map(drop)
    }

    /// The mails that the tenant sent, newest first; `query` is what follows the `?`: `to`, `template`, `after`, `wait`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the query is wrong.
    pub async fn outbox(&self, query: &[(&str, &str)]) -> Result<Vec<Mail>, ClientError> {
        let mut url = self.url("outbox")?;
        url.query_pairs_mut().extend_pairs(query);
        let outbox: Outbox = self.transport.send(self.transport.get(&url)).await?.json()?;
        Ok(outbox.messages)
    }

    /// Throws the mails away.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not.
    pub async fn clear_outbox(&self) -> Result<(), ClientError> {
        let request = self.transport.delete(&self.url("outbox")?);
        self.transport.send(request).await?.success().map(drop)
    }

    /// Sends a request to the tenant itself, with an empty form and no credentials. Any status is an answer.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] when there is no whole answer.
    pub async fn ask_tenant(&self, method: &str, path: &str) -> Result<Answer, ClientError> {
        let unusable = |_| ClientError::Unusable { what: format!("{method:?}"), cause: "it is no method".to_owned() };
        let method = Method::from_bytes(method.as_bytes()).map_err(unusable)?;
        self.transport.send(self.transport.request(method, &below(&self.base, path)?)).await
    }

    fn of_person(&self, person: &Person) -> Result<Url, ClientError> {
        self.below(&["people", &person.at, &person.id])
    }

    pub(crate) fn url(&self, path: &str) -> Result<Url, ClientError> {
        below(&self.base, &format!("/_impostor/{path}"))
    }

    /// A path whose parts may hold anything.
    pub(crate) fn below(&self, parts: &[&str]) -> Result<Url, ClientError> {
        let mut url = self.url("")?;
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        Ok(url)
    }
}
