//! Signing in with a password of this tenant's own. Source: spec/profile.md §2, spec/universal-login.md.

use crate::domain::account::Account;
use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::password::Password;

/// bcrypt at the cost of real passwords, of a text that nobody knows: what is checked when there is nothing to check.
const NOBODYS: &str = "$2b$10$JlIjAtdSpVjFLsuYVqBLnelx/hvlU5MIDfoPHSXCgLnMXSlyV5WMm";

/// Why nobody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasswordRefusal {
    /// No such user, or another password: who asks isn't told which.
    #[error("wrong e-mail, user name or password")]
    WrongCredentials,
    /// The password is right, and the user who has the identity is blocked.
    #[error("the user is blocked")]
    Blocked(UserId),
    #[error("check the password: {0}")]
    Unchecked(String),
}

/// Finds an account of the connection by e-mail, user name or phone number, and checks the password. Gives the identity
/// that it is, as the user id that this has, or had before it was linked.
///
/// `find` looks an account of this connection up by a column (`email`, `username` or `phone_number`) and a value.
/// A refusal takes the same time whether or not there is such an account.
///
/// # Errors
/// [`PasswordRefusal`].
pub(crate) async fn check_password(
    connection: &Connection,
    identifier: &str,
    password: &str,
    find: impl Fn(&'static str, &str) -> Option<Account>,
) -> Result<UserId, PasswordRefusal> {
    let identifier = identifier.trim();
    let columns = identifiers(connection);
    let account = columns.iter().find_map(|column| find(column, identifier));
    let own = account.as_ref().and_then(|account| account.password().cloned());
    let typed = password.to_owned();
    let right = tokio::task::spawn_blocking(move || is_right(own.as_ref(), &typed)).await;
    let right = right.map_err(|error| PasswordRefusal::Unchecked(error.to_string()))?;
    match account {
        Some(account) if right && account.user.is_blocked() => Err(PasswordRefusal::Blocked(account.identity)),
        Some(account) if right => Ok(account.identity),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::linking;
    use crate::domain::strategy::Strategy;
    use crate::domain::user::Identity;
    use crate::domain::user::IdentityId;
    use crate::domain::user::User;
    use crate::time::Timestamp;
    use serde_json::json;

    fn connection(options: serde_json::Value) -> Connection {
        let connection = json!({ "id": "con_1", "name": "db", "strategy": "auth0", "options": options });
        serde_json::from_value(connection).unwrap()
    }

    fn user(password: Password) -> User {
        let identity = Identity::new(Strategy::AUTH0, "db", IdentityId::Text("1".into()));
        User { password: Some(password), ..User::new(identity, Timestamp::from_seconds(0)) }
    }

    /// Checks against one user, whose address is ana@ and whose user name is ana.
    async fn check(options: serde_json::Value, user: User, typed: (&str, &str)) -> Result<UserId, PasswordRefusal> {
        let user = Arc::new(user);
        let find = |column: &'static str, value: &str| {
            let known = [("email", "ana@people.example"), ("username", "ana")];
            let account = || Account { user: Arc::clone(&user), identity: user.user_id.clone() };
            known.contains(&(column, value)).then(account)
        };
        check_password(&connection(options), typed.0, typed.1, find).await
    }

    #[tokio::test]
    async fn the_right_password_signs_in_and_no_other() {
        let plain = || user(Password::Plain("secret".into()));
        let hashed = || user(Password::Bcrypt(bcrypt::hash("secret", 4).unwrap().into()));
        let id = Ok(UserId::from("auth0|1"));
        assert_eq!(check(json!({}), plain(), (" ana@people.example ", "secret")).await, id);
        assert_eq!(check(json!({}), hashed(), ("ana@people.example", "secret")).await, id);
        let wrong = Err(PasswordRefusal::WrongCredentials);
        assert_eq!(check(json!({}), plain(), ("ana@people.example", "Secret")).await, wrong);
        assert_eq!(check(json!({}), hashed(), ("ana@people.example", "")).await, wrong);
        assert_eq!(check(json!({}), plain(), ("bo@people.example", "secret")).await, wrong);
        let none = User { password: None, ..plain() };
        assert_eq!(check(json!({}), none, ("ana@people.example", "secret")).await, wrong);
    }

    #[tokio::test]
    async fn a_linked_account_keeps_its_own_password() {
        let other = Identity::new(Strategy::AUTH0, "db", IdentityId::Text("2".into()));
        let other =
            User { password: Some(Password::Plain("other".into())), ..User::new(other, Timestamp::from_seconds(0)) };
        let primary = user(Password::Plain("secret".into()));
        let linked = Arc::new(linking::link(primary, other, Timestamp::from_seconds(0)).unwrap());
        let identity = UserId::from("auth0|2");
        let find = |_: &'static str, _: &str| Some(Account { user: Arc::clone(&linked), identity: identity.clone() });
        let connection = connection(json!({}));
        assert_eq!(check_password(&connection, "x", "other", find).await, Ok(identity.clone()));
        let primarys = check_password(&connection, "x", "secret", find).await;
        assert_eq!(primarys, Err(PasswordRefusal::WrongCredentials));
    }

    #[tokio::test]
    async fn a_user_name_counts_where_the_connection_has_them() {
        let plain = || user(Password::Plain("secret".into()));
        let wrong = Err(PasswordRefusal::WrongCredentials);
        assert_eq!(check(json!({}), plain(), ("ana", "secret")).await, wrong);
        assert!(check(json!({ "requires_username": true }), plain(), ("ana", "secret")).await.is_ok());
        let attributes = json!({ "attributes": { "username": { "identifier": { "active": true } } } });
        assert!(check(attributes, plain(), ("ana", "secret")).await.is_ok());
    }

    #[tokio::test]
    async fn who_is_blocked_is_told_so_only_with_the_right_password() {
        let blocked = || User { blocked: Some(true), ..user(Password::Plain("secret".into())) };
        let refused = check(json!({}), blocked(), ("ana@people.example", "secret")).await;
        assert_eq!(refused, Err(PasswordRefusal::Blocked(UserId::from("auth0|1"))));
        let wrong = check(json!({}), blocked(), ("ana@people.example", "x")).await;
        assert_eq!(wrong, Err(PasswordRefusal::WrongCredentials));
    }

    #[test]
    fn nobodys_password_is_a_real_hash() {
        assert!(bcrypt::verify("anything", NOBODYS).is_ok_and(|right| !right));
        assert!(NOBODYS.starts_with("$2b$10$"));
    }
}
