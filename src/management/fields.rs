//! `fields` and `include_fields`: which properties an answer shows. Source: spec/management-api.md §4.

use serde_json::Map;
use serde_json::Value;

use crate::management::error::ApiError;
use crate::management::parameters::Query;

/// A choice of properties; all without one.
pub(super) struct Fields {
    names: Vec<String>,
    include: bool,
}

impl Fields {
    /// # Errors
    /// [`ApiError::InvalidQuery`] when `include_fields` is no boolean.
    pub(super) fn of(query: &Query) -> Result<Self, ApiError> {
        let list = query.text("fields")?.unwrap_or_default();
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Self { names, include: query.flag("include_fields")?.unwrap_or(true) })
    }

    /// Whether the answer shows the property.
    pub(super) fn show(&self, property: &str) -> bool {
        // A nested name (`identities.connection`) chooses its root.
        let named = self.names.iter().any(|name| name.split('.').next() == Some(property));
        self.names.is_empty() || named == self.include
    }

    /// The object with the chosen properties alone.
    pub(super) fn choose(&self, mut object: Map<String, Value>) -> Map<String, Value> {
        object.retain(|name, _| self.show(name));
        object
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(query: &str, expected: &[&str]) {
        let object = json!({ "a": 1, "b": { "c": 2 }, "d": 3 }).as_object().cloned().unwrap();
        let chosen = Fields::of(&Query::of(query)).unwrap().choose(object);
        assert_eq!(chosen.keys().collect::<Vec<_>>(), expected, "{query}");
    }

    #[test]
    fn fields_are_included_or_left_out() {
        check("", &["a", "b", "d"]);
        check("include_fields=false", &["a", "b", "d"]);
        check("fields=a,b.c", &["a", "b"]);
        check("fields=a&include_fields=false", &["b", "d"]);
        check("fields=nothing", &[]);
    }
}
