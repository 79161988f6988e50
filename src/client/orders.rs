//! Tokens without a login, as the control API makes them.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use impostor::client::control::Control;
//! use impostor::client::orders::TokenOrder;
//! use impostor::client::transport::Transport;
//! use impostor::harness::Impostor;
//!
//! let impostor = Impostor::start().await?;
//! let control = Control::at(Transport::new()?, impostor.url())?;
//! let order = TokenOrder::of("alice@acme.example").audience("https://api.acme.example/").scope("read:orders");
//! let tokens = control.make_tokens(&order).await?;
//! assert_eq!(tokens.access_token_claims.unwrap_or_default()["scope"], "read:orders");
//!
//! // What an API must turn away:
//! let expired = control.make_tokens(&order.wrong("expired")).await?;
//! assert!(expired.access_token.is_some());
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

use crate::client::control::Control;
use crate::client::error::ClientError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What can be wrong with tokens on purpose.
pub const WRONG: &[&str] = &[
    "expired",
    "not_yet_valid",
    "wrong_issuer",
    "wrong_audience",
    "missing_subject",
    "missing_expiry",
    "wrong_nonce",
    "wrong_type",
    "unknown_key",
    "wrong_key",
    "algorithm_none",
    "algorithm_confusion",
    "wrong_algorithm",
    "broken_signature",
    "tampered",
    "truncated",
];

/// Which tokens are to be made. A person, a client or both must be given.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TokenOrder {
    /// Whose: a `user_id`, an e-mail address, a username, or `FAKE:ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The `client_id` or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The API's identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The scopes as they are to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The organization's id or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Permissions in the place of the person's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
    /// Claims put into the access token; `null` takes one out.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub claims: Map<String, Value>,
    /// Claims put into the ID token; `null` takes one out.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub id_token_claims: Map<String, Value>,
    /// The `nonce` of the ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// How long ago they were issued, in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<String>,
    /// How long they live, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<i64>,
    /// What is to be wrong: one of [`WRONG`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrong: Option<String>,
}

impl TokenOrder {
    /// A person's tokens.
    pub fn of(person: impl Into<String>) -> Self {
        Self { person: Some(person.into()), ..Self::default() }
    }

    /// A client's own token.
    pub fn of_client(client: impl Into<String>) -> Self {
        Self { client: Some(client.into()), ..Self::default() }
    }

    /// By this client.
    #[must_use]
    pub fn at(self, client: impl Into<String>) -> Self {
        Self { client: Some(client.into()), ..self }
    }

    /// For this API.
    #[must_use]
    pub fn audience(self, audience: impl Into<String>) -> Self {
        Self { audience: Some(audience.into()), ..self }
    }

    /// With these scopes.
    #[must_use]
    pub fn scope(self, scope: impl Into<String>) -> Self {
        Self { scope: Some(scope.into()), ..self }
    }

    /// With this claim in the access token.
    #[must_use]
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// Wrong in this way.
    #[must_use]
    pub fn wrong(self, wrong: impl Into<String>) -> Self {
        Self { wrong: Some(wrong.into()), ..self }
    }
}

/// Tokens made to order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokensMade {
    /// None where an opaque one was asked to be wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// With a person and the scope `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// Seconds from its issue.
    pub expires_in: i64,
    /// The scopes.
    pub scope: String,
    /// The claims of the access token, if it is a JWT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_claims: Option<Map<String, Value>>,
    /// The claims of the ID token, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_claims: Option<Map<String, Value>>,
}

impl Control {
    /// Makes tokens without a login.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is no such person, client, API or organization, or the order makes no sense.
    pub async fn make_tokens(&self, order: &TokenOrder) -> Result<TokensMade, ClientError> {
        self.transport.send(self.transport.post(&self.url("tokens")?).json(order)).await?.json()
    }
}
