//! Giving a user authentication methods: one more, or all anew.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::authentication_method::AuthenticationMethod;
use crate::domain::id::UserId;
use crate::management::body::Body;
use crate::management::body::Payload;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::management::users::NO_SUCH_USER;
use crate::management::users::authentication_methods::of_user;
use crate::management::users::authentication_methods::shape;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// The code is unverified.
const ALREADY_EXISTS: ApiError =
    ApiError::Conflict { message: "Authentication method already exists.", code: Some("authentication_method_exists") };

/// `POST /users/{id}/authentication-methods`: 201 with the method, address and number covered.
pub(super) async fn add(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let settings = body.check(&shape::NEW, Call::Create)?.0;
    shape::check_complete(&settings)?;
    let added = tenant.write(|tx| {
        tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
        put(tx, &id, settings)
    });
    Ok((StatusCode::CREATED, Json(added.await?.masked())))
}

/// `PUT /users/{id}/authentication-methods`: 200 with the methods, nothing covered, in the place of all that there were.
pub(super) async fn replace(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    payload: Payload,
) -> Result<Json<Value>, ApiError> {
    let all = payload.check(&shape::SET, Call::Create)?;
    let all: Vec<Map<String, Value>> =
        all.as_array().into_iter().flatten().filter_map(Value::as_object).cloned().collect();
    all.iter().try_for_each(shape::check_complete)?;
    let replaced = tenant.write(|tx| {
        tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
        tx.authentication_methods.retain(|_, method| method.user_id != id);
        all.into_iter().map(|settings| put(tx, &id, settings)).collect::<Result<Vec<_>, ApiError>>()
    });
    Ok(Json(replaced.await?.into_iter().map(|method| Value::Object(method.shown())).collect()))
}

fn put(tx: &mut Tx<'_>, user: &UserId, mut settings: Map<String, Value>) -> Result<AuthenticationMethod, ApiError> {
    let kind = settings.remove("type").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
    let device = tx.rng().alphanumeric(16);
    let method = AuthenticationMethod { user_id: user.clone(), device, kind, created_at: tx.now, settings };
    if of_user(tx, user)?.iter().any(|known| known.is_same_as(&method)) {
        return Err(ALREADY_EXISTS);
    }
    tx.authentication_methods.put((user.clone(), method.device.clone()), method.clone());
    Ok(method)
}
