//! `/users/{id}/roles`. Source: spec/management-api.md §1, §3 and §5.2.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::RoleId;
use crate::domain::id::UserId;
use crate::domain::role::MOST_ROLES_OF_USER;
use crate::domain::role::Role;
use crate::management::body::Body;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::formats::SOME;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::roles::NO_SUCH_ROLE;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::management::users::NO_SUCH_USER;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// How many roles a page has unless it says.
const PER_PAGE: usize = 50;

const ROLES: Shape = Shape::closed(&["roles"], &[property("roles", Kind::List(1, &SOME))]);

/// `GET /users/{id}/roles`, first assigned first. Wants two scopes at once.
pub(super) async fn list(
    tenant: Tenant,
    caller: Caller,
    ApiPath((id,)): ApiPath<(UserId,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    caller.check_all(&["read:users", "read:roles"])?;
    let page = Page::by_offset(&query, PER_PAGE)?;
    let state = tenant.read();
    let user = state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
    let roles = state.authorizations.roles_of(&user.user_id);
    let roles = roles.into_iter().filter_map(|role| state.roles.get(role)).collect();
    let part = page.cut(roles, |role| role.id.as_str());
    Ok(Json(page.answer("roles", part, |role| view(role))))
}

fn view(role: &Role) -> Map<String, Value> {
    let shown = [("id", json!(role.id)), ("name", json!(role.name)), ("description", json!(role.description))];
    shown.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// `POST /users/{id}/roles`: 204. All are given, or none.
pub(super) async fn assign(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let body = body.check(&ROLES, Call::Create)?;
    let assigned = tenant.write(|tx| {
        let user = tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?.user_id.clone();
        for role in body.texts("roles") {
            // An unknown role is refused (its words are unverified).
            let role = tx.roles.get(role).ok_or(NO_SUCH_ROLE)?.id.clone();
            tx.authorizations.assign(&user, &role);
        }
        check_count(tx, &user)
    });
    assigned.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /users/{id}/roles`: 204, also for roles that the user doesn't have.
pub(super) async fn unassign(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let body = body.check(&ROLES, Call::Create)?;
    let unassigned = tenant.write(|tx| {
        let user = tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?.user_id.clone();
        for role in body.texts("roles").map(RoleId::from) {
            tx.authorizations.unassign(&user, &role);
        }
        Ok::<_, ApiError>(())
    });
    unassigned.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A user has so many roles at most.
///
/// # Errors
/// [`ApiError::Refused`], in the words that there are for permissions (unverified).
pub(in crate::management) fn check_count(tx: &Tx<'_>, user: &UserId) -> Result<(), ApiError> {
    if tx.authorizations.roles_of(user).len() > MOST_ROLES_OF_USER {
        let message = "No more roles can be assigned to this user.";
        return Err(ApiError::refused("operation_not_supported", message));
    }
    Ok(())
}
