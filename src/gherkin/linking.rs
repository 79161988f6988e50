//! What linking accounts needs to know: which identity an account is, and how the last try went.

use crate::client::error::ClientError;
use crate::gherkin::document::Document;
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::reading::into_map;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use serde_json::{Map, Value};

/// How the last link or unlink went.
#[derive(Debug, Default)]
pub struct Linking {
    /// The identities that were answered.
    pub answer: Option<Vec<Value>>,
    /// The status of a refusal.
    pub status: Option<u16>,
}

/// An account as an identity of the tenant's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The `provider`.
    pub provider: String,
    /// The id within it.
    pub id: String,
}

impl Identity {
    /// The id of the user that the account is until it is linked.
    pub fn user_id(&self) -> String {
        format!("{}|{}", self.provider, self.id)
    }
}

impl Linking {
    /// The answer, its identities called by their places: `1.profileData.email`.
    ///
    /// # Errors
    /// A [`Failure`] when the last try was refused, or there was none.
    pub fn document(&self) -> Result<Document, Failure> {
        let none = || Failure::new("identities for an answer", "nothing was linked or unlinked");
        let identities = self.answer.as_ref().ok_or_else(none)?;
        let by_place = identities.iter().enumerate().map(|(place, identity)| (place.to_string(), identity.clone()));
        Ok(Document::new("the answer".to_owned(), by_place.collect()))
    }
}

impl World {
    /// The identity that somebody's account is.
    ///
    /// # Errors
    /// A [`Failure`] when no such account was made.
    pub fn identity(&mut self, provider: IdentityProvider, person: &Person) -> Result<Identity, Failure> {
        let none = || Failure::new(format!("a {} account of {person}", provider.name()), "none was made");
        let account = self.known(person).accounts.get(&provider).ok_or_else(none)?;
        let whole = match provider {
            IdentityProvider::Database => account.id.clone(),
            other => format!("{}|{}", other.connection(), account.id),
        };
        let (provider, id) = whole.split_once('|').unwrap_or_default();
        Ok(Identity { provider: provider.to_owned(), id: id.to_owned() })
    }

    /// The user that an account began as, read over the Management API.
    ///
    /// # Errors
    /// A [`Failure`] when there is no such user.
    pub async fn user_of(&mut self, provider: IdentityProvider, person: &Person) -> Result<Document, Failure> {
        let user_id = self.identity(provider, person)?.user_id();
        let user = self.management().await?.user(&user_id).await?;
        Ok(Document::new(format!("the user of the {} account of {person}", provider.name()), into_map(user)))
    }

    /// Remembers how a link or an unlink went.
    ///
    /// # Errors
    /// A [`Failure`] when the server was not to be understood.
    pub fn note_linking(&mut self, result: Result<Vec<Value>, ClientError>) -> Result<(), Failure> {
        (self.linking, self.refusal) = match result {
            Ok(identities) => (Linking { answer: Some(identities), status: None }, None),
            Err(error) => {
                let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
                let linking = Linking { answer: None, status: Some(refusal.status) };
                (linking, Some((refusal.code.clone(), refusal.message.clone())))
            }
        };
        Ok(())
    }

    /// The last link or unlink was not refused.
    ///
    /// # Errors
    /// A [`Failure`] that tells why it was.
    pub fn expect_linked(&self) -> Result<(), Failure> {
        match &self.refusal {
            None => Ok(()),
            Some((code, message)) => Err(Failure::new("to be done", format!("{code}: {message}"))),
        }
    }

    /// A body in which `{id of CONNECTION}` is the connection's id, and the rest as [`World::fill`] does it.
    ///
    /// # Errors
    /// A [`Failure`] when there is no tenant to be had.
    pub async fn fill_body(
        &mut self,
        person: &Person,
        body: Map<String, Value>,
    ) -> Result<Map<String, Value>, Failure> {
        let connections = self.management().await?.connections().await?;
        let mut filled = Map::new();
        for (name, value) in body {
            let value = self.fill(person, value).await?;
            let text =
                |connection: &Value, member: &str| connection.get(member).and_then(Value::as_str).map(str::to_owned);
            let named = value.as_str().and_then(|value| value.strip_prefix("{id of ")?.strip_suffix('}'));
            let found =
                named.and_then(|named| connections.iter().find(|one| text(one, "name").as_deref() == Some(named)));
            let id = found.and_then(|connection| text(connection, "id")).map(Value::from);
            filled.insert(name, id.unwrap_or(value));
        }
        Ok(filled)
    }
}
