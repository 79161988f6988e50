//! `/organizations/{id}/members/{user_id}/roles`: roles that a user has in one organization alone.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::RoleId;
use crate::domain::id::UserId;
use crate::domain::organization::Membership;
use crate::domain::role::Role;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::error::ApiError;
use crate::management::organizations::NO_SUCH_ORGANIZATION;
use crate::management::organizations::shape;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::schema::Call;
use crate::management::users::NO_SUCH_USER;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How many roles a page has unless it says.
const PER_PAGE: usize = 50;

/// As `/roles` says it.
const NO_SUCH_ROLE: ApiError = ApiError::NotFound { message: "The role does not exist.", code: None };

/// The roles of a member that still exist.
pub(super) fn roles_of<'a>(state: &'a TenantState, membership: &Membership) -> Vec<&'a Arc<Role>> {
    membership.roles.iter().filter_map(|id| state.roles.get(id.as_str())).collect()
}

/// The membership that the path names. Who is no member has no place there (the words for it are unverified).
fn membership<'a>(state: &'a TenantState, id: &str, user: &UserId) -> Result<&'a Arc<Membership>, ApiError> {
    let organization = state.organizations.get(id).ok_or(NO_SUCH_ORGANIZATION)?;
    state.memberships.get(&organization.id, user).ok_or(NO_SUCH_USER)
}

/// `GET /organizations/{id}/members/{user_id}/roles`, in the order of their ids.
pub(super) async fn list(
    tenant: Tenant,
    ApiPath((id, user)): ApiPath<(String, UserId)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::by_offset(&query, PER_PAGE)?;
    let state = tenant.read();
    let roles = roles_of(&state, membership(&state, &id, &user)?);
    let part = page.cut(roles, |role| role.id.as_str());
    Ok(Json(page.answer("roles", part, |role| {
        let shown = [("id", json!(role.id)), ("name", json!(role.name)), ("description", json!(role.description))];
        shown.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>()
    })))
}

/// `POST /organizations/{id}/members/{user_id}/roles`: 204. All are given, or none.
pub(super) async fn add(
    tenant: Tenant,
    ApiPath((id, user)): ApiPath<(String, UserId)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let roles = roles(&body.check(&shape::ROLES, Call::Create)?);
    let added = tenant.write(|tx| {
        let mut membership = Membership::clone(membership(tx, &id, &user)?);
        for role in roles {
            let role = tx.roles.get(role.as_str()).ok_or(NO_SUCH_ROLE)?;
            membership.roles.insert(role.id.clone());
        }
        tx.memberships.put(membership);
        Ok::<_, ApiError>(())
    });
    added.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /organizations/{id}/members/{user_id}/roles`: 204, also for roles that the member doesn't have.
pub(super) async fn remove(
    tenant: Tenant,
    ApiPath((id, user)): ApiPath<(String, UserId)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let roles = roles(&body.check(&shape::ROLES, Call::Create)?);
    let removed = tenant.write(|tx| {
        let mut membership = Membership::clone(membership(tx, &id, &user)?);
        membership.roles.retain(|role| !roles.contains(role));
        tx.memberships.put(membership);
        Ok::<_, ApiError>(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn roles(body: &Checked) -> Vec<RoleId> {
    let roles = body.0.get("roles").and_then(Value::as_array);
    roles.into_iter().flatten().filter_map(Value::as_str).map(RoleId::from).collect()
}
