//! Signing in with a password of this tenant's own. Source: spec/profile.md §2, spec/universal-login.md.

use std::sync::Arc;

use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::password::Password;
use crate::domain::user::User;

/// bcrypt at the cost of real passwords, of a text that nobody knows: what is checked when there is nothing to check.
const NOBODYS: &str = "$2b$10$JlIjAtdSpVjFLsuYVqBLnelx/hvlU5MIDfoPHSXCgLnMXSlyV5WMm";

/// Why nobody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasswordRefusal {
    /// No such user, or another password: who asks isn't told which.
    #[error("wrong e-mail, user name or password")]
    WrongCredentials,
    /// The password is right, and the user is blocked.
    #[error("the user is blocked")]
    Blocked(UserId),
    #[error("check the password: {0}")]
    Unchecked(String),
}

/// Finds a user of the connection by e-mail, user name or phone number, and checks the password.
///
/// `find` looks a user of this connection up by a column (`email`, `username` or `phone_number`) and a value.
/// A refusal takes the same time whether or not there is such a user.
///
/// # Errors
/// [`PasswordRefusal`].
pub(crate) async fn check_password(
    connection: &Connection,
    identifier: &str,
    password: &str,
    find: impl Fn(&'static str, &str) -> Option<Arc<User>>,
) -> Result<UserId, PasswordRefusal> {
    let identifier = identifier.trim();
    let columns = identifiers(connection);
    let user = columns.iter().find_map(|column| find(column, identifier));
    let own = user.as_ref().and_then(|user| user.password.clone());
    let typed = password.to_owned();
    let right = tokio::task::spawn_blocking(move || is_right(own.as_ref(), &typed)).await;
    let right = right.map_err(|error| PasswordRefusal::Unchecked(error.to_string()))?;
    match user {
        Some(user) if right && user.is_blocked() => Err(PasswordRefusal::Blocked(user.user_id.clone())),
        Some(user) if right => Ok(user.user_id.clone()),
        _ => Err(PasswordRefusal::WrongCredentials),
    }
}

/// What people may type to say who they are. An e-mail address always; the others where the connection has them.
fn identifiers(connection: &Connection) -> Vec<&'static str> {
    let is_active = |attribute: &str| {
        let path = format!("/attributes/{attribute}/identifier/active");
        let options = serde_json::Value::Object(connection.options.clone());
        options.pointer(&path).and_then(serde_json::Value::as_bool).unwrap_or(false)
    };
    let mut columns = vec!["email"];
    if connection.requires_username() || is_active("username") {
        columns.push("username");
    }
    if is_active("phone_number") {
        columns.push("phone_number");
    }
    columns
}

/// Slow. A plain password that fits needs no hash; everything that ends in a refusal costs one.
fn is_right(own: Option<&Password>, typed: &str) -> bool {
    let right = own.is_some_and(|own| own.check(typed));
    if !right && !matches!(own, Some(Password::Bcrypt(_))) {
        // Nobody's password: only the time that it takes counts.
        Password::Bcrypt(NOBODYS.into()).check(typed);
    }
    right
}
