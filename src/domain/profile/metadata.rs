//! `user_metadata` and `app_metadata`. Source: spec/profile.md §7.

use serde_json::Map;
use serde_json::Value;

use crate::domain::document::Document;

/// Names that `app_metadata` must not have.
const RESERVED: &[&str] = &[
    "__tenant",
    "_id",
    "blocked",
    "clientID",
    "created_at",
    "email_verified",
    "email",
    "globalClientID",
    "global_client_id",
    "identities",
    "lastIP",
    "lastLogin",
    "loginsCount",
    "metadata",
    "multifactor_last_modified",
    "multifactor",
    "updated_at",
    "user_id",
];

/// A name that metadata can't have. The texts are our own; the real service's are not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MetadataError {
    #[error("Property names of {kind} must not contain . or $: {name}")]
    BadName { kind: String, name: String },
    #[error("{kind} must not contain the property {name}")]
    Reserved { kind: String, name: String },
}

/// Holds the names of `kind` (`user_metadata` or `app_metadata`) against the rules, at every depth.
///
/// # Errors
/// [`MetadataError`] for the first name that breaks one.
pub(crate) fn check(kind: &str, metadata: &Map<String, Value>) -> Result<(), MetadataError> {
    for (name, value) in metadata {
        if kind == "app_metadata" && RESERVED.contains(&name.as_str()) {
            return Err(MetadataError::Reserved { kind: kind.to_owned(), name: name.clone() });
        }
        check_names(kind, name, value)?;
    }
    Ok(())
}

/// Recursion is bounded by the depth that the JSON parser takes.
fn check_names(kind: &str, name: &str, value: &Value) -> Result<(), MetadataError> {
    if name.contains(['.', '$']) {
        return Err(MetadataError::BadName { kind: kind.to_owned(), name: name.to_owned() });
    }
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, value)| check_names(kind, name, value)),
        Value::Array(items) => items.iter().try_for_each(|item| check_names(kind, "", item)),
        _ => Ok(()),
    }
}

/// Lays `changes` over what is stored, on the first level alone: a nested object is replaced whole, `null` takes a
/// name away, and an empty object takes everything.
///
/// # Errors
/// As [`check`].
pub(crate) fn merge(
    kind: &str,
    stored: Option<&Document>,
    changes: &Map<String, Value>,
) -> Result<Option<Document>, MetadataError> {
    check(kind, changes)?;
    if changes.is_empty() {
        return Ok(stored.map(|_| Document::default()));
    }
    let mut merged = stored.map(Document::parse).unwrap_or_default();
    for (name, value) in changes {
        if value.is_null() {
            merged.remove(name);
        } else {
            merged.insert(name.clone(), value.clone());
        }
    }
    Ok(Some(merged.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_merge(stored: Value, changes: Value, expected: Value) {
        let stored = stored.as_object().map(Document::from);
        let merged = merge("user_metadata", stored.as_ref(), changes.as_object().unwrap()).unwrap();
        assert_eq!(merged.map_or(Value::Null, |merged| merged.parse().into()), expected);
    }

    #[test]
    fn the_first_level_is_merged() {
        check_merge(json!({ "a": 1, "b": { "c": 1 } }), json!({ "b": { "d": 2 } }), json!({ "a": 1, "b": { "d": 2 } }));
        check_merge(json!({ "a": 1, "b": 2 }), json!({ "a": null }), json!({ "b": 2 }));
        check_merge(json!({ "a": 1 }), json!({}), json!({}));
        check_merge(Value::Null, json!({ "a": 1 }), json!({ "a": 1 }));
        check_merge(Value::Null, json!({}), Value::Null);
    }

    #[test]
    fn some_names_are_refused() {
        let names = |kind: &str, metadata: Value| check(kind, metadata.as_object().unwrap()).is_ok();
        assert!(names("user_metadata", json!({ "email": "x", "a": [{ "b": 1 }] })));
        assert!(!names("app_metadata", json!({ "email": "x" })));
        assert!(!names("user_metadata", json!({ "a.b": 1 })));
        assert!(!names("user_metadata", json!({ "a": [{ "$b": 1 }] })));
    }
}
