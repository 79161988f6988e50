//! Which root attributes `PATCH` may change, by the kind of the connection. Source: spec/caching.md §5.

use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::AttributeSync;
use crate::domain::connection::Connection;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::strategy::Kind;

/// Why a change is refused; the texts are the real service's, but where they are marked unverified in the spec.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UpdateError {
    #[error(
        "The following user attributes cannot be updated: {attributes}. The connection ({connection}) must either be a \
         database connection (using the Auth0 store), a passwordless connection (email or sms) or has disabled 'Sync \
         user profile attributes at each login'. For more information, see \
         https://auth0.com/docs/dashboard/guides/connections/configure-connection-sync"
    )]
    Locked { attributes: String, connection: String },
    #[error("Cannot update {0} for non-database user.")]
    NotOfDatabase(&'static str),
    #[error("Email verification is not supported for enterprise users.")]
    EnterpriseVerification,
    #[error("Cannot update {0} and {1} simultaneously.")]
    Together(&'static str, &'static str),
    #[error(
        "The following user attributes cannot be removed: {attributes}. The connection ({connection}) must either be a \
         custom database connection with import mode disabled, a social or enterprise connection."
    )]
    NotRemovable { attributes: String, connection: String },
    #[error(
        "The following user attributes cannot be removed: {attributes}. The connection ({connection}) should have \
         disabled 'Sync user profile attributes at each login' (see \
         https://auth0.com/docs/dashboard/guides/connections/configure-connection-sync) or defined these attributes in \
         'options.non_persistent_attrs' array (see https://auth0.com/docs/security/denylist-user-attributes)."
    )]
    StillSynced { attributes: String, connection: String },
    #[error("Payload validation error: 'Additional properties not allowed: {0}'.")]
    Unknown(String),
}

impl UpdateError {
    /// The `errorCode`; unverified but for the last.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) | Self::Together(..) => "invalid_body",
            _ => "operation_not_supported",
        }
    }
}

/// Properties of a `PATCH` that are no pass-through attributes.
const KNOWN: &[&str] = &[
    "connection",
    "client_id",
    "email",
    "email_verified",
    "username",
    "password",
    "phone_number",
    "phone_verified",
    "blocked",
    "verify_email",
    "verify_phone_number",
    "user_metadata",
    "app_metadata",
    "name",
    "given_name",
    "family_name",
    "nickname",
    "picture",
];

/// Pairs that one call must not change together.
const APART: &[(&str, &str)] = &[
    ("password", "email"),
    ("password", "email_verified"),
    ("username", "email"),
    ("username", "email_verified"),
    ("username", "password"),
];

/// Whether the changes may be made to a user whose primary identity is of `connection`.
///
/// # Errors
/// [`UpdateError`] for the first rule that is broken.
pub(crate) fn check(connection: &Connection, changes: &Map<String, Value>) -> Result<(), UpdateError> {
    let changed = |name: &str| changes.contains_key(name);
    if let Some((one, other)) = APART.iter().find(|(one, other)| changed(one) && changed(other)) {
        return Err(UpdateError::Together(one, other));
    }
    let kind = connection.strategy.kind();
    if matches!(kind, Kind::Social | Kind::Enterprise) {
        let databases_only = ["email", "username", "password", "phone_number", "phone_verified"];
        if let Some(name) = databases_only.into_iter().find(|name| changed(name)) {
            return Err(UpdateError::NotOfDatabase(name));
        }
        if kind == Kind::Enterprise && changed("email_verified") {
            return Err(UpdateError::EnterpriseVerification);
        }
        check_the_five(connection, changes)?;
    }
    if kind == Kind::Passwordless
        && let Some(name) = ["username", "password"].into_iter().find(|name| changed(name))
    {
        return Err(UpdateError::NotOfDatabase(name));
    }
    check_pass_through(connection, changes)
}

