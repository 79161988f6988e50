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

impl ClientGrant {
    /// Whether it is for calls of this kind: `client`, in the client's own name, or `user`, in that of people.
    pub(crate) fn is_for(&self, subject_type: &str) -> bool {
        self.subject_type.as_deref().unwrap_or("client") == subject_type
    }

    /// Whether it is for all that its API defines, now or later.
    pub(crate) fn allows_all_scopes(&self) -> bool {
        self.extra.get("allow_all_scopes") == Some(&Value::Bool(true))
    }
}

/// A person allowed a client some scopes at an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Consent {
    pub(crate) user_id: UserId,
    pub(crate) client_id: ClientId,
    pub(crate) audience: Option<String>,
    pub(crate) scope: Vec<String>,
}
