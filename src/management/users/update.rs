//! `PATCH /users/{id}`. Source: spec/profile.md §7, spec/caching.md §5.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::password::Password;
use crate::domain::profile::metadata;
use crate::domain::profile::update;
use crate::domain::profile::update::UpdateError;
use crate::domain::user::Identity;
use crate::domain::user::User;
use crate::management::asked::Asked;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::management::users::NO_CONNECTION;
use crate::management::users::NO_SUCH_USER;
use crate::management::users::change;
use crate::management::users::checks;
use crate::management::users::checks::INVALID;
use crate::management::users::effects;
use crate::management::users::effects::Changed;
use crate::management::users::shape;
use crate::management::users::view;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// `PATCH /users/{id}`: 200 with the whole profile. Metadata is merged on its first level. Where `connection` is that of
/// a linked identity, address, user name, phone number and password are that identity's.
pub(super) async fn update(
    tenant: Tenant,
    caller: Caller,
    asked: Asked,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let body = body.check(&shape::CHANGE, Call::Update)?;
    check_scopes(&caller, &body)?;
    let connection = check(&tenant.read(), &id, &body)?;
    let password = match (body.text("password"), &connection) {
        (Some(password), Some(connection)) => Some(checks::hash(connection, password).await?),
        _ => None,
    };
    let updated = tenant.write(|tx| write(tx, &asked, &id, &body, password)).await;
    if let Err(error) = &updated {
        effects::log_failure(&tenant, &asked, &id, &body, error).await?;
    }
    Ok(Json(view::user(&updated?, &caller)))
}

/// Changes the user and what follows from it, in one write.
fn write(
    tx: &mut Tx<'_>,
    asked: &Asked,
    id: &UserId,
    body: &Checked,
    password: Option<Password>,
) -> Result<User, ApiError> {
    let before = tx.user(id).ok_or(NO_SUCH_USER)?;
    let linked = update::linked_target(&before, &body.0).map(Identity::as_user_id);
    let identity = linked.clone().or_else(|| before.primary().map(Identity::as_user_id)).ok_or(NO_SUCH_USER)?;
    let mut user = change::apply(before.clone(), linked.as_ref(), body, tx.now)?;
    if let Some(password) = password {
        tx.change_password(&mut user, &identity, password);
    }
    tx.put_user(user.clone())?;
    effects::follow(tx, asked, body, &Changed { before: &before, after: &user, identity: &identity });
    Ok(user)
}

/// End users change their own `user_metadata` alone; `app_metadata` has a scope of its own.
fn check_scopes(caller: &Caller, body: &Checked) -> Result<(), ApiError> {
    for name in body.0.keys() {
        let scopes: &[&str] = match name.as_str() {
            "user_metadata" => &["update:users", "update:current_user_metadata"],
            "app_metadata" => &["update:users", "update:users_app_metadata"],
            _ => &["update:users"],
        };
        caller.check_any(scopes)?;
    }
    Ok(())
}

/// Whether the change may be made; gives the connection that it concerns, if it concerns one.
fn check(state: &TenantState, id: &UserId, body: &Checked) -> Result<Option<Arc<Connection>>, ApiError> {
    let user = state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
    if !update::concerns_connection(&body.0) {
        return Ok(None);
    }
    let identity = update::linked_target(user, &body.0).or(user.primary());
    let name = identity.map(|identity| identity.connection.as_str()).unwrap_or_default();
    let connection = state.connection_named(name).ok_or(NO_CONNECTION)?;
    update::check(user, connection, &body.0)?;
    check_connection(connection, body)?;
    Ok(Some(Arc::clone(connection)))
}

fn check_connection(connection: &Connection, body: &Checked) -> Result<(), ApiError> {
    let signs_in_with = body.0.contains_key("email") || body.0.contains_key("password");
    if signs_in_with && checks::is_disabled(connection) {
        let message = "Cannot change email or password for users in a disabled connection.";
        return Err(ApiError::refused(INVALID, message));
    }
    body.text("username").map_or(Ok(()), |username| checks::check_username(connection, username))
}

impl From<UpdateError> for ApiError {
    fn from(error: UpdateError) -> Self {
        Self::refused(error.code(), error.to_string())
    }
}

impl From<metadata::MetadataError> for ApiError {
    fn from(error: metadata::MetadataError) -> Self {
        Self::InvalidBody(error.to_string())
    }
}
