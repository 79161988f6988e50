//! `/users/{id}/permissions`: those given to the user, and those that come by roles. Source: spec/management-api.md §5.2.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::UserId;
use crate::domain::role::MOST_PERMISSIONS;
use crate::domain::role::Right;
use crate::http::address::Address;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::permissions;
use crate::management::permissions::PERMISSIONS;
use crate::management::schema::Call;
use crate::management::users::NO_SUCH_USER;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How many permissions a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /users/{id}/permissions`, in the order of APIs, then of names; each with all its sources.
pub(super) async fn list(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(UserId,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::by_offset(&query, PER_PAGE)?;
    let state = tenant.read();
    let user = state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
    let rights = sources(&state, &user.user_id).into_iter().collect();
    let part = page.cut(rights, |(right, _)| &right.name);
    Ok(Json(page.answer("permissions", part, |(right, sources)| {
        let mut view = permissions::view(right, &state, &address);
        view.insert("sources".to_owned(), sources.into());
        view
    })))
}

/// What the user may do, and whereby.
fn sources<'a>(state: &'a TenantState, user: &UserId) -> BTreeMap<&'a Right, Vec<Value>> {
    let mut found: BTreeMap<_, Vec<Value>> = BTreeMap::new();
    for right in state.authorizations.rights_of(user) {
        let direct = json!({ "source_id": "", "source_name": "", "source_type": "DIRECT" });
        found.entry(right).or_default().push(direct);
    }
    for role in state.authorizations.roles_of(user).into_iter().filter_map(|role| state.roles.get(role)) {
        for right in &role.permissions {
            let by_role = json!({ "source_id": role.id, "source_name": role.name, "source_type": "ROLE" });
            found.entry(right).or_default().push(by_role);
        }
    }
    found
}

/// `POST /users/{id}/permissions`: 201 with `{}`. All are given, or none.
pub(super) async fn add(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let rights = permissions::named(&body.check(&PERMISSIONS, Call::Create)?, &tenant, &address);
    let added = tenant.write(|tx| {
        let user = tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?.user_id.clone();
        permissions::check_defined(tx, &rights)?;
        for right in rights {
            tx.authorizations.allow(&user, right);
        }
        if tx.authorizations.rights_of(&user).count() > MOST_PERMISSIONS {
            let message = "No more permissions can be assigned to this user.";
            return Err(ApiError::refused("operation_not_supported", message));
        }
        Ok(())
    });
    added.await?;
    Ok((StatusCode::CREATED, Json(Map::new().into())))
}

/// `DELETE /users/{id}/permissions`: 204, also for permissions that the user doesn't have, or has by a role alone.
pub(super) async fn remove(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let rights = permissions::named(&body.check(&PERMISSIONS, Call::Create)?, &tenant, &address);
    let removed = tenant.write(|tx| {
        let user = tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?.user_id.clone();
        for right in &rights {
            tx.authorizations.disallow(&user, right);
        }
        Ok::<_, ApiError>(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
