//! What LinkedIn answers when it doesn't do what it was asked: OAuth's endpoints in one way, the API in another.
//! Source: spec/upstreams.md §3. Texts that are not in its table are unverified.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;
use crate::upstreams::request::AskedError;

/// An error of the token endpoint and its neighbours.
#[derive(Debug, thiserror::Error)]
pub(super) enum OAuthError {
    #[error("A required parameter \"{0}\" is missing")]
    Missing(&'static str),
    #[error(
        "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or \
         authorization code expired. Or external member binding exists"
    )]
    BadCode,
    #[error("Client authentication failed")]
    WrongClient,
    #[error("The provided authorization grant or refresh token is invalid, expired or revoked")]
    BadRefreshToken,
    #[error("This application is not allowed to create application tokens")]
    NoAppTokens,
    #[error("Unsupported grant type")]
    UnsupportedGrantType,
    #[error(transparent)]
    Unreadable(#[from] AskedError),
    #[error("something went wrong")]
    Internal(#[from] Failure),
}

impl OAuthError {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Missing(_) | Self::BadCode | Self::BadRefreshToken | Self::Unreadable(_) => {
                (StatusCode::BAD_REQUEST, "invalid_request")
            }
            Self::WrongClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::NoAppTokens => (StatusCode::UNAUTHORIZED, "access_denied"),
            Self::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        match self {
            Self::Internal(failure) => failure.into_response(),
            told => (status, Json(json!({ "error": code, "error_description": told.to_string() }))).into_response(),
        }
    }
}

/// An error of the API.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    #[error("Empty oauth2_access_token")]
    NoToken,
    #[error("Invalid access token")]
    BadToken,
    #[error("The token used in the request has been revoked by the user")]
    RevokedToken,
    #[error("The token used in the request has expired")]
    ExpiredToken,
    #[error("Not enough permissions to access: {0}")]
    Forbidden(&'static str),
    #[error("Resource not found")]
    NotFound,
    #[error("{0}")]
    Unreadable(#[from] AskedError),
    #[error("something went wrong")]
    Internal(#[from] Failure),
}

impl ApiError {
    /// Status and `serviceErrorCode`.
    fn kind(&self) -> (StatusCode, u32) {
        match self {
            Self::NoToken => (StatusCode::UNAUTHORIZED, 401),
            Self::BadToken => (StatusCode::UNAUTHORIZED, 65600),
            Self::RevokedToken => (StatusCode::UNAUTHORIZED, 65601),
            Self::ExpiredToken => (StatusCode::UNAUTHORIZED, 65602),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, 100),
            Self::NotFound => (StatusCode::NOT_FOUND, 0),
            Self::Unreadable(_) => (StatusCode::BAD_REQUEST, 0),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, 0),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.kind();
        match self {
            Self::Internal(failure) => failure.into_response(),
            told => {
                let message = told.to_string();
                let body = json!({ "message": message, "serviceErrorCode": code, "status": status.as_u16() });
                (status, Json(body)).into_response()
            }
        }
    }
}
