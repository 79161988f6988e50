//! `/tickets`: addresses that verify an e-mail address or let somebody choose another password, to be handed on by who
//! asked for them. Source: spec/management-api.md §8.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::ClientId;
use crate::domain::mailbox::Mailbox;
use crate::domain::ticket::LIFETIME_SECONDS;
use crate::domain::ticket::Purpose;
use crate::domain::ticket::Ticket;
use crate::http::address::Address;
use crate::management::asked::Asked;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::error::ApiError;
use crate::management::formats::CONNECTION_ID;
use crate::management::formats::EMAIL;
use crate::management::formats::SOME;
use crate::management::formats::URI;
use crate::management::identity;
use crate::management::identity::IDENTITY;
use crate::management::operations::Operations;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind::Boolean;
use crate::management::schema::kind::Kind::Integer;
use crate::management::schema::kind::Kind::Object;
use crate::management::schema::property;
use crate::messages::tickets;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

const SCOPES: &[&str] = &["create:user_tickets"];

pub(super) fn operations(operations: Operations) -> Operations {
    operations.post("/tickets/email-verification", SCOPES, verify_email).post(
        "/tickets/password-change",
        SCOPES,
        change_password,
    )
}

const VERIFICATION: Shape = Shape::closed(
    &["user_id"],
    &[
        property("user_id", SOME),
        property("result_url", URI),
        property("client_id", SOME),
        property("organization_id", SOME),
        property("ttl_sec", Integer(0, i64::MAX)),
        property("includeEmailInRedirect", Boolean),
        property("identity", Object(&IDENTITY)),
    ],
);

const CHANGE: Shape = Shape::closed(
    &[],
    &[
        property("user_id", SOME),
        property("email", EMAIL),
        property("connection_id", CONNECTION_ID),
        property("result_url", URI),
        property("client_id", SOME),
        property("organization_id", SOME),
        property("ttl_sec", Integer(0, i64::MAX)),
        property("mark_email_as_verified", Boolean),
        property("includeEmailInRedirect", Boolean),
        property("identity", Object(&IDENTITY)),
    ],
);

/// The codes of all of these are unverified.
const NOT_FOUND: ApiError = ApiError::NotFound { message: "User not found.", code: Some("inexistent_user") };

/// `POST /tickets/email-verification`: 201 `{"ticket": …}`.
async fn verify_email(
    tenant: Tenant,
    address: Address,
    asked: Asked,
    body: Body,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body = body.check(&VERIFICATION, Call::Create)?;
    create(&tenant, &address, &asked, &body, Purpose::VerifyEmail).await
}

/// `POST /tickets/password-change`: 201 `{"ticket": …}`. The user is named by id, or by address and connection.
async fn change_password(
    tenant: Tenant,
    address: Address,
    asked: Asked,
    body: Body,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body = body.check(&CHANGE, Call::Create)?;
    let marks_verified = body.flag("mark_email_as_verified").unwrap_or(false);
    let purpose = Purpose::ChangePassword { marks_verified, mailed: false };
    create(&tenant, &address, &asked, &body, purpose).await
}

async fn create(
    tenant: &Tenant,
    address: &Address,
    asked: &Asked,
    body: &Checked,
    purpose: Purpose,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let drawn = tenant.write(|tx| {
        let mailbox = mailbox(tx, body)?;
        let client_id = check_app(tx, body)?;
        let title = match purpose {
            Purpose::VerifyEmail => "Create an email verification ticket",
            _ => "Create a password change ticket",
        };
        tx.log(asked.success(title, tx.now).about(&mailbox));
        let lifetime = body.0.get("ttl_sec").and_then(Value::as_i64).filter(|seconds| *seconds > 0);
        let ticket = Ticket {
            purpose,
            mailbox,
            result_url: body.text("result_url").map(str::to_owned),
            include_email: body.flag("includeEmailInRedirect").unwrap_or(false),
            client_id,
            expires_at: tx.now.plus_seconds(lifetime.unwrap_or(LIFETIME_SECONDS)),
            used_at: None,
        };
        Ok::<_, ApiError>(tickets::draw(tx, address, ticket))
    });
    Ok((StatusCode::CREATED, Json(json!({ "ticket": drawn.await?.url }))))
}

/// Whose address it is about: by default that of the user's main identity, which must be of a database.
fn mailbox(state: &TenantState, body: &Checked) -> Result<Mailbox, ApiError> {
    let Some(user_id) = body.text("user_id") else { return by_address(state, body) };
    let user = state.users.get(user_id).ok_or(NOT_FOUND)?;
    let identity = match body.object("identity") {
        Some(asked) => identity::find(state, user, asked)?,
        None => user.primary().ok_or(NOT_FOUND)?,
    };
    if !identity.provider.is_database() {
        let message = "The user's main connection does not support this operation.";
        return Err(ApiError::refused("operation_not_supported", message));
    }
    let no_address = || ApiError::refused("invalid_body", "The user does not have an email address.");
    user.mailbox_of(&identity.as_user_id()).ok_or_else(no_address)
}

fn by_address(state: &TenantState, body: &Checked) -> Result<Mailbox, ApiError> {
    let missing = |name: &str| ApiError::InvalidBody(format!("Missing required property: {name}"));
    let email = body.text("email").ok_or_else(|| missing("user_id"))?;
    let id = body.text("connection_id").ok_or_else(|| missing("connection_id"))?;
    let connection = state.connections.get(id).ok_or_else(|| {
        ApiError::refused("inexistent_connection", format!("The connection with id {id} does not exist."))
    })?;
    let account = state.users.account(&connection.name, "email", email).ok_or(NOT_FOUND)?;
    account.user.mailbox_of(&account.identity).ok_or(NOT_FOUND)
}

/// The app that the pages name and lead back to. Where one is named, no other address can be.
fn check_app(state: &TenantState, body: &Checked) -> Result<Option<ClientId>, ApiError> {
    let named = body.text("client_id").or(body.text("organization_id"));
    if body.text("result_url").is_some() && named.is_some() {
        let message = "result_url cannot be specified when using client_id or organization_id.";
        return Err(ApiError::refused("invalid_body", message));
    }
    if body.text("organization_id").is_some() {
        return Err(ApiError::refused("inexistent_organization", "The organization does not exist"));
    }
    let Some(client_id) = body.text("client_id") else { return Ok(None) };
    let client = state.client(client_id);
    let client = client.ok_or_else(|| ApiError::refused("inexistent_client", "The client does not exist"))?;
    Ok(Some(client.client_id.clone()))
}
