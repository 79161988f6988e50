//! What the token endpoint gives out, or a callback that gets tokens itself. Source: spec/authentication-api.md §3.

use crate::client::callback::Callback;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an app was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tokens {
    /// The access token, opaque or a JWT; empty where an app asked for an ID token alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub access_token: String,
    /// The ID token, where `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The refresh token, where `offline_access` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// `Bearer`.
    pub token_type: String,
    /// How long the access token lives.
    pub expires_in: u64,
    /// The scopes granted, where they differ from those asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Whatever else came.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Tokens {
    /// What came to the app's callback itself, by a flow without a code.
    pub fn of_callback(callback: &Callback) -> Self {
        let text = |name: &str| callback.get(name).map(str::to_owned);
        Self {
            access_token: text("access_token").unwrap_or_default(),
            id_token: text("id_token"),
            refresh_token: None,
            token_type: text("token_type").unwrap_or_default(),
            expires_in: text("expires_in").and_then(|seconds| seconds.parse().ok()).unwrap_or_default(),
            scope: text("scope"),
            other: Map::new(),
        }
    }

    /// The whole answer, as it came.
    pub fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        }
    }
}
