//! How the Management API refuses. Source: spec/management-api.md §2.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;

/// What the Management API answers when it doesn't do what it was asked. Display is the `message`.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    #[error("Missing authentication")]
    MissingAuthentication,
    /// The words of the real service for what is wrong with the token.
    #[error("{0}")]
    InvalidToken(String),
    #[error("Insufficient scope, expected any of: {}", .0.join(","))]
    InsufficientScope(Vec<String>),
    #[error("User to be acted on does not match subject in bearer token.")]
    NotTheSubject,
    #[error("Payload validation error: '{0}'.")]
    InvalidBody(String),
    #[error("Payload validation error: '{problem}' on property {property}.")]
    InvalidProperty { problem: String, property: String },
    #[error("Query validation error: '{problem}' on property {property}.")]
    InvalidQuery { problem: String, property: &'static str },
    /// A rule that no schema states. The code is the service's own word.
    #[error("{message}")]
    Refused { message: String, code: &'static str },
    #[error("{message}")]
    NotFound { message: &'static str, code: Option<&'static str> },
    #[error("{message}")]
    Conflict { message: &'static str, code: &'static str },
    #[error("Payload content length greater than maximum allowed: 512000.")]
    TooLarge,
    #[error("{0} is not built yet")]
    NotBuilt(String),
    #[error("Not Found")]
    NoSuchPath,
    #[error(transparent)]
    Internal(#[from] Failure),
}

impl ApiError {
    fn status_and_code(&self) -> (StatusCode, Option<&'static str>) {
        match self {
            Self::MissingAuthentication | Self::InvalidToken(_) => (StatusCode::UNAUTHORIZED, None),
            Self::InsufficientScope(_) | Self::NotTheSubject => (StatusCode::FORBIDDEN, Some("insufficient_scope")),
            Self::InvalidBody(_) | Self::InvalidProperty { .. } => (StatusCode::BAD_REQUEST, Some("invalid_body")),
            Self::InvalidQuery { .. } => (StatusCode::BAD_REQUEST, Some("invalid_query_string")),
            Self::Refused { code, .. } => (StatusCode::BAD_REQUEST, Some(code)),
            Self::NotFound { code, .. } => (StatusCode::NOT_FOUND, *code),
            Self::Conflict { code, .. } => (StatusCode::CONFLICT, Some(code)),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, None),
            Self::NotBuilt(_) => (StatusCode::NOT_IMPLEMENTED, Some("not_implemented")),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, None),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, None),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let message = self.to_string();
        let reason = status.canonical_reason().unwrap_or_default();
        let mut body = json!({ "statusCode": status.as_u16(), "error": reason, "message": message });
        if let Some(members) = body.as_object_mut() {
            if status == StatusCode::UNAUTHORIZED {
                members.insert("attributes".to_owned(), json!({ "error": message }));
            }
            if let Some(code) = code {
                members.insert("errorCode".to_owned(), code.into());
            }
        }
        (status, Json(body)).into_response()
    }
}
