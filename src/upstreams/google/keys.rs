//! The keys that the fake Google signs with: two are published, one signs.

use std::sync::Arc;

use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::keys::error::KeyError;
use crate::keys::signing_key::SigningKey;

const ROLE: &str = "google";

/// The key that signs.
///
/// # Errors
/// A [`Failure`] when there is none to be had.
pub(super) async fn signing(ring: &Keyring) -> Result<Arc<SigningKey>, Failure> {
    ring.signing_key(ROLE, 0).await.map_err(failed)
}

/// All keys, the one that signs first.
///
/// # Errors
/// A [`Failure`] when one is not to be had.
pub(super) async fn all(ring: &Keyring) -> Result<[Arc<SigningKey>; 2], Failure> {
    let (first, second) = tokio::join!(ring.signing_key(ROLE, 0), ring.signing_key(ROLE, 1));
    Ok([first.map_err(failed)?, second.map_err(failed)?])
}

fn failed(error: KeyError) -> Failure {
    Failure::new(error)
}
