//! What of an upstream's profile is kept at the root of a user. Source: spec/caching.md §2 and §3.

use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::generated;
use crate::domain::profile::generated::Seeds;
use crate::domain::user::User;

/// Attributes that, when they must not be kept, aren't seen by the login that brought them either.
const NEVER_TRANSIENT: &[&str] = &["name", "nickname"];

/// Takes out what must not be kept (`non_persistent_attrs`), and gives what of it this login may see.
pub(super) fn take_transient(attributes: &mut Map<String, Value>, connection: &Connection) -> Map<String, Value> {
    let names = connection.non_persistent_attributes();
    let taken = names.filter_map(|name| attributes.remove(name).map(|value| (name.to_owned(), value)));
    taken.filter(|(name, _)| !NEVER_TRANSIENT.contains(&name.as_str())).collect()
}

/// The attributes, with those of the five that are stored where the upstream sent none or may not write them.
pub(super) fn with_the_five(
    mut attributes: Map<String, Value>,
    stored: &Map<String, Value>,
    upstream_writes: bool,
) -> Map<String, Value> {
    for name in THE_FIVE {
        let sent = attributes.remove(*name).filter(|value| upstream_writes && !value.is_null());
        if let Some(value) = sent.or_else(|| stored.get(*name).cloned()) {
            attributes.insert((*name).to_owned(), value);
        }
    }
    attributes
}

/// Puts the upstream's attributes in the place of the stored ones; the five only where `upstream_writes` them.
pub(super) fn store(user: &mut User, attributes: Map<String, Value>, connection: &Connection, upstream_writes: bool) {
    let mut stored = user.attributes.parse();
    if upstream_writes {
        generated::strip(&mut stored, Seeds::of(user));
    }
    let mut attributes = with_the_five(attributes, &stored, upstream_writes);
    let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    user.email = text(attributes.remove("email"));
    let is_verified = attributes.remove("email_verified").map(|value| is_true(&value));
    user.email_verified = user.email.as_ref().map(|_| is_verified.unwrap_or(false));
    user.username = text(attributes.remove("username"));
    user.phone_number = text(attributes.remove("phone_number"));
    user.phone_verified = attributes.remove("phone_verified").map(|value| is_true(&value));
    user.generated = generated::fill(&mut attributes, Seeds::of(user));
    // Neither what was stored before it was denied nor what is made up in its place.
    for name in connection.non_persistent_attributes() {
        attributes.remove(name);
    }
    user.attributes = attributes.into();
}

/// Providers send booleans as such or as text.
fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true) || value.as_str() == Some("true")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(sent: Value, stored: Value, upstream_writes: bool, expected: Value) {
        let object = |value: Value| value.as_object().cloned().unwrap();
        let found = with_the_five(object(sent), &object(stored), upstream_writes);
        assert_eq!(Value::from(found), expected);
    }

    #[test]
    fn the_five_are_sent_or_stored() {
        let stored = || json!({ "name": "Old", "hd": "old" });
        check(json!({ "name": "New", "hd": "new" }), stored(), true, json!({ "name": "New", "hd": "new" }));
        check(json!({ "name": "New", "hd": "new" }), stored(), false, json!({ "name": "Old", "hd": "new" }));
        check(json!({ "name": null }), stored(), true, json!({ "name": "Old" }));
        check(json!({ "picture": "p" }), stored(), false, json!({ "name": "Old" }));
    }
}
