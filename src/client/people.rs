//! People made to order, as the control API takes and gives them.

use crate::client::control::Control;
use crate::client::error::ClientError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A person to be made, at the database or at a fake provider. What is not given is made up.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewPerson {
    /// `database`, `ad` for the directory, the name of a SAML identity provider, or a fake provider: `google`, `facebook`, `github`, ….
    pub at: String,
    /// The connection, where it is not the usual one of that kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Attributes in that provider's own words; `null` leaves one out that would be made up.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub attributes: Map<String, Value>,
    /// The Facebook permissions that the person grants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<String>>,
    /// Metadata that the user may change (database).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_metadata: Option<Value>,
    /// Metadata that the user may not change (database).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_metadata: Option<Value>,
}

/// A person who was made.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    /// Where the account is: `database`, `google`, `facebook`, ….
    pub at: String,
    /// The provider's own id; for the database the `user_id`.
    pub id: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The password, where the account has one.
    pub password: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// The account in that provider's own words.
    #[serde(default)]
    pub profile: Map<String, Value>,
    /// The permissions that the account gives at a fake, if not told otherwise; all when there are none here.
    #[serde(default)]
    pub grants: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct PeopleList {
    people: Vec<Person>,
}

impl Control {
    /// The people at a fake (`google`, `facebook`, …), or at all of them, in the order in which they came to be.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is no such fake.
    pub async fn people(&self, at: Option<&str>) -> Result<Vec<Person>, ClientError> {
        let mut url = self.url("people")?;
        if let Some(at) = at {
            url.query_pairs_mut().append_pair("at", at);
        }
        let listed: PeopleList = self.transport.send(self.transport.get(&url)).await?.json()?;
        Ok(listed.people)
    }
}
