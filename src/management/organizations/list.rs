//! Reading organizations.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::management::error::ApiError;
use crate::management::organizations::NO_SUCH_ORGANIZATION;
use crate::management::organizations::view;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// How many organizations a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /organizations`, in the order of their ids.
pub(super) async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    let page = Page::of(&query, PER_PAGE)?;
    let state = tenant.read();
    let part = page.cut(state.organizations.rows().collect(), |organization| organization.id.as_str());
    Ok(Json(page.answer("organizations", part, |organization| view::organization(organization))))
}

/// `GET /organizations/{id}`
pub(super) async fn read(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let organization = state.organizations.get(id.as_str()).ok_or(NO_SUCH_ORGANIZATION)?;
    Ok(Json(view::organization(organization)))
}

/// `GET /organizations/name/{name}`
pub(super) async fn by_name(
    tenant: Tenant,
    ApiPath((name,)): ApiPath<(String,)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let organization = state.organization_named(&name).ok_or(NO_SUCH_ORGANIZATION)?;
    Ok(Json(view::organization(organization)))
}
