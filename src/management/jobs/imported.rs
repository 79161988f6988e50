//! One user of an import. Source: spec/management-api.md §7.

use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::document::Document;
use crate::domain::password::Password;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::database::NewUser;
use crate::domain::user::User;
use crate::management::error::ApiError;
use crate::management::formats::EMAIL;
use crate::management::formats::PHONE;
use crate::management::formats::URI;
use crate::management::formats::WORD;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::store::tx::Tx;

const HASH: Kind = Kind::Pattern(r"^\$2[ab]\$10\$[./A-Za-z0-9]{53}$", is_bcrypt);

const USER: Shape = Shape::closed(
    &[],
    &[
        property("email", EMAIL),
        property("email_verified", Kind::Boolean),
        property("phone_number", PHONE),
        property("phone_verified", Kind::Boolean),
        property("user_id", WORD),
        property("username", Kind::Text(1, 128)),
        property("given_name", Kind::Text(1, 150)),
        property("family_name", Kind::Text(1, 150)),
        property("name", Kind::Text(1, 300)),
        property("nickname", Kind::Text(1, 300)),
        property("picture", URI),
        property("blocked", Kind::Boolean),
        property("password_hash", HASH),
        property("app_metadata", Kind::Free),
        property("user_metadata", Kind::Free),
    ],
);

/// What became of a user.
pub(super) enum Done {
    Inserted,
    Updated,
}

/// Why a user was not imported.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotImported {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) path: Option<String>,
}

/// Puts a user into the database, or over the one with the same address if that is asked for.
///
/// # Errors
/// [`NotImported`]; then nothing changed.
pub(super) fn put(tx: &mut Tx<'_>, connection: &Connection, user: &Value, upsert: bool) -> Result<Done, NotImported> {
    let Value::Object(given) = user else {
        let message = "Expected type object but found another type".to_owned();
        return Err(NotImported { code: "INVALID_TYPE", message, path: None });
    };
    USER.check(given, Call::Create).map_err(of_shape)?;
    let is_known_by = |key: &str| match key {
        "email" => true,
        "username" if connection.requires_username() => true,
        other => connection.identifies_by(other),
    };
    if !["email", "username", "phone_number"].iter().any(|key| given.contains_key(*key) && is_known_by(key)) {
        let message = "Missing required property: email".to_owned();
        return Err(NotImported { code: "OBJECT_REQUIRED", message, path: None });
    }
    let text = |key: &str| given.get(key).and_then(Value::as_str);
    let same = text("email").map(str::to_lowercase);
    let same = same.and_then(|email| tx.users.in_database(&connection.name, "email", &email).cloned());
    match same {
        Some(_) if !upsert => Err(duplicated(Some("email"))),
        Some(user) => {
            let changed = changed(User::clone(&user), given);
            tx.put_user(User { updated_at: tx.now, ..changed }).map_err(|_| duplicated(None))?;
            Ok(Done::Updated)
        }
        None => {
            let id = text("user_id").map_or_else(|| tx.rng().hex(24), str::to_owned);
            let user = new_user(given).into_user(connection, &id, tx.now);
            if tx.users.get(user.user_id.as_str()).is_some() {
                return Err(duplicated(Some("user_id")));
            }
            tx.put_user(user).map_err(|_| duplicated(None))?;
            Ok(Done::Inserted)
        }
    }
}

/// Recorded so, grammar included.
fn duplicated(path: Option<&str>) -> NotImported {
    let message = "The user already exist and upsert parameter is false".to_owned();
    NotImported { code: "DUPLICATED_USER", message, path: path.map(str::to_owned) }
}

