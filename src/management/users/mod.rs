//! `/users` and `/users-by-email`. Source: spec/management-api.md §5, spec/profile.md §1 to §3.

mod access;
mod authentication_methods;
mod change;
pub(super) mod checks;
mod create;
mod effects;
mod identities;
mod list;
mod nothing_kept;
mod organizations;
mod permissions;
pub(super) mod roles;
mod shape;
mod update;
mod view;

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::management::asked::Asked;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::operations::Operations;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

pub(super) fn operations(operations: Operations) -> Operations {
    let operations = below(authentication_methods::operations(operations));
    operations
        .get("/users", &["read:users", "read:user_idp_tokens"], list::list)
        .post("/users", &["create:users"], create::create)
        .get("/users-by-email", &["read:users"], list::by_email)
        .get("/users/{id}", &["read:users", "read:current_user", "read:user_idp_tokens"], read)
        .patch(
            "/users/{id}",
            &["update:users", "update:users_app_metadata", "update:current_user_metadata"],
            update::update,
        )
        .delete("/users/{id}", &["delete:users", "delete:current_user"], delete)
        .post("/users/{id}/identities", &["update:users", "update:current_user_identities"], identities::link)
        .delete(
            "/users/{id}/identities/{provider}/{user_id}",
            &["update:users", "update:current_user_identities"],
            identities::unlink,
        )
}

fn roles_and_permissions(operations: Operations) -> Operations {
    operations
        .get("/users/{id}/roles", &["read:users", "read:roles", "read:role_members"], roles::list)
        .post("/users/{id}/roles", &["update:users", "create:role_members"], roles::assign)
        .delete("/users/{id}/roles", &["update:users", "delete:role_members"], roles::unassign)
        .get("/users/{id}/permissions", &["read:users"], permissions::list)
        .post("/users/{id}/permissions", &["update:users"], permissions::add)
        .delete("/users/{id}/permissions", &["update:users"], permissions::remove)
}

/// What hangs below a user, and has no module of its own.
fn below(operations: Operations) -> Operations {
    roles_and_permissions(operations)
        .get("/users/{id}/organizations", &["read:organizations"], organizations::list)
        .get("/users/{id}/sessions", &["read:sessions"], access::sessions)
        .delete("/users/{id}/sessions", &["delete:sessions"], access::end_sessions)
        .get("/users/{id}/refresh-tokens", &["read:refresh_tokens"], access::refresh_tokens)
        .delete("/users/{id}/refresh-tokens", &["delete:refresh_tokens"], access::end_refresh_tokens)
        .post("/users/{id}/revoke-access", &["delete:sessions", "delete:refresh_tokens"], access::revoke)
        .post(
            "/users/{id}/multifactor/actions/invalidate-remember-browser",
            &["update:users"],
            nothing_kept::forget_browsers,
        )
        .post("/users/{id}/recovery-code-regeneration", &["update:users"], nothing_kept::new_recovery_code)
        .post("/users/{id}/risk-assessments/clear", &["update:users"], nothing_kept::clear_assessments)
        .get(
            "/users/{id}/federated-connections-tokensets",
            &["read:federated_connections_tokens"],
            nothing_kept::token_sets,
        )
        .delete(
            "/users/{id}/federated-connections-tokensets/{tokenset_id}",
            &["delete:federated_connections_tokens"],
            nothing_kept::remove_token_set,
        )
        .get("/users/{id}/connected-accounts", &["read:users"], nothing_kept::connected_accounts)
}

pub(super) const NO_SUCH_USER: ApiError =
    ApiError::NotFound { message: "The user does not exist.", code: Some("inexistent_user") };

const ALREADY_EXISTS: ApiError =
    ApiError::Conflict { message: "The user already exists.", code: Some("auth0_idp_error") };

/// The code is unverified.
const NO_CONNECTION: ApiError =
    ApiError::Refused { message: Cow::Borrowed("Connection does not exist."), code: "inexistent_connection" };

/// `GET /users/{id}`
async fn read(
    tenant: Tenant,
    caller: Caller,
    ApiPath((id,)): ApiPath<(UserId,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let user = state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
    Ok(Json(fields.choose(view::user(user, &caller))))
}

/// `DELETE /users/{id}`: 204, also for a user that isn't there (spec/management-api.md §3).
async fn delete(tenant: Tenant, asked: Asked, ApiPath((id,)): ApiPath<(UserId,)>) -> Result<StatusCode, ApiError> {
    let deleted = tenant.write(|tx| {
        tx.remove_user(&id);
        tx.log(LogEvent { user_id: Some(id), ..asked.success("Delete a User", tx.now) });
        Ok(StatusCode::NO_CONTENT)
    });
    deleted.await
}
