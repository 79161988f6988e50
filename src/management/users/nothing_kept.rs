//! What the real service keeps of users and this one never has: remembered devices, recovery codes, risk assessments,
//! tokens of a vault. Asking for it says truly that there is none; taking it away changes nothing.
//! Source: spec/management-api.md §5.2.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::UserId;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::formats::SOME;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::management::users::NO_CONNECTION;
use crate::management::users::NO_SUCH_USER;
use crate::store::tenant::Tenant;

fn check_user(tenant: &Tenant, id: &UserId) -> Result<(), ApiError> {
    tenant.read().users.get(id.as_str()).map(drop).ok_or(NO_SUCH_USER)
}

/// `POST /users/{id}/multifactor/actions/invalidate-remember-browser`: 204. No browser is remembered.
pub(super) async fn forget_browsers(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
) -> Result<StatusCode, ApiError> {
    check_user(&tenant, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /users/{id}/recovery-code-regeneration`: 404, because nobody has a recovery code.
pub(super) async fn new_recovery_code(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
) -> Result<StatusCode, ApiError> {
    check_user(&tenant, &id)?;
    Err(ApiError::NotFound { message: "Enrollment not found.", code: Some("enrollment_not_found") })
}

const ASSESSORS: Shape = Shape::closed(
    &["connection", "assessors"],
    &[property("connection", SOME), property("assessors", Kind::List(1, &Kind::OneOf(&["new-device"])))],
);

/// `POST /users/{id}/risk-assessments/clear`: 204. No device of a user is assessed.
pub(super) async fn clear_assessments(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let body = body.check(&ASSESSORS, Call::Create)?;
    check_user(&tenant, &id)?;
    let state = tenant.read();
    body.text("connection").and_then(|name| state.connection_named(name)).ok_or(NO_CONNECTION)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /users/{id}/federated-connections-tokensets`
pub(super) async fn token_sets(tenant: Tenant, ApiPath((id,)): ApiPath<(UserId,)>) -> Result<Json<Value>, ApiError> {
    check_user(&tenant, &id)?;
    Ok(Json(json!([])))
}

/// `DELETE /users/{id}/federated-connections-tokensets/{tokenset_id}`: 204, as recorded for one that doesn't exist.
pub(super) async fn remove_token_set(
    tenant: Tenant,
    ApiPath((id, _)): ApiPath<(UserId, String)>,
) -> Result<StatusCode, ApiError> {
    check_user(&tenant, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /users/{id}/connected-accounts`
pub(super) async fn connected_accounts(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
) -> Result<Json<Value>, ApiError> {
    check_user(&tenant, &id)?;
    Ok(Json(json!({ "connected_accounts": [] })))
}