fn new_user(given: &Map<String, Value>) -> NewUser {
    let text = |key: &str| given.get(key).and_then(Value::as_str).map(str::to_owned);
    let flag = |key: &str| given.get(key).and_then(Value::as_bool);
    let object = |key: &str| given.get(key).and_then(Value::as_object).cloned();
    NewUser {
        email: text("email"),
        email_verified: flag("email_verified"),
        username: text("username"),
        phone_number: text("phone_number"),
        phone_verified: flag("phone_verified"),
        blocked: flag("blocked"),
        password: text("password_hash").map(|hash| Password::Bcrypt(hash.into())),
        user_metadata: object("user_metadata"),
        app_metadata: object("app_metadata"),
        attributes: THE_FIVE.iter().filter_map(|key| Some(((*key).to_owned(), given.get(*key)?.clone()))).collect(),
    }
}

/// Metadata is replaced whole; address, id, password and block stay as they are.
fn changed(mut user: User, given: &Map<String, Value>) -> User {
    let flag = |key: &str| given.get(key).and_then(Value::as_bool);
    let document = |key: &str| given.get(key).and_then(Value::as_object).map(Document::from);
    user.email_verified = flag("email_verified").or(user.email_verified);
    user.phone_verified = flag("phone_verified").or(user.phone_verified);
    user.user_metadata = document("user_metadata").or(user.user_metadata);
    user.app_metadata = document("app_metadata").or(user.app_metadata);
    let mut attributes = user.attributes.parse();
    for (key, value) in THE_FIVE.iter().filter_map(|key| Some((*key, given.get(*key)?.clone()))) {
        attributes.insert(key.to_owned(), value);
        user.generated = user.generated.without(key);
    }
    user.attributes = Document::from(attributes);
    user
}

/// How the validator's words begin, and the code that goes with them.
const CODES: &[(&str, &str)] = &[
    ("Expected type", "INVALID_TYPE"),
    ("String is too short", "MIN_LENGTH"),
    ("String is too long", "MAX_LENGTH"),
    ("String does not match pattern", "PATTERN"),
    ("Object didn't pass validation for format", "FORMAT"),
    ("No enum match", "ENUM_MISMATCH"),
    ("Missing required property", "OBJECT_REQUIRED"),
];

/// The validator's words, with the code that goes with them.
fn of_shape(error: ApiError) -> NotImported {
    let (message, path) = match error {
        ApiError::InvalidProperty { problem, property } => (problem, Some(property)),
        ApiError::InvalidBody(problem) => (problem, None),
        other => (other.to_string(), None),
    };
    let code = CODES.iter().find(|(beginning, _)| message.starts_with(beginning));
    NotImported { code: code.map_or("NOT_PASSED", |(_, code)| code), message, path }
}

/// The user as the errors of the job show it.
pub(super) fn without_secrets(mut user: Value) -> Value {
    if let Some(hash) = user.get_mut("password_hash") {
        *hash = "*****".into();
    }
    user
}

/// `$2a$10$` or `$2b$10$`, and 53 characters of bcrypt's base64.
fn is_bcrypt(hash: &str) -> bool {
    let rest = hash.strip_prefix("$2a$10$").or_else(|| hash.strip_prefix("$2b$10$")).unwrap_or_default();
    rest.len() == 53 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(user: Value, code: &'static str, message: &str, path: Option<&str>) {
        let refused = of_shape(USER.check(user.as_object().unwrap(), Call::Create).unwrap_err());
        assert_eq!((refused.code, &*refused.message, refused.path.as_deref()), (code, message, path));
    }

    #[test]
    fn what_does_not_fit_has_the_validator_s_words_and_its_code() {
        check(json!({ "email": 1 }), "INVALID_TYPE", "Expected type string but found type integer", Some("email"));
        check(json!({ "email": "a" }), "FORMAT", "Object didn't pass validation for format email: a", Some("email"));
        check(json!({ "username": "" }), "MIN_LENGTH", "String is too short (0 chars), minimum 1", Some("username"));
        check(json!({ "plan": 1 }), "NOT_PASSED", "Additional properties not allowed: plan", None);
        assert!(is_bcrypt(&format!("$2b$10${}", "a".repeat(53))) && !is_bcrypt(&format!("$2b$11${}", "a".repeat(53))));
    }
}
