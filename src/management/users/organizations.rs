//! `GET /users/{id}/organizations`. Source: spec/management-api.md §5.2.

use axum::Json;
use serde_json::Value;

use crate::domain::id::UserId;
use crate::management::error::ApiError;
use crate::management::organizations::view;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::users::NO_SUCH_USER;
use crate::store::tenant::Tenant;

/// How many organizations a page has unless it says.
const PER_PAGE: usize = 50;

/// The organizations that a user belongs to, in the order of their ids.
pub(super) async fn list(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::by_offset(&query, PER_PAGE)?;
    let state = tenant.read();
    state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
    let found = state.memberships.of_user(&id).filter_map(|id| state.organizations.get(id.as_str())).collect();
    let part = page.cut(found, |organization| organization.id.as_str());
    Ok(Json(page.answer("organizations", part, |organization| view::organization(organization))))
}
