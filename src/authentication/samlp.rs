//! The tenant as SAML identity provider: the client add-on `samlp`. Source: spec/enterprise.md §4, SAML 2.0 Profiles §4.1.

use std::sync::Arc;

use serde_json::Value;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::domain::claims::saml::Settings;
use crate::domain::client::Client;
use crate::domain::session::Participant;
use crate::domain::user::User;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::keys::ring::TENANT_ROLE;
use crate::keys::rsa_key::RsaKey;
use crate::keys::x509::Certificate;
use crate::store::state::TenantState;

pub(super) mod assertion;
mod herald;
pub(super) mod logout;
pub(super) mod metadata;
mod request;
pub(super) mod response;
pub(super) mod sign_on;
#[cfg(test)]
mod tests;

/// The settings of a client's add-on.
///
/// # Errors
/// On our page, when the client has no such add-on.
fn settings(client: &Client) -> Result<Settings<'_>, AuthorizeError> {
    let addon = client.extra.get("addons").and_then(|addons| addons.get("samlp"));
    // Our own text: the real service's is not recorded.
    let none = || Refusal::InvalidRequest(format!("SAML is not enabled for the client {}", client.name).into());
    Ok(Settings(addon.and_then(Value::as_object).ok_or_else(none)?))
}

/// The client of a path.
fn client<'s>(state: &'s TenantState, id: &str) -> Result<&'s Arc<Client>, AuthorizeError> {
    let found = state.client(id).filter(|client| !client.global);
    Ok(found.ok_or_else(|| Refusal::UnknownClient(id.to_owned()))?)
}

/// What the tenant calls itself: `issuer`, or `urn:` and its domain.
fn issuer(settings: Settings<'_>, address: &Address) -> String {
    settings.text("issuer").map_or_else(|| format!("urn:{}", address.authority()), str::to_owned)
}

/// What assertions are signed with: the settings' own pair (`key`, `cert`), or the tenant's key.
///
/// # Errors
/// On our page, when the settings' own pair can't be used.
async fn key(keyring: &Keyring, state: &TenantState, settings: Settings<'_>) -> Result<Arc<RsaKey>, AuthorizeError> {
    if let (Some(key), Some(certificate)) = (settings.text("key"), settings.text("cert")) {
        let pair = RsaKey::from_pem(key, certificate);
        let wrong = |error| Refusal::InvalidRequest(format!("the add-on's key and cert can't be used: {error}").into());
        return Ok(Arc::new(pair.map_err(wrong)?));
    }
    tenant_key(keyring, state).await
}

/// The tenant's key, as documents are signed with it.
///
/// # Errors
/// A failure of the keys.
pub(super) async fn tenant_key(keyring: &Keyring, state: &TenantState) -> Result<Arc<RsaKey>, AuthorizeError> {
    let key = keyring.signing_key(TENANT_ROLE, state.signing.current).await?;
    Ok(key.for_documents().map_err(Failure::new)?)
}

/// The certificate that the service provider signs with (`signingCert`), if requests must be signed.
fn signer(settings: Settings<'_>) -> Result<Option<Certificate>, AuthorizeError> {
    let Some(text) = settings.text("signingCert") else { return Ok(None) };
    let wrong = |error| Refusal::InvalidRequest(format!("the add-on's signingCert can't be used: {error}").into());
    Ok(Some(Certificate::from_text(text).map_err(wrong)?))
}

/// A client's service provider as it gets to know a user; none where the client has no such add-on.
pub(super) fn participant(client: &Client, user: &User) -> Option<Participant> {
    let settings = settings(client).ok()?;
    let name_id = assertion::name_id(settings, &settings.claims(&user.profile(), None), user);
    Some(Participant { client_id: client.client_id.clone(), name_id: name_id.value, format: name_id.format })
}

/// What a session is called in assertions: it follows from its id, and doesn't tell it.
fn session_index(session_id: &str) -> String {
    let hash = digest::hex(&digest::sha256(&[b"saml ", session_id.as_bytes()].concat()));
    format!("_{}", hash.get(..32).unwrap_or_default())
}
