//! `GET /connections/{id}/status`: whether the connection's directory can be asked. Source: spec/management-api.md §9,
//! spec/enterprise.md §2.1.

use axum::http::StatusCode;

use crate::connections::ad;
use crate::http::outgoing::Outgoing;
use crate::management::connections::NO_SUCH_CONNECTION;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::store::tenant::Tenant;

/// Nobody is there to ask: no connector is online, or the connection has none (unverified for other strategies).
const OFFLINE: ApiError = ApiError::NotFound { message: "not connected to any node", code: None };

/// 200 without a body when the directory answers and the service account may look people up.
pub(super) async fn check(
    tenant: Tenant,
    outgoing: Outgoing,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<StatusCode, ApiError> {
    let connection = tenant.read().connections.get(id.as_str()).cloned().ok_or(NO_SUCH_CONNECTION)?;
    if !connection.strategy.has_own_form() {
        return Err(OFFLINE);
    }
    match ad::check(&connection, &outgoing).await {
        Ok(()) => Ok(StatusCode::OK),
        Err(error) => {
            tracing::warn!(connection = connection.name, "failed to {error}");
            Err(OFFLINE)
        }
    }
}
