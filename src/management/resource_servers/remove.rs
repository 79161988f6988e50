//! `DELETE /resource-servers/{id}`.

use axum::http::StatusCode;

use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::http::address::Address;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::resource_servers::find;
use crate::store::tenant::Tenant;

/// `DELETE /resource-servers/{id}`: 204, also for an API that isn't there (unverified). Permissions and grants at it go
/// too. Of the service's own APIs, those that were created can be deleted, as recorded; the Management API cannot.
pub(super) async fn remove(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<StatusCode, ApiError> {
    let removed = tenant.write(|tx| {
        let Some(api) = find(tx, (&tenant, &address), &id).cloned() else { return Ok(()) };
        if api.identifier == MANAGEMENT_IDENTIFIER {
            return Err(ApiError::refused("operation_not_supported", "System resource servers cannot be deleted."));
        }
        tx.remove_resource_server(api.id.as_str());
        Ok(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
