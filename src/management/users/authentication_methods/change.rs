//! Changing a user's authentication methods, and taking them away.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::authentication_method::AuthenticationMethod;
use crate::domain::id::UserId;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::management::users::NO_SUCH_USER;
use crate::management::users::authentication_methods::find;
use crate::management::users::authentication_methods::shape;
use crate::store::tenant::Tenant;

/// `PATCH /users/{id}/authentication-methods/{authentication_method_id}`: 200 with the method.
pub(super) async fn update(
    tenant: Tenant,
    ApiPath((user, id)): ApiPath<(UserId, String)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let change = body.check(&shape::CHANGE, Call::Update)?.0;
    let updated = tenant.write(|tx| {
        let mut method = AuthenticationMethod::clone(find(tx, &user, &id)?);
        method.settings.extend(change);
        tx.authentication_methods.put((user.clone(), method.device.clone()), method.clone());
        Ok::<_, ApiError>(method)
    });
    Ok(Json(updated.await?.masked()))
}

/// `DELETE /users/{id}/authentication-methods/{authentication_method_id}`: 204.
pub(super) async fn remove(
    tenant: Tenant,
    ApiPath((user, id)): ApiPath<(UserId, String)>,
) -> Result<StatusCode, ApiError> {
    let removed = tenant.write(|tx| {
        let device = find(tx, &user, &id)?.device.clone();
        tx.authentication_methods.remove(&(user.clone(), device));
        Ok::<_, ApiError>(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /users/{id}/authentication-methods`, and `/authenticators`: 204.
pub(super) async fn remove_all(tenant: Tenant, ApiPath((user,)): ApiPath<(UserId,)>) -> Result<StatusCode, ApiError> {
    remove_where(&tenant, &user, |_| true).await
}

/// `DELETE /users/{id}/multifactor/{provider}`: 204. What the provider's enrolments are kept as goes.
pub(super) async fn remove_provider(
    tenant: Tenant,
    ApiPath((user, provider)): ApiPath<(UserId, String)>,
) -> Result<StatusCode, ApiError> {
    match provider.as_str() {
        "google-authenticator" => remove_where(&tenant, &user, |method| method.kind == "totp").await,
        "duo" => remove_where(&tenant, &user, |_| false).await,
        other => Err(ApiError::InvalidPath { problem: format!("No enum match for: {other}"), property: "provider" }),
    }
}

async fn remove_where(
    tenant: &Tenant,
    user: &UserId,
    goes: impl Fn(&AuthenticationMethod) -> bool,
) -> Result<StatusCode, ApiError> {
    let removed = tenant.write(|tx| {
        tx.users.get(user.as_str()).ok_or(NO_SUCH_USER)?;
        tx.authentication_methods.retain(|_, method| method.user_id != *user || !goes(method));
        Ok::<_, ApiError>(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
