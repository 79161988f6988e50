//! What the server put into a request for its handlers.

use axum::http::request::Parts;

use crate::http::failure::Failure;

/// Reads what the server put into the request's extensions.
///
/// # Errors
/// A [`Failure`] when it isn't there: the request came past the server's layers, which is a bug.
pub(crate) fn extension<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, Failure> {
    let found = parts.extensions.get::<T>().cloned();
    found.ok_or_else(|| Failure::new(format!("find {} in the request", std::any::type_name::<T>())))
}
