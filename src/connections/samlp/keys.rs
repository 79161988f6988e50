//! What a connection signs and decrypts with: a pair of its own, or the tenant's. Source: spec/enterprise.md §3.2.

use std::sync::Arc;

use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::redirect::RelyingParty;
use crate::connections::samlp::provider::is_set;
use crate::connections::samlp::provider::option;
use crate::http::failure::Failure;
use crate::keys::hash::Hash;
use crate::keys::ring::TENANT_ROLE;
use crate::keys::rsa_key::RsaKey;
use crate::protocols::saml::sign::Signing;

/// The key that requests are signed with (`signing_key`).
///
/// # Errors
/// [`ConnectionError::Misconfigured`] when the pair can't be used.
pub(super) async fn signing(party: RelyingParty<'_>) -> Result<Arc<RsaKey>, ConnectionError> {
    of_option(party, "signing_key").await
}

/// The key that assertions are encrypted for (`decryptionKey`: a pair, or the private key alone).
///
/// # Errors
/// As [`signing`].
pub(super) async fn decryption(party: RelyingParty<'_>) -> Result<Arc<RsaKey>, ConnectionError> {
    of_option(party, "decryptionKey").await
}

/// How messages are signed with a key (`signatureAlgorithm`, `digestAlgorithm`).
pub(super) fn how<'a>(party: RelyingParty<'_>, key: &'a RsaKey) -> Signing<'a> {
    let is_old = |name, old| option(party.connection, name) == Some(old);
    Signing {
        key,
        signature: if is_old("signatureAlgorithm", "rsa-sha1") { Hash::Sha1 } else { Hash::Sha256 },
        digest: if is_old("digestAlgorithm", "sha1") { Hash::Sha1 } else { Hash::Sha256 },
    }
}

async fn of_option(party: RelyingParty<'_>, name: &str) -> Result<Arc<RsaKey>, ConnectionError> {
    let tenant = party.own.keyring.signing_key(TENANT_ROLE, party.own.slot).await.map_err(Failure::new)?;
    let tenant = tenant.for_documents().map_err(Failure::new)?;
    let own = party.connection.options.get(name).filter(|value| is_set(Some(value)));
    let Some(own) = own else { return Ok(tenant) };
    let text = |member: &str| own.get(member).and_then(Value::as_str);
    let pair = match own {
        // Its certificate is nowhere; nobody asks for it here.
        Value::String(key) => RsaKey::with_certificate(key, tenant.certificate().clone()),
        _ => RsaKey::from_pem(text("key").unwrap_or_default(), text("cert").unwrap_or_default()),
    };
    let wrong = |error: &dyn std::fmt::Display| ConnectionError::Misconfigured(format!("{name}: {error}"));
    pair.map(Arc::new).map_err(|error| wrong(&error))
}
