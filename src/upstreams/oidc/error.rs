//! What the provider answers when it doesn't do what it was asked. Source: RFC 6749 §5.2, RFC 6750 §3, spec/upstreams.md §9.

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;
use crate::upstreams::request;
use crate::upstreams::request::Asked;
use crate::upstreams::request::AskedError;

/// An error of the endpoints for machines; for people see [`crate::upstreams::pages::ErrorPage`].
#[derive(Debug, thiserror::Error)]
pub(super) enum OidcError {
    #[error("{0}")]
    InvalidRequest(String),
    #[error("Client authentication failed.")]
    InvalidClient,
    #[error("The authorization code is invalid or has expired.")]
    BadCode,
    #[error("The redirect_uri is not the one of the authorization request.")]
    RedirectMismatch,
    #[error("PKCE verification failed.")]
    WrongVerifier,
    #[error("The refresh token is invalid or expired.")]
    BadRefreshToken,
    #[error("The grant type is not supported.")]
    UnsupportedGrantType,
    #[error("The access token is invalid.")]
    InvalidToken,
    #[error("There is nothing here.")]
    NotFound,
    #[error("something went wrong")]
    Internal(#[from] Failure),
}

/// Answers with tokens and people in them are never kept.
pub(super) const NEVER_KEPT: (HeaderName, HeaderValue) = (CACHE_CONTROL, HeaderValue::from_static("no-store"));

/// A request's parameters; what can't be read is answered as OAuth words it.
pub(super) struct OidcAsked(pub(super) Asked);

impl OidcError {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::BadCode | Self::RedirectMismatch | Self::WrongVerifier | Self::BadRefreshToken => {
                (StatusCode::BAD_REQUEST, "invalid_grant")
            }
            Self::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, "invalid_token"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        }
    }

    fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::InvalidClient => Some("Basic realm=\"oidc\""),
            Self::InvalidToken => {
                Some("Bearer error=\"invalid_token\", error_description=\"The access token is invalid.\"")
            }
            _ => None,
        }
    }
}

impl IntoResponse for OidcError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let challenge = self.challenge();
        let body = match self {
            Self::Internal(failure) => return failure.into_response(),
            other => json!({ "error": code, "error_description": other.to_string() }),
        };
        let mut response = (status, [NEVER_KEPT], Json(body)).into_response();
        if let Some(challenge) = challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl From<AskedError> for OidcError {
    fn from(error: AskedError) -> Self {
        Self::InvalidRequest(error.to_string())
    }
}

impl<S: Send + Sync> FromRequest<S> for OidcAsked {
    type Rejection = OidcError;

    async fn from_request(request: Request, _: &S) -> Result<Self, OidcError> {
        Ok(Self(request::read(request).await?))
    }
}
