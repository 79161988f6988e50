//! Sign-up with a database: checked, hashed off the async threads, created in one write. The login page and
//! `/dbconnections/signup` both come here. Source: spec/authentication-api.md §8, spec/profile.md §2.

use serde_json::Map;
use serde_json::Value;

use crate::authentication::events::event;
use crate::authentication::visitor::Visitor;
use crate::domain::connection::Connection;
use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::domain::password::MOST_BYTES;
use crate::domain::password::Password;
use crate::domain::password_policy::Policy;
use crate::domain::password_policy::Rule;
use crate::domain::profile::database::NewUser;
use crate::domain::profile::database::is_email;
use crate::domain::profile::database::is_username;
use crate::domain::user::User;
use crate::http::failure::Failure;
use crate::messages::sender::Sender;
use crate::store::error::StoreError;
use crate::store::tenant::Tenant;

/// How much metadata a person may bring along (spec/profile.md §7).
const MOST_METADATA: usize = 10;
const LONGEST_METADATA: usize = 500;

/// What a person gave, as they gave it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signup {
    pub(crate) email: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) password: String,
    pub(crate) user_metadata: Option<Map<String, Value>>,
    /// Those of `name`, `given_name`, `family_name`, `nickname` and `picture` that were given.
    pub(crate) attributes: Map<String, Value>,
}

/// Why nobody was signed up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignupError {
    #[error("public signup is disabled")]
    Disabled,
    /// The named property is missing.
    #[error("{0} is required")]
    Missing(&'static str),
    /// The named property is not what it should be.
    #[error("{0} is invalid")]
    Invalid(&'static str),
    /// All rules, kept or not.
    #[error("Password is too weak")]
    WeakPassword(Vec<Rule>),
    /// Somebody has the e-mail, user name or phone number.
    #[error("The user already exists.")]
    Exists { column: &'static str },
    #[error(transparent)]
    Internal(#[from] Failure),
}

/// Creates the user. The caller has made sure that the connection is one of the client's, and decides whether the
/// person learns that somebody exists.
///
/// # Errors
/// [`SignupError`]; then there is no user, and a line `fs` in the tenant log.
pub(crate) async fn sign_up(
    tenant: &Tenant,
    visitor: &Visitor,
    client_id: &ClientId,
    connection: &Connection,
    signup: Signup,
) -> Result<UserId, SignupError> {
    let sender = Sender::of(tenant, &visitor.address);
    let created = create(tenant, &sender, client_id, connection, signup).await;
    let (kind, description, user_id) = match &created {
        Ok(user_id) => ("ss", String::new(), Some(user_id.clone())),
        Err(error) => ("fs", error.to_string(), None),
    };
    let write = tenant.write(|tx| {
        let (client_id, connection) = (Some(client_id.clone()), Some(connection.name.clone()));
        tx.log(LogEvent { description, client_id, user_id, connection, ..event(kind, tx.now, &visitor.ip) });
        Ok::<_, Failure>(())
    });
    write.await?;
    created
}

/// The mail that verifies the address goes out in the same write.
async fn create(
    tenant: &Tenant,
    sender: &Sender,
    client_id: &ClientId,
    connection: &Connection,
    signup: Signup,
) -> Result<UserId, SignupError> {
    check(connection, &signup)?;
    let typed = signup.password;
    let password = tokio::task::spawn_blocking(move || Password::hash(&typed)).await.ok().flatten();
    let password = password.ok_or_else(|| Failure::new("hash a password"))?;
    let new = NewUser {
        email: signup.email,
        username: signup.username,
        phone_number: signup.phone_number,
        password: Some(password),
        user_metadata: signup.user_metadata,
        attributes: signup.attributes,
        ..NewUser::default()
    };
    let created = tenant.write(|tx| {
        let id = tx.rng().hex(24);
        let user: User = new.into_user(connection, &id, tx.now);
        let (user_id, mailbox) = (user.user_id.clone(), user.mailbox());
        tx.put_user(user)?;
        if let Some(mailbox) = mailbox.filter(|mailbox| !mailbox.verified) {
            sender.verify_email(tx, &mailbox, Some(client_id));
        }
        Ok(user_id)
    });
    created.await.map_err(|error: StoreError| match error {
        StoreError::Conflict { column, .. } => SignupError::Exists { column },
    })
}

fn check(connection: &Connection, signup: &Signup) -> Result<(), SignupError> {
    if connection.signup_is_disabled() {
        return Err(SignupError::Disabled);
    }
    if signup.email.is_none() && signup.username.is_none() && signup.phone_number.is_none() {
        return Err(SignupError::Missing("email"));
    }
    if connection.requires_username() && signup.username.is_none() {
        return Err(SignupError::Missing("username"));
    }
    if signup.password.is_empty() {
        return Err(SignupError::Missing("password"));
    }
    if signup.email.as_deref().is_some_and(|email| !is_email(email)) {
        return Err(SignupError::Invalid("email"));
    }
    if signup.username.as_deref().is_some_and(|username| !is_username(username, connection)) {
        return Err(SignupError::Invalid("username"));
    }
    if signup.phone_number.as_deref().is_some_and(|number| !is_phone_number(number)) {
        return Err(SignupError::Invalid("phone_number"));
    }
    if !signup.user_metadata.as_ref().is_none_or(fits) {
        return Err(SignupError::Invalid("user_metadata"));
    }
    if signup.password.len() > MOST_BYTES {
        return Err(SignupError::Invalid("password"));
    }
    let rules = Policy::of(connection).rules(&signup.password);
    if rules.iter().all(|rule| rule.verified) { Ok(()) } else { Err(SignupError::WeakPassword(rules)) }
}

/// At most ten texts of at most 500 characters.
fn fits(metadata: &Map<String, Value>) -> bool {
    let short = |value: &Value| value.as_str().is_some_and(|text| text.chars().count() <= LONGEST_METADATA);
    metadata.len() <= MOST_METADATA && metadata.values().all(short)
}

/// `^\+[0-9]{1,15}$`
fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
