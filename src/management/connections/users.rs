//! `DELETE /connections/{id}/users`. Source: spec/management-api.md §9.

use axum::http::StatusCode;

use crate::domain::id::UserId;
use crate::domain::user::Identity;
use crate::management::connections::NO_SUCH_CONNECTION;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// `DELETE /connections/{id}/users?email=`: takes out the database's user with this address. 204, also when there is
/// none (unverified). Who only has an account of that address linked is another user, and stays.
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
        let is_of = |identity: &Identity| identity.connection == connection.name;
        let found = tx.users.with_email(email).find(|user| user.primary().is_some_and(is_of));
        let id: Option<UserId> = found.map(|user| user.user_id.clone());
        if let Some(id) = id {
            tx.remove_user(&id);
        }
        Ok(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