/// The five are the upstream's while they are synced.
fn check_the_five(connection: &Connection, changes: &Map<String, Value>) -> Result<(), UpdateError> {
    let mut locked: Vec<_> = THE_FIVE.iter().copied().filter(|name| changes.contains_key(*name)).collect();
    if locked.is_empty() || connection.attribute_sync() != AttributeSync::OnEachLogin {
        return Ok(());
    }
    locked.sort_unstable();
    Err(UpdateError::Locked { attributes: locked.join(", "), connection: connection.name.clone() })
}

/// Attributes that an upstream passed through can be removed, never set.
fn check_pass_through(connection: &Connection, changes: &Map<String, Value>) -> Result<(), UpdateError> {
    let others: Vec<_> = changes.iter().filter(|(name, _)| !KNOWN.contains(&name.as_str())).collect();
    if let Some((name, _)) = others.iter().find(|(_, value)| !value.is_null()) {
        return Err(UpdateError::Unknown((*name).clone()));
    }
    let removed: Vec<_> = others.iter().map(|(name, _)| name.as_str()).collect();
    if removed.is_empty() {
        return Ok(());
    }
    let (attributes, name) = (removed.join(", "), connection.name.clone());
    let custom = connection.flag_option("enabledDatabaseCustomization") && !connection.flag_option("import_mode");
    if !matches!(connection.strategy.kind(), Kind::Social | Kind::Enterprise) && !custom {
        return Err(UpdateError::NotRemovable { attributes, connection: name });
    }
    let denied = |attribute: &&str| connection.non_persistent_attributes().any(|denied| denied == *attribute);
    if connection.attribute_sync() == AttributeSync::OnEachLogin && !removed.iter().all(denied) {
        return Err(UpdateError::StillSynced { attributes, connection: name });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn refusal(strategy: &str, options: Value, changes: Value) -> Option<String> {
        let connection = json!({ "id": "con_1", "name": "conn", "strategy": strategy, "options": options });
        let connection: Connection = serde_json::from_value(connection).unwrap();
        check(&connection, changes.as_object().unwrap()).err().map(|error| error.to_string())
    }

    #[test]
    fn a_database_user_is_the_tenants_to_change() {
        let changes = json!({ "name": "X", "nickname": null, "email": "x@people.example", "user_metadata": {} });
        assert_eq!(refusal("auth0", json!({}), changes), None);
        assert!(refusal("auth0", json!({}), json!({ "password": "x", "email": "y" })).is_some());
        assert!(refusal("auth0", json!({}), json!({ "foo": 1 })).unwrap().contains("not allowed: foo"));
        assert!(refusal("auth0", json!({}), json!({ "foo": null })).unwrap().contains("cannot be removed: foo"));
    }

    #[test]
    fn the_five_are_locked_while_they_are_synced() {
        let changes = json!({ "picture": "p", "name": "n" });
        let locked = refusal("facebook", json!({}), changes.clone()).unwrap();
        assert!(
            locked.starts_with("The following user attributes cannot be updated: name, picture. The connection (conn)")
        );
        assert_eq!(refusal("facebook", json!({ "set_user_root_attributes": "on_first_login" }), changes), None);
        assert_eq!(
            refusal("facebook", json!({}), json!({ "email": "x" })).as_deref(),
            Some("Cannot update email for non-database user.")
        );
    }

    #[test]
    fn pass_through_attributes_can_be_removed_where_they_do_not_come_back() {
        assert!(refusal("facebook", json!({}), json!({ "hometown": null })).unwrap().contains("should have disabled"));
        assert_eq!(
            refusal("facebook", json!({ "non_persistent_attrs": ["hometown"] }), json!({ "hometown": null })),
            None
        );
    }

    #[test]
    fn only_social_users_can_be_verified_by_hand() {
        assert_eq!(refusal("facebook", json!({}), json!({ "email_verified": true })), None);
        assert!(refusal("oidc", json!({}), json!({ "email_verified": true })).is_some());
    }
}
