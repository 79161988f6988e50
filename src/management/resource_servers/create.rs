//! `POST /resource-servers`. Source: spec/management-api.md §11, recorded answers.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::management::apis;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::resource_servers::check_built;
use crate::management::resource_servers::shape;
use crate::management::resource_servers::system;
use crate::management::resource_servers::view;
use crate::management::schema::Call;
use crate::store::error::StoreError;
use crate::store::tenant::Tenant;

/// `POST /resource-servers`: 201 with the API, complete.
pub(super) async fn create(
    tenant: Tenant,
    address: Address,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let body = body.check(&shape::RESOURCE_SERVER, Call::Create)?;
    let identifier = body.text("identifier").unwrap_or_default().to_owned();
    if apis::kept(&identifier, &tenant, &address) == MANAGEMENT_IDENTIFIER {
        return Err(ApiError::refused("invalid_body", "The selected identifier is reserved."));
    }
    shape::check_scopes(&body.0)?;
    let mut settings = completed(body.0);
    let is_own = |issuer: &str| address.is_also(issuer, |host| tenant.owns_host(host));
    settings.extend(system::settings(&identifier, is_own));
    let created = tenant.write(|tx| {
        if tx.resource_server_named(&identifier).is_some() {
            return Err(ApiError::from(StoreError::conflict("resource server", "identifier")));
        }
        settings.insert("id".to_owned(), tx.rng().hex(24).into());
        let mut api: ResourceServer = serde_json::from_value(Value::Object(settings))
            .map_err(|_| ApiError::Internal(Failure::new("read a checked resource server")))?;
        check_built(&api)?;
        if api.signing_alg == "HS256" && api.signing_secret.is_none() {
            api.signing_secret = Some(tx.rng().alphanumeric(32));
        }
        tx.resource_servers.put(api.id.clone(), api.clone());
        Ok(view(&api, tx, &address))
    });
    Ok((StatusCode::CREATED, Json(created.await?)))
}

/// With what an API has unless it says; `null` leaves a setting unset.
fn completed(mut settings: Map<String, Value>) -> Map<String, Value> {
    settings.retain(|_, value| !value.is_null());
    let mut policies = json!({ "client": { "policy": "require_client_grant" }, "user": { "policy": "allow_all" } });
    if let (Some(policies), Some(Value::Object(given))) =
        (policies.as_object_mut(), settings.get("subject_type_authorization"))
    {
        policies.extend(given.clone());
    }
    settings.insert("subject_type_authorization".to_owned(), policies);
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_have_tokens_is_completed() {
        let settings =
            json!({ "subject_type_authorization": { "user": { "policy": "deny_all" } }, "consent_policy": null });
        let completed = completed(settings.as_object().cloned().unwrap());
        let expected = json!({ "client": { "policy": "require_client_grant" }, "user": { "policy": "deny_all" } });
        assert_eq!(Value::from(completed), json!({ "subject_type_authorization": expected }));
    }
}
