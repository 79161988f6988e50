//! A user as the tenant keeps it. Source: spec/profile.md §1 to §3.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::domain::document::Document;
use crate::domain::id::UserId;
use crate::domain::password::Password;
use crate::domain::profile::generated::Generated;
use crate::domain::strategy::Strategy;
use crate::time::Timestamp;

/// How many failed logins in a row, of one user from one address, block that pair.
pub(crate) const MOST_FAILURES: u32 = 10;

/// A user: what rules read as fields, everything else as compact JSON.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) user_id: UserId,
    /// Never empty; the first is the primary identity.
    pub(crate) identities: Vec<Identity>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: Option<bool>,
    pub(crate) username: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) phone_verified: Option<bool>,
    pub(crate) blocked: Option<bool>,
    pub(crate) user_metadata: Option<Document>,
    pub(crate) app_metadata: Option<Document>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) last_login: Option<Timestamp>,
    pub(crate) last_ip: Option<String>,
    pub(crate) logins_count: Option<u64>,
    pub(crate) last_password_reset: Option<Timestamp>,
    /// Of the primary identity, if that is of a database; never shown.
    pub(crate) password: Option<Password>,
    /// `name`, `given_name`, `family_name`, `nickname`, `picture` and every attribute that the provider passed through.
    pub(crate) attributes: Document,
    /// Which of the attributes nobody gave.
    pub(crate) generated: Generated,
}

/// One account that a user signs in with (spec/profile.md §3). Its serialized form is the Management API's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Identity {
    #[serde(rename = "profileData", skip_serializing_if = "Option::is_none", default)]
    pub(crate) profile_data: Option<Document>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) access_token_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) expires_in: Option<u64>,
    /// The connection's name.
    pub(crate) connection: String,
    /// The id within the provider: a number where the provider's ids are numbers (GitHub).
    pub(crate) user_id: IdentityId,
    pub(crate) provider: Strategy,
    #[serde(rename = "isSocial")]
    pub(crate) is_social: bool,
    /// Of a linked identity of a database (the primary one's is the user's); never shown.
    #[serde(skip)]
    pub(crate) password: Option<Password>,
}

/// A provider's id for a person, in the JSON type that the provider uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum IdentityId {
    Number(i64),
    Text(String),
}

impl std::fmt::Display for IdentityId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Identity {
    /// An identity of `strategy` with nothing but its names.
    pub(crate) fn new(strategy: Strategy, connection: &str, user_id: IdentityId) -> Self {
        Self {
            profile_data: None,
            access_token: None,
            access_token_secret: None,
            refresh_token: None,
            expires_in: None,
            connection: connection.to_owned(),
            user_id,
            provider: strategy,
            is_social: strategy.is_social(),
            password: None,
        }
    }

    /// Whether it is this provider's account of this id.
    pub(crate) fn is(&self, provider: Strategy, id: &str) -> bool {
        self.provider == provider && self.user_id.to_string() == id
    }

    /// What everybody may see of it.
    pub(crate) fn without_tokens(self) -> Self {
        Self { access_token: None, access_token_secret: None, refresh_token: None, expires_in: None, ..self }
    }

    /// `provider|id`: the user id that this identity has, or had before it was linked.
    pub(crate) fn as_user_id(&self) -> UserId {
        UserId::new(self.provider.as_str(), &self.user_id.to_string())
    }
}

/// Root attributes that are the tenant's own: no upstream ever sets them (spec/profile.md §6).
pub(crate) const OWN_ATTRIBUTES: &[&str] = &[
    "user_id",
    "identities",
    "created_at",
    "updated_at",
    "last_login",
    "last_ip",
    "logins_count",
    "last_password_reset",
    "app_metadata",
    "user_metadata",
    "blocked",
    "multifactor",
];

impl User {
    /// A user of one identity, with no attributes yet.
    pub(crate) fn new(identity: Identity, now: Timestamp) -> Self {
        Self {
            user_id: identity.as_user_id(),
            identities: vec![identity],
            email: None,
            email_verified: None,
            username: None,
            phone_number: None,
            phone_verified: None,
            blocked: None,
            user_metadata: None,
            app_metadata: None,
            created_at: now,
            updated_at: now,
            last_login: None,
            last_ip: None,
            logins_count: None,
            last_password_reset: None,
            password: None,
            attributes: Document::default(),
            generated: Generated::default(),
        }
    }

    /// The identity that the user began as.
    pub(crate) fn primary(&self) -> Option<&Identity> {
        self.identities.first()
    }

    /// All that the user is called: ids, address, user name, phone number.
    pub(crate) fn names(&self) -> Vec<String> {
        let profile = self.profile();
        let text = |name: &str| profile.get(name).and_then(Value::as_str).map(str::to_owned);
        let own = ["email", "username", "phone_number"].into_iter().filter_map(text);
        let identities = self.identities.iter().map(|identity| identity.as_user_id().to_string());
        std::iter::once(self.user_id.to_string()).chain(own).chain(identities).collect()
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked == Some(true)
    }

    /// The whole profile as the Management API shows it, without provider tokens; absent is absent.
    pub(crate) fn profile(&self) -> Map<String, Value> {
        let mut profile = self.attributes.parse();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                profile.insert(name.to_owned(), value);
            }
        };
        put("created_at", Some(self.created_at.to_string().into()));
        put("email", self.email.clone().map(Value::from));
        put("email_verified", self.email_verified.map(Value::from));
        put("identities", serde_json::to_value(self.identities_without_tokens()).ok());
        put("phone_number", self.phone_number.clone().map(Value::from));
        put("phone_verified", self.phone_verified.map(Value::from));
        put("updated_at", Some(self.updated_at.to_string().into()));
        put("user_id", Some(self.user_id.as_str().into()));
        put("username", self.username.clone().map(Value::from));
        put("blocked", self.blocked.map(Value::from));
        put("user_metadata", self.user_metadata.as_ref().map(|metadata| metadata.parse().into()));
        put("app_metadata", self.app_metadata.as_ref().map(|metadata| metadata.parse().into()));
        put("last_ip", self.last_ip.clone().map(Value::from));
        put("last_login", self.last_login.map(|at| at.to_string().into()));
        put("logins_count", self.logins_count.map(Value::from));
        put("last_password_reset", self.last_password_reset.map(|at| at.to_string().into()));
        profile
    }

    fn identities_without_tokens(&self) -> Vec<Identity> {
        self.identities.iter().cloned().map(Identity::without_tokens).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_value_is_absent_from_the_profile() {
        let identity = Identity::new(Strategy::AUTH0, "db", IdentityId::Text("1".into()));
        let profile = User::new(identity, Timestamp::from_seconds(0)).profile();
        let names: Vec<_> = profile.keys().map(String::as_str).collect();
        assert_eq!(names, ["created_at", "identities", "updated_at", "user_id"]);
        assert_eq!(
            profile["identities"][0],
            serde_json::json!({
                "connection": "db", "user_id": "1", "provider": "auth0", "isSocial": false
            })
        );
    }
}
