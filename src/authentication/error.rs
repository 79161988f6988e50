//! How the token, revocation and database endpoints refuse. Source: RFC 6749 §5.2, spec/authentication-api.md §1, §3, §14.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::PRAGMA;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::body::BodyError;
use crate::http::failure::Failure;
use crate::http::parameters::ParametersError;
use crate::keys::error::KeyError;

/// What a client is told when it gets no token. Display is the `error_description`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OAuthError {
    /// The client isn't known, or its secret is wrong. `by_header`: it tried HTTP Basic.
    #[error("Unauthorized")]
    Unauthorized { by_header: bool },
    #[error("Missing required parameter: {0}")]
    MissingParameter(&'static str),
    /// The text is our own; the real service's is not recorded.
    #[error("{0}")]
    InvalidRequest(String),
    /// As Node's body parsers say it.
    #[error("request entity too large")]
    BodyTooLarge,
    #[error("Unsupported grant type: {0}")]
    UnsupportedGrantType(String),
    #[error("Grant type '{0}' not allowed for the client.")]
    GrantTypeNotAllowed(String),
    #[error("Invalid authorization code")]
    InvalidCode,
    #[error("Failed to verify code verifier")]
    WrongVerifier,
    #[error("The redirect URI is wrong. You sent {sent}, and we expected {expected}")]
    WrongRedirectUri { sent: String, expected: String },
    #[error("Service not enabled within domain: {0}")]
    UnknownAudience(String),
    #[error(
        "Client \"{client}\" is not authorized to access resource server \"{audience}\". You need to create a \
         \"client-grant\" associated to this API."
    )]
    NoClientGrant { client: String, audience: String },
    #[error("No audience parameter was provided, and no default audience has been configured")]
    NoAudience,
    #[error("Wrong email or password.")]
    WrongPassword,
    /// The password is right and does not sign in. Unverified texts.
    #[error("{0}")]
    RefusedByDirectory(String),
    /// Unverified, too.
    #[error("the directory can't be reached")]
    DirectoryDown,
    /// Of a passwordless login, by what the person is known by: `email` or `phone_number`. Unverified texts.
    #[error("Wrong {} or verification code.", .0.replace('_', " "))]
    WrongPasscode(&'static str),
    #[error("Maximum number of attempts reached")]
    TooManyTries,
    #[error("user is blocked")]
    UserBlocked,
    #[error(
        "Your account has been blocked after multiple consecutive login attempts. We've sent you an email with \
         instructions on how to unblock it."
    )]
    TooManyAttempts,
    /// Unverified text.
    #[error(
        "This login attempt has been blocked because the password you're using was previously disclosed through a data \
         breach (not in this application)."
    )]
    PasswordLeaked,
    #[error("Authorization server not configured with default connection.")]
    NoDefaultConnection,
    #[error("Unknown or invalid realm")]
    UnknownRealm,
    #[error("Unknown or invalid refresh token.")]
    InvalidRefreshToken,
    /// The same for one that was used up; the log tells them apart.
    #[error("Unknown or invalid refresh token.")]
    ReusedRefreshToken,
    #[error("The refresh_token was generated for a user who doesn't exist anymore.")]
    UserGone,
    #[error("Cannot request both online_access and offline_access scopes")]
    BothRefreshScopes,
    /// `what` is not built yet.
    #[error("{0} is not built yet")]
    NotBuilt(&'static str),
    #[error(transparent)]
    Internal(#[from] Failure),
}

impl OAuthError {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        const BAD_REQUEST: StatusCode = StatusCode::BAD_REQUEST;
        const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
        match self {
            Self::Unauthorized { .. } => (StatusCode::UNAUTHORIZED, "access_denied"),
            Self::MissingParameter(_) | Self::InvalidRequest(_) | Self::UnknownRealm | Self::BothRefreshScopes => {
                (BAD_REQUEST, "invalid_request")
            }
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "invalid_request"),
            Self::UnsupportedGrantType(_) => (BAD_REQUEST, "unsupported_grant_type"),
            Self::GrantTypeNotAllowed(_) | Self::WrongRedirectUri { .. } => (FORBIDDEN, "unauthorized_client"),
            Self::InvalidCode
            | Self::WrongVerifier
            | Self::WrongPassword
            | Self::RefusedByDirectory(_)
            | Self::WrongPasscode(_)
            | Self::TooManyTries
            | Self::InvalidRefreshToken
            | Self::ReusedRefreshToken
            | Self::UserGone => (FORBIDDEN, "invalid_grant"),
            Self::UnknownAudience(_) | Self::NoClientGrant { .. } | Self::NoAudience => (FORBIDDEN, "access_denied"),
            Self::UserBlocked => (FORBIDDEN, "unauthorized"),
            Self::PasswordLeaked => (FORBIDDEN, "password_leaked"),
            Self::TooManyAttempts => (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"),
            // 400 of the two statuses that were seen: a 5xx makes SDKs try again.
            Self::NoDefaultConnection => (BAD_REQUEST, "server_error"),
            Self::DirectoryDown => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            Self::NotBuilt(_) => (StatusCode::NOT_IMPLEMENTED, "unsupported"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let mut body = json!({ "error": code, "error_description": self.to_string() });
        if matches!(self, Self::GrantTypeNotAllowed(_))
            && let Some(members) = body.as_object_mut()
        {
            let uri = "https://auth0.com/docs/clients/client-grant-types";
            members.insert("error_uri".to_owned(), uri.into());
        }
        let mut response = (status, [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")], Json(body)).into_response();
        if matches!(self, Self::Unauthorized { by_header: true }) {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"oauth/token\""));
        }
        response
    }
}

impl From<BodyError> for OAuthError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::BodyTooLarge,
            BodyError::BrokeOff => Self::InvalidRequest(error.to_string()),
        }
    }
}

impl From<ParametersError> for OAuthError {
    fn from(error: ParametersError) -> Self {
        Self::InvalidRequest(error.to_string())
    }
}

impl From<KeyError> for OAuthError {
    fn from(error: KeyError) -> Self {
        Self::Internal(Failure::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: OAuthError, status: u16, code: &str) {
        let (found, found_code) = error.status_and_code();
        assert_eq!((found.as_u16(), found_code), (status, code));
        assert_eq!(error.into_response().status().as_u16(), status);
    }

    #[test]
    fn each_refusal_has_the_status_that_was_recorded() {
        check(OAuthError::Unauthorized { by_header: false }, 401, "access_denied");
        check(OAuthError::InvalidCode, 403, "invalid_grant");
        check(OAuthError::MissingParameter("grant_type"), 400, "invalid_request");
        check(OAuthError::TooManyAttempts, 429, "too_many_attempts");
    }

    #[test]
    fn only_who_tried_basic_is_challenged() {
        let challenged = |by_header| OAuthError::Unauthorized { by_header }.into_response().headers().clone();
        assert_eq!(challenged(true)[WWW_AUTHENTICATE], "Basic realm=\"oauth/token\"");
        assert!(!challenged(false).contains_key(WWW_AUTHENTICATE));
        assert_eq!(challenged(false)[CACHE_CONTROL], "no-store");
    }
}
