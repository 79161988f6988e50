//! `/roles/{id}/permissions`. Source: spec/management-api.md §3, §5.2 and §12.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::role::MOST_PERMISSIONS;
use crate::domain::role::Role;
use crate::http::address::Address;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::permissions;
use crate::management::permissions::PERMISSIONS;
use crate::management::roles::NO_SUCH_ROLE;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// How many permissions a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /roles/{id}/permissions`, in the order of APIs, then of names.
pub(super) async fn list(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::by_offset(&query, PER_PAGE)?;
    let state = tenant.read();
    let role = state.roles.get(id.as_str()).ok_or(NO_SUCH_ROLE)?;
    let part = page.cut(role.permissions.iter().collect(), |right| &right.name);
    Ok(Json(page.answer("permissions", part, |right| permissions::view(right, &state, &address))))
}

/// `POST /roles/{id}/permissions`: 201 with `{}`. All are added, or none.
pub(super) async fn add(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let rights = permissions::named(&body.check(&PERMISSIONS, Call::Create)?, &tenant, &address);
    let added = tenant.write(|tx| {
        let mut role = Role::clone(tx.roles.get(id.as_str()).ok_or(NO_SUCH_ROLE)?);
        permissions::check_defined(tx, &rights)?;
        role.permissions.extend(rights);
        if role.permissions.len() > MOST_PERMISSIONS {
            // In the words that there are for users (unverified).
            let message = "No more permissions can be assigned to this role.";
            return Err(ApiError::refused("operation_not_supported", message));
        }
        tx.roles.put(role.id.clone(), role);
        Ok(())
    });
    added.await?;
    Ok((StatusCode::CREATED, Json(Map::new().into())))
}

/// `DELETE /roles/{id}/permissions`: 204, also for permissions that the role doesn't have.
pub(super) async fn remove(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let rights = permissions::named(&body.check(&PERMISSIONS, Call::Create)?, &tenant, &address);
    let removed = tenant.write(|tx| {
        let mut role = Role::clone(tx.roles.get(id.as_str()).ok_or(NO_SUCH_ROLE)?);
        role.permissions.retain(|right| !rights.contains(right));
        tx.roles.put(role.id.clone(), role);
        Ok::<_, ApiError>(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
