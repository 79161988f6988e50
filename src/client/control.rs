//! The control API, typed: whether the server is ready, people made to order, the outbox. More of it beside, a file a
//! capability. Source: design.md §6.

use crate::client::answer::Answer;
use crate::client::error::ClientError;
use crate::client::mail::Mail;
use crate::client::people::{NewPerson, Person};
use crate::client::traces::UserTraces;
use crate::client::transport::{Transport, address, below};
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
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

#[derive(Deserialize)]
struct Outbox {
    messages: Vec<Mail>,
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
