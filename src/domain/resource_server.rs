//! An API that access tokens are made for. Source: spec/management-api.md §11, spec/tokens.md §3.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::ResourceServerId;

/// A resource server. Lifetimes in seconds. Serialized as the Management API shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ResourceServer {
    pub(crate) id: ResourceServerId,
    #[serde(default)]
    pub(crate) name: String,
    /// The audience; unique in the tenant.
    pub(crate) identifier: String,
    #[serde(default)]
    pub(crate) is_system: bool,
    #[serde(default)]
    pub(crate) scopes: Vec<Permission>,
    /// RS256, PS256 or HS256.
    #[serde(default = "default_signing_alg")]
    pub(crate) signing_alg: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signing_secret: Option<String>,
    #[serde(default)]
    pub(crate) allow_offline_access: bool,
    #[serde(default)]
    pub(crate) skip_consent_for_verifiable_first_party_clients: bool,
    #[serde(default = "default_token_lifetime")]
    pub(crate) token_lifetime: i64,
    #[serde(default = "default_token_lifetime_for_web")]
    pub(crate) token_lifetime_for_web: i64,
    /// RBAC: scopes are limited to the user's permissions.
    #[serde(default)]
    pub(crate) enforce_policies: bool,
    /// `access_token`, `access_token_authz`, `rfc9068_profile` or `rfc9068_profile_authz`.
    #[serde(default = "default_token_dialect")]
    pub(crate) token_dialect: String,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

/// A scope that an API defines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Permission {
    pub(crate) value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
}

fn default_signing_alg() -> String {
    "RS256".to_owned()
}

fn default_token_lifetime() -> i64 {
    86_400
}

fn default_token_lifetime_for_web() -> i64 {
    7_200
}

fn default_token_dialect() -> String {
    "access_token".to_owned()
}

impl ResourceServer {
    /// Whether no client may call it in its own name, whatever grants there are.
    pub(crate) fn denies_clients(&self) -> bool {
        let policies = self.extra.get("subject_type_authorization");
        policies.and_then(|policies| policies.pointer("/client/policy")) == Some(&Value::from("deny_all"))
    }

    pub(crate) fn defines(&self, scope: &str) -> bool {
        self.scopes.iter().any(|permission| permission.value == scope)
    }
}

/// Where in an issuer's address space its Management API is: the audience is `ISSUERapi/v2/` (spec/tokens.md §3).
pub(crate) const MANAGEMENT_PATH: &str = "api/v2/";

/// The identifier under which the tenant keeps the Management API, whatever address it is asked at.
/// It stands for `ISSUER` + [`MANAGEMENT_PATH`] of the request.
pub(crate) const MANAGEMENT_IDENTIFIER: &str = "urn:impostor:management-api";
