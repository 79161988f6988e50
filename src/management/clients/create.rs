//! `POST /clients`. Source: spec/management-api.md §10, recorded answers.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::client::Client;
use crate::domain::client_defaults;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::management::body::Body;
use crate::management::chosen_id::ChosenId;
use crate::management::clients::checks;
use crate::management::clients::shape;
use crate::management::clients::view::Shown;
use crate::management::error::ApiError;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// `POST /clients`: 201 with the client, complete, its secret included.
pub(super) async fn create(
    tenant: Tenant,
    keyring: Keyring,
    chosen: ChosenId,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let mut settings = body.check(&shape::CLIENT, Call::Create)?.0;
    checks::check_built(&settings)?;
    // `null` leaves a setting unset, and so does an empty address.
    settings.retain(|name, value| !(value.is_null() || name == "initiate_login_uri" && value == ""));
    if let Some(Value::Object(metadata)) = settings.get_mut("client_metadata") {
        metadata.retain(|_, value| !value.is_null());
    }
    client_defaults::complete(&mut settings);
    let shown = Shown::of(&tenant, &keyring).await?;
    let is_strict = settings.get("third_party_security_mode").and_then(Value::as_str) == Some("strict");
    let created = tenant.write(|tx| {
        let drawn = if is_strict { format!("tpc_{}", tx.rng().alphanumeric(22)) } else { tx.rng().alphanumeric(32) };
        let id = chosen.or_drawn(|id| tx.clients.contains(id), || drawn)?;
        settings.insert("client_id".to_owned(), id.into());
        settings.insert("client_secret".to_owned(), tx.rng().url_safe(64).into());
        let client: Client = serde_json::from_value(Value::Object(settings))
            .map_err(|_| ApiError::Internal(Failure::new("read a checked client")))?;
        checks::check(&client)?;
        tx.clients.put(client.client_id.clone(), client.clone());
        Ok::<_, ApiError>(client)
    });
    Ok((StatusCode::CREATED, Json(shown.whole(&created.await?))))
}
