//! `DELETE /connections/{id}`. Source: spec/management-api.md §3 and §9.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::store::tenant::Tenant;

/// `DELETE /connections/{id}`: 202 with the time, and 204 when there is none (any more).
pub(super) async fn remove(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<Response, ApiError> {
    let removed = tenant.write(|tx| Ok::<_, ApiError>(tx.remove_connection(&id).map(|_| tx.now)));
    Ok(match removed.await? {
        Some(deleted_at) => (StatusCode::ACCEPTED, Json(json!({ "deleted_at": deleted_at }))).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
