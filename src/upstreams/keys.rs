//! The keys that the fakes sign with, each fake with its own: two are published, one signs.

use std::sync::Arc;

use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::error::KeyError;
use crate::keys::signing_key::SigningKey;
use crate::upstreams::provider::Provider;

/// The provider's key that signs.
///
/// # Errors
/// A [`Failure`] when there is none to be had.
pub(super) async fn signing(ring: &Keyring, provider: Provider) -> Result<Arc<SigningKey>, Failure> {
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

fn failed(error: KeyError) -> Failure {
    Failure::new(error)
}
