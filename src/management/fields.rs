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
        let list = query.text("fields").unwrap_or_default();
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Self { names, include: query.flag("include_fields")?.unwrap_or(true) })
    }

    /// The object with the chosen properties alone.
    pub(super) fn choose(&self, mut object: Map<String, Value>) -> Map<String, Value> {
        if !self.names.is_empty() {
            // A nested name (`identities.connection`) chooses its root.
            let named = |key: &str| self.names.iter().any(|name| name.split('.').next() == Some(key));
            object.retain(|key, _| named(key) == self.include);
        }
        object
    }
}
