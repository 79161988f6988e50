//! Which root attributes `PATCH` may change: it depends on who keeps the users of the connection.
//! Source: spec/caching.md §5. The texts are the real service's.

use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::AttributeSync;
use crate::domain::connection::Connection;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::keeper::BY_KEEPER;
use crate::domain::profile::keeper::Keeper;
use crate::domain::user::Identity;
use crate::domain::user::User;

/// Why a change is refused. Display is the text of the 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UpdateError {
    #[error("Cannot update {0} and {1} simultaneously.")]
    Together(&'static str, &'static str),
    #[error("Cannot update email for non-database user.")]
    Email,
    #[error("Email verification is not supported for enterprise users.")]
    EnterpriseVerification,
    /// For attributes that have no text of their own (which text they get is unverified).
    #[error("Connection is not supported for this operation.")]
    NotSupported,
    #[error(
        "The following user attributes cannot be updated: {attributes}. The connection ({connection}) must either be a \
         database connection (using the Auth0 store), a passwordless connection (email or sms) or has disabled 'Sync \
         user profile attributes at each login'."
    )]
    Synced { attributes: String, connection: String },
    #[error(
        "The following user attributes cannot be updated: {0}. The specified connection belongs to a secondary identity."
    )]
    Secondary(String),
    #[error(
        "The following user attributes cannot be removed: {attributes}. The connection ({connection}) must either be a \
         custom database connection with import mode disabled, a social or enterprise connection."
    )]
    NotRemovable { attributes: String, connection: String },
    #[error(
        "The following user attributes cannot be removed: {attributes}. The connection ({connection}) should have \
         disabled 'Sync user profile attributes at each login' (see \
         <a href='https://auth0.com/docs/users/configure-connection-sync-with-auth0'>Configuring Connection Sync with \
         Auth0</a>) or defined these attributes in 'options.non_persistent_attrs' array (see \
         <a href='https://auth0.com/docs/security/denylist-user-attributes'>Add User Attributes to DenyList</a>)."
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

/// Properties of a `PATCH` that no keeper locks.
const ALWAYS_OPEN: &[&str] =
    &["connection", "client_id", "blocked", "verify_email", "verify_phone_number", "user_metadata", "app_metadata"];

/// Pairs that one call must not change together.
const APART: &[(&str, &str)] = &[
    ("password", "email"),
    ("password", "email_verified"),
    ("username", "email"),
    ("username", "email_verified"),
    ("username", "password"),
];

/// Whether the changes concern the connection at all: metadata and blocks can be changed even when that is gone.
pub(crate) fn concerns_connection(changes: &Map<String, Value>) -> bool {
    changes.keys().any(|name| !ALWAYS_OPEN.contains(&name.as_str()))
}

/// The linked identity whose connection the changes name; none when they mean the primary one.
pub(crate) fn linked_target<'a>(user: &'a User, changes: &Map<String, Value>) -> Option<&'a Identity> {
    let specified = changes.get("connection").and_then(Value::as_str)?;
    let is_specified = |identity: &&Identity| identity.connection == specified;
    let found = user.identities.iter().find(is_specified)?;
    user.primary().filter(|primary| *primary != found).map(|_| found)
}

/// Whether the changes, a body of `PATCH`, may be made to a user. `connection` is that of the identity they mean, as
/// [`linked_target`] tells.
///
/// # Errors
/// [`UpdateError`] for the first rule that is broken.
pub(crate) fn check(user: &User, connection: &Connection, changes: &Map<String, Value>) -> Result<(), UpdateError> {
    let is_changed = |name: &str| changes.contains_key(name);
    if let Some((one, other)) = APART.iter().find(|(one, other)| is_changed(one) && is_changed(other)) {
        return Err(UpdateError::Together(one, other));
    }
    let keeper = Keeper::of(connection);
    if linked_target(user, changes).is_some() {
        check_root_untouched(changes)?;
        return check_kept(connection, keeper, changes);
    }
    check_specified(connection, changes)?;
    check_kept(connection, keeper, changes)?;
    check_the_five(connection, keeper, changes)?;
    check_others(connection, keeper, changes)
}

/// Attributes that one keeper lets be changed and another doesn't.
fn check_kept(connection: &Connection, keeper: Keeper, changes: &Map<String, Value>) -> Result<(), UpdateError> {
    for (name, keepers) in BY_KEEPER.iter().filter(|(name, _)| changes.contains_key(*name)) {
        let is_missing_identifier =
            keeper == Keeper::Store && name.starts_with("phone_") && !connection.identifies_by("phone_number");
        if !keepers.contains(&keeper) || is_missing_identifier {
            return Err(match *name {
                "email" => UpdateError::Email,
                "email_verified" if keeper == Keeper::Enterprise => UpdateError::EnterpriseVerification,
                _ => UpdateError::NotSupported,
            });
        }
    }
    Ok(())
}

