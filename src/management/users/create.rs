//! `POST /users`. Source: spec/management-api.md §5.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::log::LogEvent;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::database::NewUser;
use crate::domain::profile::metadata;
use crate::domain::strategy::Kind;
use crate::management::asked::Asked;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::schema::Call;
use crate::management::users::ALREADY_EXISTS;
use crate::management::users::NO_CONNECTION;
use crate::management::users::checks;
use crate::management::users::checks::INVALID;
use crate::management::users::shape;
use crate::management::users::view;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// `POST /users`: 201 with the stored profile. The mail that verifies the address goes out unless `verify_email` says
/// no, or says nothing and the address is verified.
pub(super) async fn create(
    tenant: Tenant,
    caller: Caller,
    asked: Asked,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let body = body.check(&shape::NEW, Call::Create)?;
    for name in ["user_metadata", "app_metadata"] {
        body.object(name).map_or(Ok(()), |given| metadata::check(name, given))?;
    }
    let connection = connection(&tenant.read(), &body)?;
    check_identifiers(&connection, &body)?;
    let new = new_user(&connection, &body).await?;
    let id = body.text("user_id").filter(|id| !id.is_empty()).map(str::to_owned);
    let created = tenant.write(|tx| {
        let id = id.unwrap_or_else(|| tx.rng().hex(24));
        let user = new.into_user(&connection, &id, tx.now);
        if tx.users.get(user.user_id.as_str()).is_some() {
            return Err(ALREADY_EXISTS);
        }
        tx.put_user(user.clone())?;
        let mailbox = user.mailbox().filter(|mailbox| body.flag("verify_email").unwrap_or(!mailbox.verified));
        if let Some(mailbox) = mailbox.filter(|_| connection.strategy.is_database()) {
            asked.sender.verify_email(tx, &mailbox, None);
        }
        let (user_id, connection) = (Some(user.user_id.clone()), Some(connection.name.clone()));
        tx.log(LogEvent { user_id, connection, ..asked.success("Create a User", tx.now) });
        Ok(user)
    });
    Ok((StatusCode::CREATED, Json(view::user(&created.await?, &caller))))
}

async fn new_user(connection: &Connection, body: &Checked) -> Result<NewUser, ApiError> {
    let password = match body.text("password") {
        Some(password) => Some(checks::hash(connection, password).await?),
        None => None,
    };
    Ok(NewUser {
        email: body.text("email").map(str::to_owned),
        email_verified: body.flag("email_verified"),
        username: body.text("username").map(str::to_owned),
        phone_number: body.text("phone_number").map(str::to_owned),
        phone_verified: body.flag("phone_verified"),
        blocked: body.flag("blocked"),
        password,
        user_metadata: body.object("user_metadata").cloned(),
        app_metadata: body.object("app_metadata").cloned(),
        attributes: THE_FIVE.iter().filter_map(|name| Some(((*name).to_owned(), body.0.get(*name)?.clone()))).collect(),
    })
}

/// The connection, if users can be created in it.
fn connection(state: &TenantState, body: &Checked) -> Result<Arc<Connection>, ApiError> {
    let named = body.text("connection").and_then(|name| state.connection_named(name));
    let connection = named.ok_or(NO_CONNECTION)?;
    if matches!(connection.strategy.kind(), Kind::Social | Kind::Enterprise) {
        return Err(ApiError::refused(
            "operation_not_supported",
            "Connection does not support user creation through the API. It must either be a database or passwordless \
             connection.",
        ));
    }
    if checks::is_disabled(connection) {
        return Err(ApiError::refused(INVALID, "Connection is disabled."));
    }
    if connection.flag_option("enabledDatabaseCustomization") {
        return Err(ApiError::NotBuilt("creating users of a custom database".to_owned()));
    }
    Ok(Arc::clone(connection))
}

/// Something to be known by, and in a database a password.
fn check_identifiers(connection: &Connection, body: &Checked) -> Result<(), ApiError> {
    let is_missing = |name: &str| body.text(name).is_none();
    let missing = |name: &str| Err(ApiError::InvalidBody(format!("Missing required property: {name}")));
    let known_by = |name: &str| connection.identifies_by(name) && !is_missing(name);
    if connection.requires_username() && is_missing("username") {
        let name = &connection.name;
        let message = format!("Missing username for {name} connection with requires_username enabled");
        return Err(ApiError::refused(INVALID, message));
    }
    let needed = if connection.strategy.as_str() == "sms" { "phone_number" } else { "email" };
    if is_missing(needed) && !known_by("username") && !known_by("phone_number") {
        return missing(needed);
    }
    if connection.strategy.is_database() && is_missing("password") {
        return missing("password");
    }
    body.text("username").map_or(Ok(()), |username| checks::check_username(connection, username))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(strategy: &str, options: Value, body: Value, expected: Option<&str>) {
        let connection = json!({ "id": "con_1", "name": "c", "strategy": strategy, "options": options });
        let connection: Connection = serde_json::from_value(connection).unwrap();
        let body = Checked(body.as_object().cloned().unwrap());
        let found = check_identifiers(&connection, &body).err().map(|error| error.to_string());
        assert_eq!(found.as_deref(), expected, "{strategy}");
    }

    #[test]
    fn who_signs_in_needs_something_to_be_known_by() {
        let phones = json!({ "attributes": { "phone_number": { "identifier": { "active": true } } } });
        let missing = |name: &str| format!("Payload validation error: 'Missing required property: {name}'.");
        check("auth0", json!({}), json!({ "email": "a@b.example", "password": "p" }), None);
        check("auth0", json!({}), json!({ "email": "a@b.example" }), Some(&missing("password")));
        check("auth0", json!({}), json!({ "phone_number": "+1", "password": "p" }), Some(&missing("email")));
        check("auth0", phones, json!({ "phone_number": "+1", "password": "p" }), None);
        check("sms", json!({}), json!({ "phone_number": "+1" }), None);
        check("sms", json!({}), json!({ "email": "a@b.example" }), Some(&missing("phone_number")));
        check("email", json!({}), json!({ "email": "a@b.example" }), None);
        check(
            "auth0",
            json!({ "requires_username": true }),
            json!({ "email": "a@b.example", "password": "p" }),
            Some("Missing username for c connection with requires_username enabled"),
        );
    }
}
