//! `/roles`, read only so far. Source: spec/management-api.md §12.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::role::Role;
use crate::management::error::ApiError;
use crate::management::operations::Operations;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// How many roles a page has unless it says.
const PER_PAGE: usize = 50;

pub(super) fn operations(operations: Operations) -> Operations {
    operations.get("/roles", &["read:roles"], list).get("/roles/{id}", &["read:roles"], read)
}

/// `GET /roles`; `name_filter` wants a part of the name, whatever its case.
async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    let page = Page::by_offset(&query, PER_PAGE)?;
    let part = query.text("name_filter")?.map(str::to_lowercase);
    let fits = |role: &&Arc<Role>| part.as_ref().is_none_or(|part| role.name.to_lowercase().contains(part));
    let state = tenant.read();
    let shown = page.cut(state.roles.rows().filter(fits).collect(), |role| role.id.as_str());
    Ok(Json(page.answer("roles", shown, |role| view(role))))
}

/// `GET /roles/{id}`
async fn read(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let role = state.roles.get(id.as_str());
    let role = role.ok_or(ApiError::NotFound { message: "The role does not exist.", code: None })?;
    Ok(Json(view(role)))
}

fn view(role: &Role) -> Map<String, Value> {
    serde_json::to_value(role).ok().and_then(|role| role.as_object().cloned()).unwrap_or_default()
}
