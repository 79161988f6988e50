//! An organization as this API shows it.

use serde_json::Map;
use serde_json::Value;

use crate::domain::organization::Organization;

/// The organization.
pub(crate) fn organization(organization: &Organization) -> Map<String, Value> {
    match serde_json::to_value(organization) {
        Ok(Value::Object(view)) => view,
        _ => Map::new(),
    }
}
