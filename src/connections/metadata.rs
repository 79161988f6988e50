//! Metadata of identity providers and token services, from its address.

use axum::body::Bytes;
use axum::http::Request;

use crate::connections::error::ConnectionError;
use crate::http::outgoing::Counterpart;
use crate::http::outgoing::Outgoing;
use crate::http::outgoing::Place;

/// Asks for it; `counterpart` is what faults call the provider.
///
/// # Errors
/// [`ConnectionError`] when there is none to be had.
pub(super) async fn fetch(
    outgoing: &Outgoing,
    place: Place,
    counterpart: &'static str,
    url: &str,
) -> Result<String, ConnectionError> {
    let wrong = |error: &dyn std::fmt::Display| ConnectionError::Misconfigured(format!("metadata at {url}: {error}"));
    let mut request = Request::get(url).body(Bytes::new()).map_err(|error| wrong(&error))?;
    request.extensions_mut().insert(Counterpart(counterpart));
    let answer = outgoing.send(place, request).await?;
    if !answer.status.is_success() {
        return Err(wrong(&format!("the answer is {}", answer.status)));
    }
    String::from_utf8(answer.body.to_vec()).map_err(|_| ConnectionError::Garbled("metadata"))
}

/// Metadata that is asked for when a connection is saved; none when the provider can't be reached: who tests offline
/// sets up connections to providers that aren't there, and each login asks again.
///
/// # Errors
/// Why it can't be used, in words.
pub(super) async fn fetch_at_save(
    outgoing: &Outgoing,
    counterpart: &'static str,
    url: &str,
) -> Result<Option<String>, String> {
    match fetch(outgoing, Place::Outside, counterpart, url).await {
        Ok(xml) => Ok(Some(xml)),
        Err(ConnectionError::Unreachable(error)) => {
            tracing::warn!("a connection is saved without its provider's metadata: failed to {error}");
            Ok(None)
        }
        Err(error) => Err(error.to_string()),
    }
}
