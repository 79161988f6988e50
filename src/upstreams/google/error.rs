//! What Google answers when it doesn't do what it was asked. Source: spec/upstreams.md §1, "Errors".

use axum::Json;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;
use crate::http::parameters::ParametersError;
use crate::upstreams::request::AskedError;

/// An error of Google's endpoints for machines; for people see [`crate::upstreams::pages::ErrorPage`].
/// What isn't in the specification's table is worded as Google words such things, unverified.
#[derive(Debug, thiserror::Error)]
pub(super) enum GoogleError {
    #[error("Missing required parameter: {0}")]
    Missing(&'static str),
    #[error("{0}")]
    InvalidRequest(String),
    #[error("Invalid grant_type: {0}")]
    UnsupportedGrantType(String),
    #[error("The OAuth client was not found.")]
    UnknownClient,
    #[error("Unauthorized")]
    WrongSecret,
    #[error("Bad Request")]
    BadCode,
    #[error("Malformed auth code.")]
    MalformedCode,
    #[error("Missing code verifier.")]
    MissingVerifier,
    #[error("Invalid code verifier.")]
    WrongVerifier,
    #[error("Token has been expired or revoked.")]
    BadRefreshToken,
    #[error("Bad Request")]
    RedirectMismatch,
    /// Userinfo, and no good token.
    #[error("Invalid Credentials")]
    InvalidCredentials,
    /// Revocation of what is no token.
    #[error("Token expired or revoked")]
    NothingToRevoke,
    /// Tokeninfo of what is no token.
    #[error("Invalid Value")]
    InvalidValue,
    #[error("{0} is not built yet")]
    NotBuilt(&'static str),
    #[error("Not Found")]
    NotFound,
    #[error("something went wrong")]
    Internal(#[from] Failure),
    /// The APIs that are no OAuth endpoints word errors in their own way.
    #[error(
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other \
         valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )]
    Unauthenticated,
}

impl GoogleError {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Missing(_) | Self::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::UnsupportedGrantType(_) => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::UnknownClient | Self::WrongSecret => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::BadCode
            | Self::MalformedCode
            | Self::MissingVerifier
            | Self::WrongVerifier
            | Self::BadRefreshToken => (StatusCode::BAD_REQUEST, "invalid_grant"),
            Self::RedirectMismatch => (StatusCode::BAD_REQUEST, "redirect_uri_mismatch"),
            Self::InvalidCredentials => (StatusCode::UNAUTHORIZED, "invalid_request"),
            Self::NothingToRevoke | Self::InvalidValue => (StatusCode::BAD_REQUEST, "invalid_token"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
            Self::NotBuilt(_) => (StatusCode::NOT_IMPLEMENTED, "unsupported"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        }
    }
}

impl IntoResponse for GoogleError {
    fn into_response(self) -> Response {
        if let Self::Internal(failure) = self {
            return failure.into_response();
        }
        let (status, code) = self.status_and_code();
        let body = match self {
            Self::Unauthenticated => {
                json!({ "error": { "code": status.as_u16(), "message": self.to_string(), "status": code } })
            }
            _ => json!({ "error": code, "error_description": self.to_string() }),
        };
        let mut response = (status, [NEVER_KEPT], Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED && !matches!(self, Self::UnknownClient | Self::WrongSecret) {
            let challenge = "Bearer realm=\"https://accounts.google.com/\", error=invalid_token";
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// Answers with tokens and people in them are never kept.
pub(super) const NEVER_KEPT: (HeaderName, HeaderValue) =
    (CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, max-age=0, must-revalidate"));

impl From<AskedError> for GoogleError {
    fn from(error: AskedError) -> Self {
        match error {
            AskedError::Parameters(ParametersError::Doubled(name)) => {
                Self::InvalidRequest(format!("OAuth 2 parameters can only have a single value: {name}"))
            }
            other => Self::InvalidRequest(other.to_string()),
        }
    }
}
