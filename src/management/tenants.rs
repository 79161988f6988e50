//! `/tenants/settings`, read only so far. Source: spec/management-api.md §14, spec/tokens.md §13.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::operations::Operations;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

pub(super) fn operations(operations: Operations) -> Operations {
    operations.get("/tenants/settings", &["read:tenant_settings"], read)
}

/// `GET /tenants/settings`
async fn read(tenant: Tenant, query: Query) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let Ok(Value::Object(settings)) = serde_json::to_value(&*state.settings) else { return Ok(Json(Map::new())) };
    Ok(Json(Fields::of(&query)?.choose(settings)))
}
