//! `GET /roles` and `GET /roles/{id}`.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::role::Role;
use crate::management::error::ApiError;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::roles::NO_SUCH_ROLE;
use crate::management::roles::TYPE;
use crate::management::roles::view;
use crate::store::tenant::Tenant;

/// How many roles a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /roles`; `name_filter` wants a part of the name, whatever its case.
pub(super) async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    let page = Page::by_offset(&query, PER_PAGE)?;
    let part = query.text("name_filter")?.map(str::to_lowercase);
    let all_fit = query.text("type")?.is_none_or(|kind| kind == TYPE);
    let named = |role: &&Arc<Role>| part.as_ref().is_none_or(|part| role.name.to_lowercase().contains(part));
    let state = tenant.read();
    let shown = page.cut(state.roles.rows().filter(named).filter(|_| all_fit).collect(), |role| role.id.as_str());
    Ok(Json(page.answer("roles", shown, |role| view(role))))
}

/// `GET /roles/{id}`
pub(super) async fn read(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    Ok(Json(view(state.roles.get(id.as_str()).ok_or(NO_SUCH_ROLE)?)))
}
