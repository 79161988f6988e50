//! `DELETE /organizations/{id}`.

use axum::http::StatusCode;

use crate::management::error::ApiError;
use crate::management::organizations::NO_SUCH_ORGANIZATION;
use crate::management::parameters::ApiPath;
use crate::store::tenant::Tenant;

/// `DELETE /organizations/{id}`: 204. Its members stay users.
pub(super) async fn remove(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<StatusCode, ApiError> {
    let removed = tenant.write(|tx| {
        let removed = tx.organizations.remove(id.as_str()).ok_or(NO_SUCH_ORGANIZATION)?;
        tx.memberships.remove_organization(&removed.id);
        Ok::<_, ApiError>(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
