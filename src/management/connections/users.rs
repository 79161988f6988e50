//! `DELETE /connections/{id}/users`. Source: spec/management-api.md §9.

use axum::http::StatusCode;

use crate::domain::id::UserId;
use crate::management::connections::NO_SUCH_CONNECTION;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// `DELETE /connections/{id}/users?email=`: takes out the database's user with this address. 204, also when there is
/// none (unverified).
pub(super) async fn remove(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<StatusCode, ApiError> {
    let email = query.text("email")?.ok_or(ApiError::MissingParameter("email"))?;
    let removed = tenant.write(|tx| {
        let connection = tx.connections.get(id.as_str()).ok_or(NO_SUCH_CONNECTION)?;
        if !connection.strategy.is_database() {
            return Err(ApiError::refused("invalid_body", "Connection must be a database connection"));
        }
        let found = tx.users.in_database(&connection.name, "email", email);
        let id: Option<UserId> = found.map(|user| user.user_id.clone());
        if let Some(id) = id {
            tx.remove_user(&id);
        }
        Ok(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
