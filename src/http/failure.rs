//! A bug on a request path: a 500 with a reference id that is also in the log (design page, section 9).

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;

/// What the client sees of a failure, and what finds it in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference(u64);

/// Something that should not have happened. The client sees the reference, the log sees it with the cause.
#[derive(Debug, thiserror::Error)]
#[error("something went wrong, reference {reference}")]
pub(crate) struct Failure {
    pub(crate) reference: Reference,
}

impl Failure {
    /// Logs the cause. `failed_to` completes "failed to …".
    pub(crate) fn new(failed_to: impl fmt::Display) -> Self {
        let reference = Reference::next();
        tracing::error!(%reference, "failed to {failed_to}");
        Self { reference }
    }
}

impl Reference {
    /// The next one of this process.
    pub(crate) fn next() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{:04x}", std::process::id(), self.0)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "error": "server_error", "error_description": self.to_string() });
        (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
    }
}
