//! What GitHub answers when it doesn't do what it was asked: the token endpoint in one way, the API in another.
//! Source: spec/upstreams.md §6.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;
use crate::upstreams::request::AskedError;

/// Where GitHub explains errors of its sign-in pages.
pub(super) const AUTHORIZE_HELP: &str =
    "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-authorization-request-errors";

const TOKEN_HELP: &str =
    "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors";

const REST_HELP: &str = "https://docs.github.com/rest";

/// Why there is no token. Answered with 200.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenError {
    #[error("The code passed is incorrect or expired.")]
    BadCode,
    #[error("The client_id and/or client_secret passed are incorrect.")]
    BadClient,
    #[error("The redirect_uri MUST match the registered callback URL for this application.")]
    RedirectMismatch,
    #[error("The user must have a verified primary email.")]
    UnverifiedEmail,
    /// Unverified in wording.
    #[error("{0}")]
    BadRequest(#[from] AskedError),
    #[error("{0} is not built yet")]
    NotBuilt(&'static str),
}

impl TokenError {
    /// `error`, and where it is explained.
    pub(super) fn code_and_help(&self) -> (&'static str, String) {
        match self {
            Self::BadCode => ("bad_verification_code", format!("{TOKEN_HELP}/#bad-verification-code")),
            Self::BadClient => ("incorrect_client_credentials", format!("{TOKEN_HELP}/#incorrect-client-credentials")),
            Self::RedirectMismatch => ("redirect_uri_mismatch", format!("{AUTHORIZE_HELP}/#redirect-uri-mismatch2")),
            Self::UnverifiedEmail => ("unverified_user_email", format!("{TOKEN_HELP}/#unverified-user-email")),
            Self::BadRequest(_) => ("invalid_request", TOKEN_HELP.to_owned()),
            Self::NotBuilt(_) => ("unsupported", TOKEN_HELP.to_owned()),
        }
    }

    /// 200 for all that GitHub itself would say.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NotBuilt(_) => StatusCode::NOT_IMPLEMENTED,
            _ => StatusCode::OK,
        }
    }
}

/// Why the API doesn't answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    #[error("Bad credentials")]
    BadCredentials,
    #[error("Requires authentication")]
    NoCredentials,
    /// Also for what the token's scopes don't reach; with the part of the documentation that it is about.
    #[error("Not Found")]
    NotFound(&'static str),
    #[error("Validation Failed")]
    Invalid,
    #[error("Problems parsing JSON")]
    Unreadable,
    #[error("{0} is not built yet")]
    NotBuilt(&'static str),
    /// Answered in plain text.
    #[error(
        "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header \
         (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check \
         https://developer.github.com for other possible causes.\r\n"
    )]
    NoUserAgent,
    #[error("something went wrong")]
    Internal(#[from] Failure),
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadCredentials | Self::NoCredentials => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::NotBuilt(_) => StatusCode::NOT_IMPLEMENTED,
            Self::NoUserAgent => StatusCode::FORBIDDEN,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let part = match self {
            Self::Internal(failure) => return failure.into_response(),
            Self::NoUserAgent => return (status, self.to_string()).into_response(),
            Self::NotFound(part) => part,
            _ => "",
        };
        let body = json!({
            "message": self.to_string(),
            "documentation_url": format!("{REST_HELP}{part}"),
            "status": status.as_str(),
        });
        (status, Json(body)).into_response()
    }
}
