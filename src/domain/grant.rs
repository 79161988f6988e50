//! What clients were granted: by the tenant (client grants) and by people (consent). Source: spec/management-api.md §11.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::ClientGrantId;
use crate::domain::id::ClientId;
use crate::domain::id::UserId;

/// A client may call an API in its own name. Serialized as the Management API shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ClientGrant {
    pub(crate) id: ClientGrantId,
    pub(crate) client_id: ClientId,
    /// A resource server's identifier.
    pub(crate) audience: String,
    #[serde(default)]
    pub(crate) scope: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject_type: Option<String>,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

/// A person allowed a client some scopes at an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Consent {
    pub(crate) user_id: UserId,
    pub(crate) client_id: ClientId,
    pub(crate) audience: Option<String>,
    pub(crate) scope: Vec<String>,
}
