//! `GET /connections` and `GET /connections/{id}`.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::management::connections::NO_SUCH_CONNECTION;
use crate::management::connections::view;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// How many connections a page has unless it says.
const PER_PAGE: usize = 100;

/// `GET /connections`, in the order of their names; `strategy`, which may be repeated, and `name` choose among them.
pub(super) async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
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
    Ok(Json(page.answer("connections", part, |connection| view::choose(&fields, view::connection(connection)))))
}

/// `GET /connections/{id}`
pub(super) async fn read(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let connection = state.connections.get(id.as_str()).ok_or(NO_SUCH_CONNECTION)?;
    Ok(Json(view::choose(&fields, view::connection(connection))))
}
