//! Organizations and who belongs to them. Source: spec/management-api.md §12.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::ConnectionId;
use crate::domain::id::OrganizationId;
use crate::domain::id::RoleId;
use crate::domain::id::UserId;

/// An organization. Serialized as the Management API shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Organization {
    pub(crate) id: OrganizationId,
    /// Unique in the tenant, in lower case.
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
    /// The connections that its members sign in with. The Management API shows them by calls of their own.
    #[serde(skip)]
    pub(crate) connections: Vec<EnabledConnection>,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

/// A connection of an organization (spec/management-api.md §12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnabledConnection {
    pub(crate) connection_id: ConnectionId,
    /// Who signs in with it to the organization becomes a member.
    pub(crate) assign_membership_on_login: bool,
    pub(crate) is_signup_enabled: bool,
    pub(crate) show_as_button: bool,
}

impl EnabledConnection {
    /// A connection as it is enabled when nothing else is said.
    pub(crate) fn of(connection_id: ConnectionId) -> Self {
        Self { connection_id, assign_membership_on_login: false, is_signup_enabled: false, show_as_button: true }
    }
}

impl Organization {
    /// Whether people may sign in to it with the connection: with any, as long as none is enabled (unverified).
    pub(crate) fn takes(&self, id: &ConnectionId) -> bool {
        self.connections.is_empty() || self.connection(id).is_some()
    }

    /// The connection, if it is enabled for the organization.
    pub(crate) fn connection(&self, id: &ConnectionId) -> Option<&EnabledConnection> {
        self.connections.iter().find(|enabled| enabled.connection_id == *id)
    }
}

/// A user's place in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Membership {
    pub(crate) organization_id: OrganizationId,
    pub(crate) user_id: UserId,
    /// The roles that the user has in this organization alone. One that was deleted may still be named.
    pub(crate) roles: BTreeSet<RoleId>,
}

/// `^[a-z0-9][a-z0-9_-]*$`, from one to fifty characters.
pub(crate) fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let begins = name.bytes().next().is_some_and(is_letter);
    begins && name.len() <= 50 && name.bytes().all(|byte| is_letter(byte) || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_for_addresses() {
        for good in ["a", "acme-inc", "7_up"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", "Acme", "a b", "ä"] {
            assert!(!is_name(bad), "{bad}");
        }
        assert!(!is_name(&"a".repeat(51)));
    }
}
