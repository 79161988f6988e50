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

/// What an answer has whatever fields were asked for, as recorded.
const ALWAYS: &[&str] = &["id", "is_domain_connection", "authentication", "connected_accounts"];

/// The fields asked for, and those that are always there.
pub(super) fn choose(fields: &Fields, mut view: Map<String, Value>) -> Map<String, Value> {
    view.retain(|name, _| ALWAYS.contains(&name.as_str()) || fields.show(name));
    view
}
