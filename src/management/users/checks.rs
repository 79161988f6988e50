//! Rules about a user and the connection that the user is of. Source: spec/management-api.md §5, spec/profile.md §2.

use crate::domain::connection::Connection;
use crate::domain::password::MOST_BYTES;
use crate::domain::password::Password;
use crate::domain::password_policy::Policy;
use crate::domain::profile::database::is_username;
use crate::http::failure::Failure;
use crate::management::error::ApiError;

/// The code of rules that no schema states (which code each has is unverified).
pub(super) const INVALID: &str = "invalid_body";

/// Whether nobody can sign in with the connection.
pub(in crate::management) fn is_disabled(connection: &Connection) -> bool {
    connection.enabled_clients.is_empty()
}

/// A user name, where the connection has them, of the form that it asks for.
///
/// # Errors
/// [`ApiError::Refused`], [`ApiError::InvalidProperty`].
pub(super) fn check_username(connection: &Connection, username: &str) -> Result<(), ApiError> {
    if !connection.requires_username() && !connection.identifies_by("username") {
        let message = "Cannot set username for connection without requires_username.";
        return Err(ApiError::refused(INVALID, message));
    }
    if is_username(username, connection) {
        return Ok(());
    }
    let problem = format!("Object didn't pass validation for format username: {username}");
    Err(ApiError::InvalidProperty { problem, property: "username".to_owned() })
}

/// The hash of a password that the connection's policy takes, made off the async threads.
///
/// # Errors
/// [`ApiError::Refused`] when the password is too weak, or longer than a hash reads.
pub(super) async fn hash(connection: &Connection, password: &str) -> Result<Password, ApiError> {
    if password.len() > MOST_BYTES {
        return Err(ApiError::refused(INVALID, format!("Password exceeds {MOST_BYTES} bytes")));
    }
    if !Policy::of(connection).rules(password).iter().all(|rule| rule.verified) {
        return Err(ApiError::refused(INVALID, "PasswordStrengthError: Password is too weak"));
    }
    let password = password.to_owned();
    let hash = tokio::task::spawn_blocking(move || Password::hash(&password)).await.ok().flatten();
    hash.ok_or_else(|| ApiError::Internal(Failure::new("hash a password")))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    fn connection(options: Value) -> Connection {
        let connection = json!({ "id": "con_1", "name": "db", "strategy": "auth0", "options": options });
        serde_json::from_value(connection).unwrap()
    }

    #[test]
    fn a_user_name_needs_a_connection_that_has_them() {
        let check = |options: Value, username: &str, expected: bool| {
            assert_eq!(check_username(&connection(options), username).is_ok(), expected, "{username}");
        };
        check(json!({}), "ines", false);
        check(json!({ "requires_username": true }), "ines", true);
        check(json!({ "requires_username": true }), "ines@b.example", false);
        check(json!({ "attributes": { "username": { "identifier": { "active": true } } } }), "ines", true);
    }

    #[tokio::test]
    async fn a_weak_password_is_refused_before_it_is_hashed() {
        let refused =
            |password: String| async move { hash(&connection(json!({})), &password).await.unwrap_err().to_string() };
        assert_eq!(refused("weak".to_owned()).await, "PasswordStrengthError: Password is too weak");
        assert_eq!(refused("Passw0rd!".repeat(9)).await, "Password exceeds 72 bytes");
    }
}
