//! `POST /client-grants`. Source: spec/management-api.md §11, recorded answers.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::grant::ClientGrant;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::management::apis;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::client_grants::shape;
use crate::management::client_grants::view;
use crate::management::clients::NO_SUCH_CLIENT;
use crate::management::error::ApiError;
use crate::management::resource_servers::NO_SUCH_API;
use crate::management::schema::Call;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The text is the documents'; the code is unverified.
const ALREADY_EXISTS: ApiError = ApiError::Conflict {
    message: "A resource server with the same identifier already exists.",
    code: Some("conflict"),
};

/// `POST /client-grants`: 201 with the grant. A client has one for an API, and each kind of calls to it.
pub(super) async fn create(
    tenant: Tenant,
    address: Address,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let body = body.check(&shape::GRANT, Call::Create)?;
    if body.text("default_for").is_some() {
        return Err(ApiError::NotBuilt("a client grant for all third-party clients".to_owned()));
    }
    let client = body.text("client_id").ok_or_else(|| ApiError::InvalidBody(MISSING_CLIENT.to_owned()))?;
    let subject = body.text("subject_type").unwrap_or("client");
    let written = body.text("audience").unwrap_or_default();
    let created = tenant.write(|tx| {
        let api = apis::named(tx, (&tenant, &address), written).ok_or(NO_SUCH_API)?;
        check_all_scopes(&body, api.is_system)?;
        let audience = api.identifier.clone();
        tx.client(client).ok_or(NO_SUCH_CLIENT)?;
        if is_granted(tx, client, (&audience, subject)) {
            return Err(ALREADY_EXISTS);
        }
        let mut settings = body.0.clone();
        settings.insert("id".to_owned(), format!("cgr_{}", tx.rng().alphanumeric(16)).into());
        settings.insert("audience".to_owned(), audience.into());
        settings.insert("subject_type".to_owned(), subject.into());
        let grant: ClientGrant = serde_json::from_value(Value::Object(settings))
            .map_err(|_| ApiError::Internal(Failure::new("read a checked client grant")))?;
        tx.client_grants.put(grant.id.clone(), grant.clone());
        Ok(grant)
    });
    Ok((StatusCode::CREATED, Json(view(&created.await?, &address))))
}

const MISSING_CLIENT: &str = "Missing required property: client_id";

/// The scopes of the service's own APIs are named one by one, as recorded in issues of its clients.
///
/// # Errors
/// [`ApiError::Refused`].
pub(super) fn check_all_scopes(body: &Checked, is_system: bool) -> Result<(), ApiError> {
    if is_system && body.0.contains_key("allow_all_scopes") {
        let message = "`allow_all_scopes` cannot be provided when `audience` is a system API";
        return Err(ApiError::refused("invalid_body", message));
    }
    Ok(())
}

fn is_granted(state: &TenantState, client: &str, (audience, subject): (&str, &str)) -> bool {
    let mut grants = state.client_grants.rows();
    grants.any(|grant| grant.client_id.as_str() == client && grant.audience == audience && grant.is_for(subject))
}
