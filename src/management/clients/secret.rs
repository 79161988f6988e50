//! `POST /clients/{id}/rotate-secret`.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::client::Client;
use crate::keys::Keyring;
use crate::management::clients::NO_SUCH_CLIENT;
use crate::management::clients::view::Shown;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::store::tenant::Tenant;

/// `POST /clients/{id}/rotate-secret`: 200 with the client and its new secret. The old one is worth nothing any more;
/// tokens that were got with it stay.
pub(super) async fn rotate(
    tenant: Tenant,
    keyring: Keyring,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let shown = Shown::of(&tenant, &keyring).await?;
    let rotated = tenant.write(|tx| {
        let mut client = Client::clone(tx.client(&id).ok_or(NO_SUCH_CLIENT)?);
        client.client_secret = Some(tx.rng().url_safe(64));
        tx.clients.put(client.client_id.clone(), client.clone());
        Ok::<_, ApiError>(client)
    });
    Ok(Json(shown.whole(&rotated.await?)))
}
