//! How `/passwordless/start` refuses. Source: spec/authentication-api.md §7.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;

/// What is wrong with a call. Display is the `error_description`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordlessError {
    /// A property, by the second half of its code: `client_id`, `connection`, `email`, …
    #[error("{text}")]
    Bad { property: &'static str, text: String },
    #[error("Client authentication is required")]
    Unauthenticated,
    #[error(transparent)]
    Internal(#[from] Failure),
}

impl PasswordlessError {
    pub(super) fn bad(property: &'static str, text: impl Into<String>) -> Self {
        Self::Bad { property, text: text.into() }
    }

    pub(super) fn missing(property: &'static str) -> Self {
        Self::bad(property, format!("Missing required property: {property}"))
    }
}

impl IntoResponse for PasswordlessError {
    fn into_response(self) -> Response {
        let (status, code) = match &self {
            Self::Bad { property, .. } => (StatusCode::BAD_REQUEST, format!("bad.{property}")),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthorized".to_owned()),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error".to_owned()),
        };
        (status, Json(json!({ "error": code, "error_description": self.to_string() }))).into_response()
    }
}
