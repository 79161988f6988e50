//! A connection as this API shows it.

use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::management::fields::Fields;

/// The connection with what every answer has.
pub(super) fn connection(connection: &Connection) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(connection) else { return Map::new() };
    if connection.realms.is_empty() {
        view.insert("realms".to_owned(), vec![Value::from(connection.name.as_str())].into());
    }
    view
}

/// The fields asked for; `is_domain_connection` is always among them, as recorded.
pub(super) fn choose(fields: &Fields, mut view: Map<String, Value>) -> Map<String, Value> {
    view.retain(|name, _| name == "is_domain_connection" || fields.show(name));
    view
}
