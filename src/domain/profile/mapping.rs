//! Moves attributes from the upstream's names to the tenant's, and leaves a trace line for each.
//! Source: spec/profile.md §6.

use serde_json::Map;
use serde_json::Value;

use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::RawProfile;
use crate::domain::profile::TraceLine;
use crate::domain::user::IdentityId;
use crate::domain::user::OWN_ATTRIBUTES;

/// A normalization under way. What no line took passes through in the end.
#[derive(Debug)]
pub(crate) struct Mapping {
    id: IdentityId,
    raw: Map<String, Value>,
    attributes: Map<String, Value>,
    trace: Vec<TraceLine>,
}

impl Mapping {
    /// Begins with the attribute that the person is known by.
    ///
    /// # Errors
    /// [`ProfileError::NoId`] when it is missing, empty or neither text nor a whole number.
    pub(crate) fn of(raw: RawProfile, id: &'static str) -> Result<Self, ProfileError> {
        let mut raw = raw.0;
        let found = match raw.remove(id) {
            Some(Value::String(text)) if !text.is_empty() => Some(IdentityId::Text(text)),
            Some(Value::Number(number)) => number.as_i64().map(IdentityId::Number),
            _ => None,
        };
        let id_found = found.ok_or(ProfileError::NoId(id))?;
        let trace = vec![line(Some(id), Some("user_id"), "is what the person is known by")];
        Ok(Self { id: id_found, raw, attributes: Map::new(), trace })
    }

    /// Whether the upstream sent the attribute with a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw.get(name).is_some_and(|value| !value.is_null())
    }

    /// Gives an attribute the tenant's name; the upstream's is gone. An attribute that isn't there is passed over.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if let Some(value) = self.raw.remove(from) {
            self.trace.push(line(Some(from), Some(to), "is renamed"));
            self.attributes.insert(to.to_owned(), value);
        }
    }

    /// Takes a value out of the depth of an attribute (a JSON pointer, RFC 6901), which is gone then.
    pub(crate) fn pluck(&mut self, pointer: &str, to: &str) {
        let Some(root) = pointer.split('/').nth(1) else { return };
        let Some(tree) = self.raw.remove(root) else { return };
        let rest = pointer.strip_prefix('/').and_then(|path| path.strip_prefix(root)).unwrap_or_default();
        match tree.pointer(rest) {
            Some(value) => {
                self.trace.push(line(Some(pointer), Some(to), "is taken out of it"));
                self.attributes.insert(to.to_owned(), value.clone());
            }
            None => self.trace.push(line(Some(root), None, "is dropped: it doesn't hold what is looked for")),
        }
    }

    /// Sets an attribute that the upstream didn't send; `why` is the rule in the trace.
    pub(crate) fn set(&mut self, to: &str, value: impl Into<Value>, why: &str) {
        self.trace.push(line(None, Some(to), why));
        self.attributes.insert(to.to_owned(), value.into());
    }

    /// Ends it: what no line took keeps its name, but for attributes that are the tenant's own.
    pub(crate) fn pass_through(mut self) -> NormalizedProfile {
        for (name, value) in self.raw {
            if OWN_ATTRIBUTES.contains(&name.as_str()) {
                self.trace.push(line(Some(&name), None, "is dropped: the attribute is the tenant's own"));
            } else if self.attributes.contains_key(&name) {
                self.trace.push(line(Some(&name), None, "is dropped: another attribute took its name"));
            } else {
                self.trace.push(line(Some(&name), Some(&name), "passes through"));
                self.attributes.insert(name, value);
            }
        }
        NormalizedProfile { id: self.id, attributes: self.attributes, trace: self.trace }
    }
}

fn line(from: Option<&str>, to: Option<&str>, rule: &str) -> TraceLine {
    TraceLine { from: from.map(str::to_owned), to: to.map(str::to_owned), rule: rule.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mapping(raw: Value) -> Result<Mapping, ProfileError> {
        Mapping::of(RawProfile(raw.as_object().cloned().unwrap()), "id")
    }

    #[test]
    fn an_id_is_text_or_a_whole_number() {
        assert_eq!(mapping(json!({ "id": 12 })).unwrap().pass_through().id, IdentityId::Number(12));
        for raw in [json!({}), json!({ "id": "" }), json!({ "id": 1.5 }), json!({ "id": null })] {
            assert_eq!(mapping(raw).unwrap_err(), ProfileError::NoId("id"));
        }
    }

    #[test]
    fn the_tenants_own_attributes_never_come_from_an_upstream() {
        let raw = json!({ "id": "1", "created_at": "x", "app_metadata": { "admin": true }, "blog": null });
        let profile = mapping(raw).unwrap().pass_through();
        assert_eq!(Value::from(profile.attributes), json!({ "blog": null }));
        assert_eq!(profile.trace.iter().filter(|line| line.to.is_none()).count(), 2);
    }

    #[test]
    fn a_value_is_plucked_and_the_rest_of_its_tree_dropped() {
        let mut mapping = mapping(json!({ "id": "1", "picture": { "data": { "url": "u", "width": 50 } } })).unwrap();
        mapping.pluck("/picture/data/url", "picture");
        assert_eq!(Value::from(mapping.pass_through().attributes), json!({ "picture": "u" }));
    }
}
