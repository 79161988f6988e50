//! Roles, and what they and people permit. Source: spec/management-api.md §12, spec/tokens.md §7.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;

use crate::domain::id::RoleId;

/// How many roles a tenant has at most.
pub(crate) const MOST_ROLES: usize = 1000;

/// How many roles a user has at most.
pub(crate) const MOST_ROLES_OF_USER: usize = 50;

/// How many permissions a role has at most, and a user of their own.
pub(crate) const MOST_PERMISSIONS: usize = 1000;

/// A role. Serialized as the Management API shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) id: RoleId,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(skip)]
    pub(crate) permissions: BTreeSet<Right>,
}

/// The permission to use a scope of an API. In the order of APIs, then of names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Right {
    /// The API's identifier, as the tenant keeps it.
    pub(crate) api: String,
    /// The scope.
    pub(crate) name: String,
}
