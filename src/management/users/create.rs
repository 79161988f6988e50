//! `POST /users`. Source: spec/management-api.md §5.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::password::Password;
use crate::domain::password_policy::Policy;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::database::NewUser;
use crate::domain::profile::database::is_username;
use crate::domain::profile::metadata;
use crate::domain::strategy::Kind as ConnectionKind;
use crate::http::failure::Failure;
use crate::management::body::Body;
use crate::management::body::Kind;
use crate::management::body::Property;
use crate::management::body::property;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::users::view;
use crate::store::error::StoreError;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

const PROPERTIES: &[Property] = &[
    property("connection", Kind::Text(1, usize::MAX)),
    property("email", Kind::Email),
    property("phone_number", Kind::Phone),
    property("username", Kind::Text(1, 128)),
    property("password", Kind::Text(1, usize::MAX)),
    property("user_id", Kind::Word(255)),
    property("given_name", Kind::Text(1, 150)),
    property("family_name", Kind::Text(1, 150)),
    property("name", Kind::Text(1, 300)),
    property("nickname", Kind::Text(1, 300)),
    property("picture", Kind::Uri),
    property("blocked", Kind::Boolean),
    property("email_verified", Kind::Boolean),
    property("phone_verified", Kind::Boolean),
    property("verify_email", Kind::Boolean),
    property("user_metadata", Kind::Object),
    property("app_metadata", Kind::Object),
];

/// `POST /users`: 201 with the stored profile.
pub(super) async fn create(
    tenant: Tenant,
    caller: Caller,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    body.check(PROPERTIES, &["connection"], false)?;
    for name in ["user_metadata", "app_metadata"] {
        metadata::check(name, body.object(name).unwrap_or(&Map::new())).map_err(ApiError::of_metadata)?;
    }
    let connection = connection(&tenant.read(), &body)?;
    check_identifiers(&connection, &body)?;
    let new = NewUser {
        email: body.text("email").map(str::to_owned),
        email_verified: body.flag("email_verified"),
        username: body.text("username").map(str::to_owned),
        phone_number: body.text("phone_number").map(str::to_owned),
        phone_verified: body.flag("phone_verified"),
        blocked: body.flag("blocked"),
        password: hashed(&connection, body.text("password")).await?,
        user_metadata: body.object("user_metadata").cloned(),
        app_metadata: body.object("app_metadata").cloned(),
        attributes: THE_FIVE.iter().filter_map(|name| Some(((*name).to_owned(), body.0.get(*name)?.clone()))).collect(),
    };
    let id = body.text("user_id").filter(|id| !id.is_empty()).map(str::to_owned);
    let created = tenant.write(|tx| {
        let id = id.unwrap_or_else(|| tx.rng().hex(24));
        let user = new.into_user(&connection, &id, tx.now);
        if tx.users.get(user.user_id.as_str()).is_some() {
            return Err(USER_EXISTS);
        }
        tx.put_user(user.clone())?;
        Ok(user)
    });
    let user = created.await?;
    Ok((StatusCode::CREATED, Json(view::user(&user, &caller))))
}

const USER_EXISTS: ApiError = ApiError::Conflict { message: "The user already exists.", code: "auth0_idp_error" };

impl From<StoreError> for ApiError {
    fn from(_: StoreError) -> Self {
        USER_EXISTS
    }
}

impl ApiError {
    pub(super) fn of_metadata(error: metadata::MetadataError) -> Self {
        Self::InvalidBody(error.to_string())
    }
}

fn connection(state: &TenantState, body: &Body) -> Result<Arc<Connection>, ApiError> {
    let refused = |message: &str| ApiError::Refused { message: message.to_owned(), code: "invalid_body" };
    let named = body.text("connection").and_then(|name| state.connection_named(name));
    let connection = named.ok_or_else(|| refused("Connection does not exist."))?;
    match connection.strategy.kind() {
        ConnectionKind::Database | ConnectionKind::Passwordless => Ok(Arc::clone(connection)),
        ConnectionKind::Social | ConnectionKind::Enterprise => Err(refused(
            "Connection does not support user creation through the API. It must either be a database or passwordless \
             connection.",
        )),
    }
}

/// Who signs in with a password needs one, and something to be known by.
fn check_identifiers(connection: &Connection, body: &Body) -> Result<(), ApiError> {
    let missing = |name: &str| ApiError::InvalidBody(format!("Missing required property: {name}"));
    let needed = match connection.strategy.as_str() {
        "sms" => "phone_number",
        _ if body.text("username").is_some() && connection.requires_username() => "username",
        _ if body.text("phone_number").is_some() => "phone_number",
        _ => "email",
    };
    if body.text(needed).is_none() {
        return Err(missing(needed));
    }
    if !connection.strategy.is_database() {
        return Ok(());
    }
    if body.text("password").is_none() {
        return Err(missing("password"));
    }
    let has_usernames = connection.requires_username() || connection.options.contains_key("attributes");
    match body.text("username") {
        Some(_) if !has_usernames => Err(ApiError::Refused {
            message: "Cannot set username for connection without requires_username.".to_owned(),
            code: "invalid_body",
        }),
        Some(username) if !is_username(username, connection) => Err(ApiError::InvalidProperty {
            problem: format!("Object didn't pass validation for format username: {username}"),
            property: "username".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The password's hash, made off the async threads, once the connection's policy takes it.
pub(super) async fn hashed(connection: &Connection, password: Option<&str>) -> Result<Option<Password>, ApiError> {
    let Some(password) = password else { return Ok(None) };
    if !Policy::of(connection).rules(password).iter().all(|rule| rule.verified) {
        let message = "PasswordStrengthError: Password is too weak".to_owned();
        return Err(ApiError::Refused { message, code: "invalid_body" });
    }
    let password = password.to_owned();
    let hash = tokio::task::spawn_blocking(move || Password::hash(&password)).await;
    let hash = hash.ok().flatten();
    hash.map(Some).ok_or_else(|| ApiError::Internal(Failure::new("hash a password")))
}
