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

/// `GET /connections`, in the order of their names; `strategy` and `name` choose among them.
async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::of(&query, PER_PAGE)?, Fields::of(&query)?);
    let state = tenant.read();
    let fits = |connection: &&Arc<Connection>| {
        query.text("strategy").is_none_or(|strategy| connection.strategy.as_str() == strategy)
            && query.text("name").is_none_or(|name| connection.name == name)
    };
    let mut found: Vec<_> = state.connections.rows().filter(fits).collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    let total = found.len();
    let shown = page.cut(found.into_iter()).into_iter().map(|connection| fields.choose(view(connection))).collect();
    Ok(Json(page.answer("connections", shown, total)))
}

/// `GET /connections/{id}`
async fn read(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let connection = state.connections.get(id.as_str());
    let message = "The connection does not exist";
    let connection = connection.ok_or(ApiError::NotFound { message, code: Some("inexistent_connection") })?;
    Ok(Json(Fields::of(&query)?.choose(view(connection))))
}

/// The connection with what every answer has.
fn view(connection: &Connection) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(connection) else { return Map::new() };
    if connection.realms.is_empty() {
        view.insert("realms".to_owned(), vec![Value::from(connection.name.as_str())].into());
    }
    view
}
