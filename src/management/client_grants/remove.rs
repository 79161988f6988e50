//! `DELETE /client-grants/{id}`.

use axum::http::StatusCode;

use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::store::tenant::Tenant;

/// `DELETE /client-grants/{id}`: 204, also for a grant that isn't there (unverified).
pub(super) async fn remove(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<StatusCode, ApiError> {
    tenant.write(|tx| Ok::<_, ApiError>(tx.client_grants.remove(id.as_str()))).await?;
    Ok(StatusCode::NO_CONTENT)
}
