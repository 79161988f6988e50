//! What the options of a connection must be, that no schema states. Source: recorded answers, spec/management-api.md §2.

use serde_json::Map;
use serde_json::Value;

use crate::domain::strategy::Kind;
use crate::domain::strategy::Strategy;

/// Why options can't be taken. Display is the real service's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OptionsError {
    #[error("Cannot set both options.attributes and options.{0}")]
    AttributesAnd(&'static str),
    #[error("attributes must contain one active identifier")]
    NoIdentifier,
    #[error("attribute {0} must also be required on signup")]
    NotRequiredOnSignup(&'static str),
    #[error("cannot add non-unique email attribute")]
    EmailNotUnique,
    #[error(
        "options.set_user_root_attributes can be set only for enterprise connections, social connections or custom \
         database connections (using external users store)"
    )]
    SyncOfOwnUsers,
}

/// Holds a connection's options against each other.
///
/// # Errors
/// [`OptionsError`] for the first rule that is broken.
pub(crate) fn check(strategy: Strategy, options: &Map<String, Value>) -> Result<(), OptionsError> {
    if let Some(attributes) = options.get("attributes").and_then(Value::as_object) {
        for other in ["requires_username", "validation"] {
            if options.get(other).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false))) {
                return Err(OptionsError::AttributesAnd(other));
            }
        }
        check_attributes(attributes)?;
    }
    check_sync(strategy, options)
}

fn check_attributes(attributes: &Map<String, Value>) -> Result<(), OptionsError> {
    let is_active = |attribute: &Value| attribute.pointer("/identifier/active") == Some(&Value::Bool(true));
    if !attributes.values().any(is_active) {
        return Err(OptionsError::NoIdentifier);
    }
    for name in ["email", "phone_number", "username"] {
        let Some(attribute) = attributes.get(name) else { continue };
        let is_required = attribute.get("profile_required") == Some(&Value::Bool(true));
        let at_signup = attribute.pointer("/signup/status").and_then(Value::as_str);
        if is_required && at_signup.is_some_and(|status| status != "required") {
            return Err(OptionsError::NotRequiredOnSignup(name));
        }
    }
    if attributes.get("email").and_then(|email| email.get("unique")) == Some(&Value::Bool(false)) {
        return Err(OptionsError::EmailNotUnique);
    }
    Ok(())
}

/// Users that the tenant itself keeps follow nobody (spec/caching.md §2).
fn check_sync(strategy: Strategy, options: &Map<String, Value>) -> Result<(), OptionsError> {
    let is_custom = options.get("enabledDatabaseCustomization") == Some(&Value::Bool(true));
    let is_own = match strategy.kind() {
        Kind::Database => !is_custom,
        Kind::Passwordless => true,
        Kind::Social | Kind::Enterprise => false,
    };
    if is_own && options.contains_key("set_user_root_attributes") { Err(OptionsError::SyncOfOwnUsers) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(strategy: &str, options: Value, expected: Option<OptionsError>) {
        let found = super::check(Strategy::of(strategy).unwrap(), options.as_object().unwrap());
        assert_eq!(found.err(), expected, "{options}");
    }

    #[test]
    fn attributes_are_complete_and_alone() {
        let email = || json!({ "identifier": { "active": true } });
        check("auth0", json!({ "attributes": { "email": email() } }), None);
        check("auth0", json!({ "attributes": { "email": email() }, "requires_username": false }), None);
        check(
            "auth0",
            json!({ "attributes": { "email": email() }, "requires_username": true }),
            Some(OptionsError::AttributesAnd("requires_username")),
        );
        check(
            "auth0",
            json!({ "attributes": { "email": email() }, "validation": { "username": {} } }),
            Some(OptionsError::AttributesAnd("validation")),
        );
        check("auth0", json!({ "attributes": { "email": {} } }), Some(OptionsError::NoIdentifier));
        let phone =
            json!({ "identifier": { "active": true }, "profile_required": true, "signup": { "status": "inactive" } });
        check(
            "auth0",
            json!({ "attributes": { "phone_number": phone } }),
            Some(OptionsError::NotRequiredOnSignup("phone_number")),
        );
        let unique = json!({ "identifier": { "active": true }, "unique": false });
        check("auth0", json!({ "attributes": { "email": unique } }), Some(OptionsError::EmailNotUnique));
    }

    #[test]
    fn only_an_upstreams_attributes_can_be_synchronized() {
        let sync = || json!({ "set_user_root_attributes": "on_first_login" });
        check("oidc", sync(), None);
        check("facebook", sync(), None);
        check("auth0", sync(), Some(OptionsError::SyncOfOwnUsers));
        check("email", sync(), Some(OptionsError::SyncOfOwnUsers));
        let custom = json!({ "set_user_root_attributes": "on_first_login", "enabledDatabaseCustomization": true });
        check("auth0", custom, None);
    }
}
