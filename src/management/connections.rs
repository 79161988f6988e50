//! `/connections`, read only so far. Source: spec/management-api.md §9.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::operations::Operations;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// How many connections a page has unless it says.
const PER_PAGE: usize = 100;

pub(super) fn operations(operations: Operations) -> Operations {
    operations.get("/connections", &["read:connections"], list).get("/connections/{id}", &["read:connections"], read)
}

/// `GET /connections`, in the order of their names; `strategy`, which may be repeated, and `name` choose among them.
async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::of(&query, PER_PAGE)?, Fields::of(&query)?);
    let (name, strategies) = (query.text("name")?, query.texts("strategy").collect::<Vec<_>>());
    let fits = |connection: &&Arc<Connection>| {
        name.is_none_or(|name| connection.name == name)
            && (strategies.is_empty() || strategies.contains(&connection.strategy.as_str()))
    };
    let state = tenant.read();
    let mut found: Vec<_> = state.connections.rows().filter(fits).collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    let part = page.cut(found, |connection| &connection.name);
    Ok(Json(page.answer("connections", part, |connection| choose(&fields, view(connection)))))
}

/// `GET /connections/{id}`
async fn read(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let connection = state.connections.get(id.as_str()).ok_or(NO_SUCH_CONNECTION)?;
    Ok(Json(choose(&fields, view(connection))))
}

const NO_SUCH_CONNECTION: ApiError =
    ApiError::NotFound { message: "The connection does not exist", code: Some("inexistent_connection") };

/// The connection with what every answer has.
fn view(connection: &Connection) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(connection) else { return Map::new() };
    if connection.realms.is_empty() {
        view.insert("realms".to_owned(), vec![Value::from(connection.name.as_str())].into());
    }
    view
}

/// The fields asked for; `is_domain_connection` is always among them, as recorded.
fn choose(fields: &Fields, mut view: Map<String, Value>) -> Map<String, Value> {
    view.retain(|name, _| name == "is_domain_connection" || fields.show(name));
    view
}
