//! `GET /clients/{id}/connections`: the connections that a client may use.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::management::clients::NO_SUCH_CLIENT;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// By checkpoint alone, in the order of their names; `strategy`, which may be repeated, chooses among them. Their
/// options are left out (unverified: the real service's schema has none).
pub(super) async fn list(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::by_checkpoint(&query, 100)?, Fields::of(&query)?);
    let strategies: Vec<_> = query.texts("strategy").collect();
    let state = tenant.read();
    let client = state.client(&id).ok_or(NO_SUCH_CLIENT)?;
    let mut enabled = state.connections_of(&client.client_id);
    enabled.retain(|connection| strategies.is_empty() || strategies.contains(&connection.strategy.as_str()));
    let part = page.cut(enabled, |connection| connection.name.as_str());
    Ok(Json(page.answer("connections", part, |connection| {
        let Ok(Value::Object(mut view)) = serde_json::to_value(&*connection) else { return Map::new() };
        view.retain(|name, _| name != "options" && name != "enabled_clients");
        fields.choose(view)
    })))
}
