//! An organization as this API shows it.

use serde_json::Map;
use serde_json::Value;

use crate::domain::organization::Organization;

/// The organization with what every answer has, as the newest recordings show it.
pub(crate) fn organization(organization: &Organization) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(organization) else { return Map::new() };
    view.insert("is_app_entitlement_active".to_owned(), true.into());
    view
}
