//! What has to change for a thing to be as a fixture says.

use serde_json::Map;
use serde_json::Value;

/// The settings that differ, as a change of them is to be written: an object whole, since some calls replace it whole.
/// What the fixture doesn't speak of stays as it is.
pub(super) fn difference(found: &Map<String, Value>, wanted: &Map<String, Value>) -> Map<String, Value> {
    let differs = wanted.iter().filter(|(key, value)| !is_within(value, found.get(*key)));
    differs.map(|(key, value)| (key.clone(), laid_over(found.get(key), value))).collect()
}

/// Whether the thing has all that is wanted.
pub(super) fn is_within(wanted: &Value, found: Option<&Value>) -> bool {
    match (wanted, found) {
        (Value::Null, found) => found.is_none_or(Value::is_null),
        (Value::Object(wanted), Some(Value::Object(found))) => {
            wanted.iter().all(|(key, value)| match (key.as_str(), value, found.get(key)) {
                // Other options of a connection may imply further scopes, which the server adds.
                ("scope", Value::Array(wanted), Some(Value::Array(found))) => has_all(found, wanted),
                (_, value, found) => is_within(value, found),
            })
        }
        // In the settings that are lists, order means nothing.
        (Value::Array(wanted), Some(Value::Array(found))) => wanted.len() == found.len() && has_all(found, wanted),
        (Value::Number(wanted), Some(Value::Number(found))) => wanted == found || wanted.as_f64() == found.as_f64(),
        (wanted, found) => Some(wanted) == found,
    }
}

fn has_all(found: &[Value], wanted: &[Value]) -> bool {
    wanted.iter().all(|value| found.iter().any(|other| is_within(value, Some(other))))
}

fn laid_over(found: Option<&Value>, wanted: &Value) -> Value {
    match (found, wanted) {
        (Some(Value::Object(found)), Value::Object(wanted)) => {
            let mut all = found.clone();
            for (key, value) in wanted {
                let value = laid_over(all.get(key), value);
                all.insert(key.clone(), value);
            }
            all.into()
        }
        (_, wanted) => wanted.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(found: Value, wanted: Value, expected: Value) {
        let (Value::Object(found), Value::Object(wanted)) = (found, wanted) else { panic!("no objects") };
        assert_eq!(Value::from(difference(&found, &wanted)), expected);
    }

    #[test]
    fn only_what_differs_is_changed() {
        check(json!({ "a": 1, "b": 2 }), json!({ "a": 1 }), json!({}));
        check(json!({ "a": 1 }), json!({ "a": 1.0, "b": null }), json!({}));
        check(json!({ "a": 1 }), json!({ "a": 2, "c": [] }), json!({ "a": 2, "c": [] }));
        check(json!({ "a": ["x", "y"] }), json!({ "a": ["y", "x"] }), json!({}));
        check(json!({ "a": ["x", "y"] }), json!({ "a": ["x"] }), json!({ "a": ["x"] }));
    }

    #[test]
    fn scopes_that_other_options_imply_are_no_difference() {
        check(json!({ "options": { "scope": ["a", "b"] } }), json!({ "options": { "scope": ["b"] } }), json!({}));
        check(json!({ "scope": ["a", "b"] }), json!({ "scope": ["b"] }), json!({ "scope": ["b"] }));
    }

    #[test]
    fn an_object_keeps_what_the_fixture_does_not_speak_of() {
        check(json!({ "o": { "a": 1, "b": { "c": 2 } } }), json!({ "o": { "b": { "c": 2 } } }), json!({}));
        check(
            json!({ "o": { "a": 1, "b": { "c": 2 } } }),
            json!({ "o": { "b": { "d": 3 } } }),
            json!({ "o": { "a": 1, "b": { "c": 2, "d": 3 } } }),
        );
    }
}
