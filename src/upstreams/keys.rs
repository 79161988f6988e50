//! The keys that the fakes sign with, each fake with its own: two are published, one signs.

use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::error::KeyError;
use crate::keys::signing_key::Algorithm;
use crate::keys::signing_key::SigningKey;
use crate::keys::verify::Jws;
use crate::keys::verify::TokenError;
use crate::keys::verify::VerifyingKey;
use crate::upstreams::provider::Provider;

/// The provider's key that signs.
///
/// # Errors
/// A [`Failure`] when there is none to be had.
async fn signing(ring: &Keyring, provider: Provider) -> Result<Arc<SigningKey>, Failure> {
    ring.signing_key(provider.as_str(), 0).await.map_err(failed)
}

/// All keys of the provider, the one that signs first.
///
/// # Errors
/// A [`Failure`] when one is not to be had.
pub(super) async fn all(ring: &Keyring, provider: Provider) -> Result<[Arc<SigningKey>; 2], Failure> {
    let role = provider.as_str();
    let (first, second) = tokio::join!(ring.signing_key(role, 0), ring.signing_key(role, 1));
    Ok([first.map_err(failed)?, second.map_err(failed)?])
}

/// All keys as members of a key set, without certificates and thumbprints.
///
/// # Errors
/// As [`all`].
pub(super) async fn published(ring: &Keyring, provider: Provider) -> Result<Vec<Value>, Failure> {
    let shown = all(ring, provider).await?.map(|key| {
        let mut jwk = key.jwk(true);
        if let Some(members) = jwk.as_object_mut() {
            members.retain(|name, _| !name.starts_with("x5"));
        }
        jwk
    });
    Ok(shown.into())
}

/// Claims as a token, signed with RS256.
///
/// # Errors
/// A [`Failure`] when there is no key to be had.
pub(super) async fn sign(ring: &Keyring, provider: Provider, claims: &Map<String, Value>) -> Result<String, Failure> {
    let key = signing(ring, provider).await?;
    key.sign(Algorithm::Rs256, "JWT", claims).map_err(Failure::new)
}

/// The claims of a token that the provider signed itself, whenever and for whomever.
///
/// # Errors
/// [`TokenError`]; a key that can't be had counts as unknown.
pub(super) async fn verify_own(
    ring: &Keyring,
    provider: Provider,
    token: &str,
) -> Result<Map<String, Value>, TokenError> {
    let keys = all(ring, provider).await.map_err(|_| TokenError::UnknownKey)?;
    let jws = Jws::parse(token)?;
    let key = keys.iter().find(|key| Some(key.kid()) == jws.kid()).ok_or(TokenError::UnknownKey)?;
    jws.verify(&VerifyingKey::of(key, Algorithm::Rs256))
}

fn failed(error: KeyError) -> Failure {
    Failure::new(error)
}
