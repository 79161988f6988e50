//! An application. Source: spec/management-api.md §10, spec/tokens.md §1 and §6.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::ClientId;

/// A client. What rules read are fields; every other setting stays in `extra` as it came and goes out so again.
/// Serialized as the Management API shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Client {
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) client_id: ClientId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) app_type: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) global: bool,
    #[serde(default = "yes")]
    pub(crate) is_first_party: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) oidc_conformant: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) callbacks: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) allowed_logout_urls: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) web_origins: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) allowed_origins: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) initiate_login_uri: Option<String>,
    #[serde(default = "default_grant_types")]
    pub(crate) grant_types: Vec<String>,
    /// `client_secret_post`, `client_secret_basic`, `none`; absent takes either form of the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token_endpoint_auth_method: Option<String>,
    #[serde(default)]
    pub(crate) jwt_configuration: JwtConfiguration,
    #[serde(default)]
    pub(crate) refresh_token: RefreshTokenSettings,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

/// How the client's ID tokens are made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct JwtConfiguration {
    /// RS256, PS256 or HS256; absent is HS256 (spec/tokens.md §1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alg: Option<String>,
    /// The secret is base64url and its bytes are the key (old clients).
    #[serde(default)]
    pub(crate) secret_encoded: bool,
    #[serde(default = "default_lifetime")]
    pub(crate) lifetime_in_seconds: i64,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

/// How the client's refresh tokens live (spec/tokens.md §6). Lifetimes in seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RefreshTokenSettings {
    #[serde(default = "non_expiring")]
    pub(crate) expiration_type: String,
    #[serde(default)]
    pub(crate) leeway: i64,
    #[serde(default = "default_token_lifetime")]
    pub(crate) token_lifetime: i64,
    #[serde(default = "default_idle_token_lifetime")]
    pub(crate) idle_token_lifetime: i64,
    #[serde(default = "yes")]
    pub(crate) infinite_token_lifetime: bool,
    #[serde(default = "yes")]
    pub(crate) infinite_idle_token_lifetime: bool,
    #[serde(default = "non_rotating")]
    pub(crate) rotation_type: String,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

fn yes() -> bool {
    true
}

fn default_grant_types() -> Vec<String> {
    ["authorization_code", "implicit", "refresh_token", "client_credentials"].map(str::to_owned).to_vec()
}

fn default_lifetime() -> i64 {
    36_000
}

fn default_token_lifetime() -> i64 {
    2_592_000
}

fn default_idle_token_lifetime() -> i64 {
    1_296_000
}

fn non_expiring() -> String {
    "non-expiring".to_owned()
}

fn non_rotating() -> String {
    "non-rotating".to_owned()
}

impl Default for JwtConfiguration {
    fn default() -> Self {
        Self { alg: None, secret_encoded: false, lifetime_in_seconds: default_lifetime(), extra: Map::new() }
    }
}

impl Default for RefreshTokenSettings {
    fn default() -> Self {
        Self {
            expiration_type: non_expiring(),
            leeway: 0,
            token_lifetime: default_token_lifetime(),
            idle_token_lifetime: default_idle_token_lifetime(),
            infinite_token_lifetime: true,
            infinite_idle_token_lifetime: true,
            rotation_type: non_rotating(),
            extra: Map::new(),
        }
    }
}

impl RefreshTokenSettings {
    pub(crate) fn rotates(&self) -> bool {
        self.rotation_type == "rotating"
    }
}

impl Client {
    /// A public client has no secret to authenticate with (RFC 6749 §2.1).
    pub(crate) fn is_public(&self) -> bool {
        self.token_endpoint_auth_method.as_deref() == Some("none")
    }

    /// Whether it gets what the standard says and no more; clients of old say that they don't.
    pub(crate) fn is_oidc_conformant(&self) -> bool {
        self.oidc_conformant != Some(false)
    }

    /// Whether the grant type is enabled.
    pub(crate) fn may_use(&self, grant_type: &str) -> bool {
        self.grant_types.iter().any(|enabled| enabled == grant_type)
    }

    /// The algorithm of its ID tokens: HS256 when none was ever set (spec/tokens.md §1).
    pub(crate) fn id_token_algorithm(&self) -> &str {
        self.jwt_configuration.alg.as_deref().unwrap_or("HS256")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_settings_come_out_as_they_went_in() {
        let client: Client =
            serde_json::from_value(serde_json::json!({ "client_id": "a", "logo_uri": "https://app.example/l.png" }))
                .unwrap();
        assert_eq!(client.id_token_algorithm(), "HS256");
        assert_eq!(serde_json::to_value(&client).unwrap()["logo_uri"], "https://app.example/l.png");
    }
}
