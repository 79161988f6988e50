//! What Apple answers when it doesn't do what it was asked: a bare `error`, sometimes with a description.
//! Source: spec/upstreams.md §5, "Errors".

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;
use crate::upstreams::request;
use crate::upstreams::request::Asked;
use crate::upstreams::request::AskedError;

/// An error of the endpoints for machines; for people see [`crate::upstreams::pages::ErrorPage`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AppleError {
    InvalidRequest,
    InvalidClient,
    ExpiredCode,
    UsedCode,
    /// A code or token of another client.
    Mismatch {
        client_id: String,
    },
    RedirectMismatch,
    BadRefreshToken,
    UnsupportedGrantType,
    NotFound,
    Internal,
}

/// Answers with tokens and people in them are never kept.
pub(super) const NEVER_KEPT: (HeaderName, HeaderValue) = (CACHE_CONTROL, HeaderValue::from_static("no-store"));

/// A request's parameters; what can't be read is answered in Apple's words.
pub(super) struct AppleAsked(pub(super) Asked);

impl AppleError {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::ExpiredCode
            | Self::UsedCode
            | Self::Mismatch { .. }
            | Self::RedirectMismatch
            | Self::BadRefreshToken => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::NotFound => "not_found",
            Self::Internal => "server_error",
        }
    }

    fn description(&self) -> Option<String> {
        match self {
            Self::ExpiredCode => Some("The code has expired or has been revoked.".to_owned()),
            Self::UsedCode => Some("The code has already been used.".to_owned()),
            Self::Mismatch { client_id } => {
                Some(format!("client_id mismatch. The code was not issued to {client_id}."))
            }
            Self::RedirectMismatch => Some("redirect_uri mismatch.".to_owned()),
            Self::BadRefreshToken => Some("The token has expired or has been revoked.".to_owned()),
            _ => None,
        }
    }
}

impl IntoResponse for AppleError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = match self.description() {
            Some(description) => json!({ "error": self.code(), "error_description": description }),
            None => json!({ "error": self.code() }),
        };
        (status, [NEVER_KEPT], Json(body)).into_response()
    }
}

/// It is in the log already.
impl From<Failure> for AppleError {
    fn from(_: Failure) -> Self {
        Self::Internal
    }
}

impl From<AskedError> for AppleError {
    fn from(_: AskedError) -> Self {
        Self::InvalidRequest
    }
}

impl<S: Send + Sync> FromRequest<S> for AppleAsked {
    type Rejection = AppleError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AppleError> {
        Ok(Self(request::read(request).await?))
    }
}