/// The root is the primary identity's: a call that names a linked one's connection does not change it.
fn check_root_untouched(changes: &Map<String, Value>) -> Result<(), UpdateError> {
    let mut roots = the_five_of(changes);
    roots.extend(changes.keys().map(String::as_str).filter(|name| !is_known(name)));
    if roots.is_empty() { Ok(()) } else { Err(UpdateError::Secondary(roots.join(", "))) }
}

/// A connection that the call names must be one of the user's, where it matters.
fn check_specified(primary: &Connection, changes: &Map<String, Value>) -> Result<(), UpdateError> {
    let specified = changes.get("connection").and_then(Value::as_str);
    let is_kept = BY_KEEPER.iter().any(|(name, _)| changes.contains_key(*name));
    let is_foreign = specified.is_some_and(|specified| specified != primary.name);
    if is_foreign && is_kept { Err(UpdateError::NotSupported) } else { Ok(()) }
}

/// The five are the upstream's while they are synced.
fn check_the_five(connection: &Connection, keeper: Keeper, changes: &Map<String, Value>) -> Result<(), UpdateError> {
    let five = the_five_of(changes);
    if five.is_empty() || !keeper.is_upstream() || connection.attribute_sync() != AttributeSync::EachLogin {
        return Ok(());
    }
    Err(UpdateError::Synced { attributes: five.join(", "), connection: connection.name.clone() })
}

fn is_known(name: &str) -> bool {
    THE_FIVE.contains(&name) || ALWAYS_OPEN.contains(&name) || BY_KEEPER.iter().any(|(known, _)| *known == name)
}

fn the_five_of(changes: &Map<String, Value>) -> Vec<&'static str> {
    let mut five: Vec<_> = THE_FIVE.iter().copied().filter(|name| changes.contains_key(*name)).collect();
    five.sort_unstable();
    five
}

