//! `PATCH /users/{id}`. Source: spec/profile.md §7, spec/caching.md §5.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::generated;
use crate::domain::profile::generated::Seeds;
use crate::domain::profile::metadata;
use crate::domain::profile::update;
use crate::domain::user::User;
use crate::management::body::Body;
use crate::management::body::Kind;
use crate::management::body::Property;
use crate::management::body::nullable;
use crate::management::body::property;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::users::NO_SUCH_USER;
use crate::management::users::create::hashed;
use crate::management::users::view;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

const PROPERTIES: &[Property] = &[
    property("connection", Kind::Text(1, usize::MAX)),
    property("client_id", Kind::Text(1, usize::MAX)),
    nullable("email", Kind::Email),
    nullable("phone_number", Kind::Phone),
    nullable("username", Kind::Text(1, 128)),
    nullable("password", Kind::Text(1, usize::MAX)),
    nullable("given_name", Kind::Text(1, 150)),
    nullable("family_name", Kind::Text(1, 150)),
    nullable("name", Kind::Text(1, 300)),
    nullable("nickname", Kind::Text(1, 300)),
    nullable("picture", Kind::Uri),
    property("blocked", Kind::Boolean),
    property("email_verified", Kind::Boolean),
    property("phone_verified", Kind::Boolean),
    property("verify_email", Kind::Boolean),
    property("verify_phone_number", Kind::Boolean),
    property("user_metadata", Kind::Object),
    property("app_metadata", Kind::Object),
];

/// `PATCH /users/{id}`: 200 with the whole profile. Metadata is merged on its first level.
pub(super) async fn update(
    tenant: Tenant,
    caller: Caller,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    body.check(PROPERTIES, &[], true)?;
    check_caller(&caller, &id, &body)?;
    let connection = {
        let state = tenant.read();
        let user = state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
        let connection = connection_of(&state, user)?;
        update::check(user, &connection, &body.0).map_err(refused)?;
        connection
    };
    let password = hashed(&connection, body.text("password")).await?;
    let updated = tenant.write(|tx| {
        let mut user = tx.user(&id).ok_or(NO_SUCH_USER)?;
        apply(&mut user, &body)?;
        if let Some(password) = password {
            user.password = Some(password);
            user.last_password_reset = Some(tx.now);
            // A password set through the API lifts an administrator's block (spec/caching.md §5).
            user.blocked = body.flag("blocked").or(user.blocked.map(|_| false));
        }
        user.updated_at = tx.now;
        tx.put_user(user.clone())?;
        Ok::<_, ApiError>(user)
    });
    Ok(Json(view::user(&updated.await?, &caller)))
}

/// An end user changes their own `user_metadata` alone.
fn check_caller(caller: &Caller, id: &UserId, body: &Body) -> Result<(), ApiError> {
    caller.may_act_on(id)?;
    if caller.is_limited_to("update:current_user_metadata", "update:users") {
        let other = body.0.keys().any(|name| name != "user_metadata");
        if other {
            return Err(ApiError::InsufficientScope(vec!["update:users".to_owned()]));
        }
    }
    if body.0.contains_key("app_metadata") && !caller.has("update:users") && !caller.has("update:users_app_metadata") {
        return Err(ApiError::InsufficientScope(vec!["update:users_app_metadata".to_owned()]));
    }
    Ok(())
}

/// The connection of the user's primary identity.
fn connection_of(state: &TenantState, user: &User) -> Result<Connection, ApiError> {
    let name = user.primary().map(|identity| identity.connection.as_str()).unwrap_or_default();
    let connection = state.connection_named(name).map(|connection| Connection::clone(connection));
    connection
        .ok_or_else(|| ApiError::Refused { message: "Connection does not exist.".to_owned(), code: "invalid_body" })
}

fn apply(user: &mut User, body: &Body) -> Result<(), ApiError> {
    if let Some(changes) = body.object("user_metadata") {
        let merged = metadata::merge("user_metadata", user.user_metadata.as_ref(), changes);
        user.user_metadata = merged.map_err(ApiError::of_metadata)?;
    }
    if let Some(changes) = body.object("app_metadata") {
        let merged = metadata::merge("app_metadata", user.app_metadata.as_ref(), changes);
        user.app_metadata = merged.map_err(ApiError::of_metadata)?;
    }
    let text = |name: &str| body.0.get(name).map(|value| value.as_str().map(str::to_owned));
    if let Some(email) = text("email") {
        let email = email.map(|email| email.to_lowercase());
        if email != user.email {
            // A new address is not verified unless the call says so (unverified, spec/management-api.md §5).
            user.email_verified = email.as_ref().map(|_| false);
        }
        user.email = email;
    }
    if let Some(username) = text("username") {
        user.username = username.map(|username| username.to_lowercase());
    }
    if let Some(phone_number) = text("phone_number") {
        user.phone_verified = phone_number.as_ref().map(|_| false);
        user.phone_number = phone_number;
    }
    user.email_verified = body.flag("email_verified").or(user.email_verified);
    user.phone_verified = body.flag("phone_verified").or(user.phone_verified);
    user.blocked = body.flag("blocked").or(user.blocked);
    let mut attributes = user.attributes.parse();
    for (name, value) in &body.0 {
        let is_known = PROPERTIES.iter().any(|property| property.name == name);
        if value.is_null() && (!is_known || THE_FIVE.contains(&name.as_str())) {
            attributes.remove(name);
        } else if THE_FIVE.contains(&name.as_str()) {
            attributes.insert(name.clone(), value.clone());
        }
    }
    // What is unset is generated again, as if it had never been given (unverified).
    generated::fill(&mut attributes, Seeds::of(user));
    user.attributes = attributes.into();
    Ok(())
}

fn refused(error: update::UpdateError) -> ApiError {
    ApiError::Refused { message: error.to_string(), code: error.code() }
}
