//! `DELETE /clients/{id}`.

use axum::http::StatusCode;

use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::store::tenant::Tenant;

/// `DELETE /clients/{id}`: 204, also for a client that isn't there (unverified). Its grants and tokens go with it.
pub(super) async fn remove(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<StatusCode, ApiError> {
    let removed = tenant.write(|tx| {
        if tx.client(&id).is_some_and(|client| client.global) {
            // The real service's words are unknown.
            return Err(ApiError::refused("operation_not_supported", "The global client can not be deleted"));
        }
        tx.remove_client(&id);
        Ok(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
