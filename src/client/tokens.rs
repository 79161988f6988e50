//! What the token endpoint gives out. Source: spec/authentication-api.md §3.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the token endpoint gave out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tokens {
    /// The access token, opaque or a JWT.
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
    /// The whole answer, as it came.
    pub fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        }
    }
}
