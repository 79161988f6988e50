//! Roles. Source: spec/management-api.md §12.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::id::RoleId;

/// A role. Serialized as the Management API shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) id: RoleId,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
}