/// Attributes that an upstream passed through can be removed, never set.
fn check_others(connection: &Connection, keeper: Keeper, changes: &Map<String, Value>) -> Result<(), UpdateError> {
    let others: Vec<_> = changes.iter().filter(|(name, _)| !is_known(name)).collect();
    if let Some((name, _)) = others.iter().find(|(_, value)| !value.is_null()) {
        return Err(UpdateError::Unknown((*name).clone()));
    }
    let removed: Vec<_> = others.iter().map(|(name, _)| name.as_str()).collect();
    let (attributes, name) = (removed.join(", "), connection.name.clone());
    if !removed.is_empty() && !keeper.is_upstream() {
        return Err(UpdateError::NotRemovable { attributes, connection: name });
    }
    let denied = |attribute: &&str| connection.non_persistent_attributes().any(|denied| denied == *attribute);
    if connection.attribute_sync() == AttributeSync::EachLogin && !removed.iter().all(denied) {
        return Err(UpdateError::StillSynced { attributes, connection: name });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::strategy::Strategy;
    use crate::domain::user::IdentityId;
    use crate::time::Timestamp;

    /// Asks about a user of the connection `conn`, to whom one of `google-oauth2` is linked.
    #[track_caller]
    fn check_one(strategy: &str, options: Value, changes: Value, expected: Option<&str>) {
        let connection = json!({ "id": "con_1", "name": "conn", "strategy": strategy, "options": options });
        let connection: Connection = serde_json::from_value(connection).unwrap();
        let identity = |strategy, name| Identity::new(strategy, name, IdentityId::Text("1".into()));
        let mut user = User::new(identity(connection.strategy, "conn"), Timestamp::from_seconds(0));
        user.identities.push(identity(Strategy::GOOGLE_OAUTH2, "google-oauth2"));
        let google = json!({ "id": "con_2", "name": "google-oauth2", "strategy": "google-oauth2" });
        let connection = match linked_target(&user, changes.as_object().unwrap()) {
            Some(_) => serde_json::from_value(google).unwrap(),
            None => connection,
        };
        let refused = check(&user, &connection, changes.as_object().unwrap()).err().map(|error| error.to_string());
        match (&refused, expected) {
            (Some(text), Some(beginning)) => assert!(text.starts_with(beginning), "{text}"),
            _ => assert_eq!(refused.as_deref(), expected, "{strategy} {changes}"),
        }
    }

    const NOT_SUPPORTED: Option<&str> = Some("Connection is not supported for this operation.");
    const EMAIL: Option<&str> = Some("Cannot update email for non-database user.");

    #[test]
    fn each_keeper_opens_its_own_attributes() {
        let phone = json!({ "attributes": { "phone_number": { "identifier": { "active": true } } } });
        let custom = json!({ "enabledDatabaseCustomization": true });
        let imported = json!({ "enabledDatabaseCustomization": true, "import_mode": true });
        check_one("auth0", json!({}), json!({ "email": "a@b.example", "email_verified": true }), None);
        check_one("auth0", json!({}), json!({ "phone_number": "+1" }), NOT_SUPPORTED);
        check_one("auth0", phone, json!({ "phone_number": "+1", "phone_verified": true }), None);
        check_one("auth0", custom, json!({ "email": "a@b.example" }), EMAIL);
        check_one("auth0", imported, json!({ "password": "x" }), None);
        check_one("email", json!({}), json!({ "email": "a@b.example", "email_verified": true }), None);
        check_one("email", json!({}), json!({ "password": "x" }), NOT_SUPPORTED);
        check_one("sms", json!({}), json!({ "phone_number": "+1", "phone_verified": true }), None);
        check_one("sms", json!({}), json!({ "email": null }), EMAIL);
        check_one("facebook", json!({}), json!({ "email_verified": true }), None);
        check_one("facebook", json!({}), json!({ "email": "a@b.example" }), EMAIL);
        check_one("oidc", json!({}), json!({ "username": "a" }), NOT_SUPPORTED);
        let enterprise = Some("Email verification is not supported for enterprise users.");
        check_one("oidc", json!({}), json!({ "email_verified": true }), enterprise);
        check_one("oidc", json!({}), json!({ "blocked": true, "user_metadata": {}, "app_metadata": {} }), None);
    }

    #[test]
    fn some_changes_exclude_each_other() {
        let expected = Some("Cannot update username and password simultaneously.");
        check_one("auth0", json!({}), json!({ "password": "x", "username": "y" }), expected);
    }

    #[test]
    fn the_five_are_locked_while_logins_write_them() {
        let five = || json!({ "picture": null, "name": "n" });
        let locked = Some("The following user attributes cannot be updated: name, picture. The connection (conn) must");
        check_one("auth0", json!({}), five(), None);
        check_one("sms", json!({}), five(), None);
        check_one("facebook", json!({}), five(), locked);
        check_one("auth0", json!({ "enabledDatabaseCustomization": true }), five(), locked);
        check_one("facebook", json!({ "set_user_root_attributes": "on_first_login" }), five(), None);
        check_one("oidc", json!({ "set_user_root_attributes": "never_on_login" }), five(), None);
    }

    #[test]
    fn the_root_is_the_primary_identitys() {
        check_one("auth0", json!({}), json!({ "name": "n", "connection": "conn" }), None);
        let secondary = "The following user attributes cannot be updated: name. The specified connection belongs to a \
                         secondary identity.";
        check_one("auth0", json!({}), json!({ "name": "n", "connection": "google-oauth2" }), Some(secondary));
        let changes = json!({ "password": "x", "connection": "google-oauth2" });
        check_one("auth0", json!({}), changes, NOT_SUPPORTED);
        check_one("auth0", json!({}), json!({ "email_verified": true, "connection": "google-oauth2" }), None);
        check_one("auth0", json!({}), json!({ "email_verified": true, "connection": "nobodys" }), NOT_SUPPORTED);
    }

    #[test]
    fn other_attributes_can_only_be_taken_away_for_good() {
        let foo = || json!({ "foo": null });
        let unsynced = json!({ "set_user_root_attributes": "on_first_login" });
        let kept_here = "The following user attributes cannot be removed: foo. The connection (conn) must either";
        let comes_back = "The following user attributes cannot be removed: foo. The connection (conn) should have";
        check_one("auth0", json!({}), foo(), Some(kept_here));
        check_one("facebook", json!({}), foo(), Some(comes_back));
        check_one("facebook", unsynced, foo(), None);
        check_one("facebook", json!({ "non_persistent_attrs": ["foo"] }), foo(), None);
        let unknown = Some("Payload validation error: 'Additional properties not allowed: foo'.");
        check_one("facebook", json!({}), json!({ "foo": 1, "bar": null }), unknown);
    }
}
