//! `/keys/signing`: the keys that sign tokens. Source: spec/tokens.md §8, spec/management-api-endpoints.md.
//!
//! The keys in the recordings were put there by hand and are marked `previous` all of them; here the flags say what
//! they mean. The dates `current_since` and `current_until` were in no recording and are left out.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::signing::InUse;
use crate::domain::signing::SigningSlots;
use crate::domain::signing::Stage;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::ring::TENANT_ROLE;
use crate::keys::signing_key::SigningKey;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::operations::Operations;
use crate::management::parameters::ApiPath;
use crate::store::tenant::Tenant;

const READ: &[&str] = &["read:signing_keys"];
const ROTATE: &[&str] = &["create:signing_keys", "update:signing_keys"];

const NO_SUCH_KEY: ApiError = ApiError::NotFound { message: "Signing key not found.", code: None };

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/keys/signing", READ, list)
        .get("/keys/signing/{kid}", READ, read)
        .post("/keys/signing/rotate", ROTATE, rotate)
        .put("/keys/signing/{kid}/revoke", &["update:signing_keys"], revoke)
}

/// `GET /keys/signing`: the current key, the next one, then those before, revoked ones last.
async fn list(tenant: Tenant, keyring: Keyring) -> Result<Json<Vec<Map<String, Value>>>, ApiError> {
    let signing = tenant.read().signing.clone();
    let mut views = Vec::new();
    for (slot, stage) in signing.all() {
        views.push(view(&*key_of(&keyring, slot).await?, stage));
    }
    Ok(Json(views))
}

/// `GET /keys/signing/{kid}`
async fn read(
    tenant: Tenant,
    keyring: Keyring,
    ApiPath((kid,)): ApiPath<(String,)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let signing = tenant.read().signing.clone();
    let (slot, key) = find(&keyring, &signing, &kid).await?;
    Ok(Json(view_of(&signing, slot, &key)?))
}

/// `POST /keys/signing/rotate`: the next key signs, and a new one is next. 201 with the new one (which of the two is
/// unverified).
async fn rotate(
    tenant: Tenant,
    keyring: Keyring,
    caller: Caller,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    caller.check_all(ROTATE)?;
    // Made before it is needed: a key that can't be made changes nothing.
    key_of(&keyring, tenant.read().signing.fresh()).await?;
    let signing = tenant
        .write(|tx| {
            tx.signing = tx.signing.rotated().into();
            Ok::<_, Failure>(Arc::clone(&tx.signing))
        })
        .await?;
    let key = key_of(&keyring, signing.next).await?;
    Ok((StatusCode::CREATED, Json(view_of(&signing, signing.next, &key)?)))
}

/// `PUT /keys/signing/{kid}/revoke`: what the key signed is good no more, the caller's own token included.
async fn revoke(
    tenant: Tenant,
    keyring: Keyring,
    ApiPath((kid,)): ApiPath<(String,)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (slot, key) = find(&keyring, &tenant.read().signing.clone(), &kid).await?;
    let signing = tenant
        .write(|tx| -> Result<_, ApiError> {
            let in_use = |_: InUse| {
                ApiError::refused("operation_not_supported", "The current signing key can't be revoked: rotate first.")
            };
            tx.signing = tx.signing.without(slot, tx.now).map_err(in_use)?.into();
            Ok(Arc::clone(&tx.signing))
        })
        .await?;
    Ok(Json(view_of(&signing, slot, &key)?))
}

async fn key_of(keyring: &Keyring, slot: u32) -> Result<Arc<SigningKey>, Failure> {
    keyring.signing_key(TENANT_ROLE, slot).await.map_err(Failure::new)
}

async fn find(keyring: &Keyring, signing: &SigningSlots, kid: &str) -> Result<(u32, Arc<SigningKey>), ApiError> {
    for (slot, _) in signing.all() {
        let key = key_of(keyring, slot).await?;
        if key.kid() == kid {
            return Ok((slot, key));
        }
    }
    Err(NO_SUCH_KEY)
}

fn view_of(signing: &SigningSlots, slot: u32, key: &SigningKey) -> Result<Map<String, Value>, ApiError> {
    let stage = signing.all().find(|(known, _)| *known == slot).map(|(_, stage)| stage);
    stage.map(|stage| view(key, stage)).ok_or(NO_SUCH_KEY)
}

fn view(key: &SigningKey, stage: Stage) -> Map<String, Value> {
    let mut view = json!({
        "kid": key.kid(),
        "cert": key.certificate_pem(),
        "pkcs7": key.pkcs7_pem(),
        "current": stage == Stage::Current,
        "next": stage == Stage::Next,
        "previous": stage == Stage::Previous,
        "fingerprint": key.fingerprint(),
        "thumbprint": key.thumbprint(),
        "revoked": matches!(stage, Stage::Revoked(_)),
    });
    let mut view = view.as_object_mut().map(std::mem::take).unwrap_or_default();
    if let Stage::Revoked(at) = stage {
        view.insert("revoked_at".to_owned(), json!(at));
    }
    view
}
