//! What Microsoft answers when it doesn't do what it was asked: the sign-in service with AADSTS numbers, Graph in its
//! own way. Source: spec/upstreams.md §4. Texts beyond its table are worded as Microsoft words such things, unverified.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::http::failure::Failure;
use crate::http::failure::Reference;
use crate::keys::digest;
use crate::time::Timestamp;
use crate::upstreams::request::AskedError;

/// Why the sign-in service doesn't do what it was asked. Display is the message after the number.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignInError {
    #[error("The request body must contain the following parameter: '{0}'.")]
    Missing(&'static str),
    #[error(
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive \
         authorization request for this user and resource."
    )]
    Expired,
    #[error(
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing \
         refresh token."
    )]
    AlreadyRedeemed,
    #[error("The provided grant is invalid or malformed.")]
    BadGrant,
    #[error("The reply address '{0}' does not match the reply address that the authorization code was asked for with.")]
    RedirectMismatch(String),
    #[error("The Code_Verifier does not match the code_challenge supplied in the authorization request.")]
    WrongVerifier,
    #[error("Application with identifier '{0}' was not found in the directory.")]
    UnknownApp(String),
    #[error(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, \
         not the client secret ID, for a secret added to app '{0}'."
    )]
    WrongSecret(String),
    #[error("The app requested an unsupported grant type '{0}'.")]
    UnsupportedGrantType(String),
    #[error("The provided value for the input parameter 'scope' is not valid. The scope '{0}' is not valid.")]
    BadScope(String),
    #[error(
        "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the \
         correct cloud."
    )]
    UnknownDirectory(String),
    #[error("This username may be incorrect. Make sure you typed it correctly. Otherwise, contact your admin.")]
    UnknownUser,
    #[error("Your account or password is incorrect. If you don't remember your password, reset it now.")]
    WrongPassword,
    #[error("Your account has been locked. Contact your support person to unlock it, then try again.")]
    Locked,
    #[error("Your account has been disabled. Contact your support person.")]
    Disabled,
    #[error("You need to update your password because this is the first time you are signing in, or it has expired.")]
    PasswordExpired,
    #[error("The request is malformed: {0}.")]
    Unreadable(#[from] AskedError),
    #[error("something went wrong")]
    Internal(#[from] Failure),
}

/// A [`SignInError`] with the moment it happened, which is in the answer.
#[derive(Debug)]
pub(super) struct At(pub(super) SignInError, pub(super) Timestamp);

impl SignInError {
    /// Status, OAuth's word and AADSTS's number.
    pub(super) fn kind(&self) -> (StatusCode, &'static str, u32) {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::Missing(_) => (bad, "invalid_request", 900_144),
            Self::Expired => (bad, "invalid_grant", 70008),
            Self::AlreadyRedeemed => (bad, "invalid_grant", 54005),
            Self::BadGrant => (bad, "invalid_grant", 70000),
            Self::RedirectMismatch(_) => (bad, "invalid_grant", 500_112),
            Self::WrongVerifier => (bad, "invalid_grant", 501_481),
            Self::UnknownApp(_) => (bad, "unauthorized_client", 700_016),
            Self::WrongSecret(_) => (StatusCode::UNAUTHORIZED, "invalid_client", 7_000_215),
            Self::UnsupportedGrantType(_) => (bad, "unsupported_grant_type", 70003),
            Self::BadScope(_) => (bad, "invalid_scope", 70011),
            Self::UnknownDirectory(_) => (bad, "invalid_tenant", 90002),
            Self::UnknownUser => (bad, "invalid_grant", 50034),
            Self::WrongPassword => (bad, "invalid_grant", 50126),
            Self::Locked => (bad, "invalid_grant", 50053),
            Self::Disabled => (bad, "invalid_grant", 50057),
            Self::PasswordExpired => (bad, "invalid_grant", 50055),
            Self::Unreadable(_) => (bad, "invalid_request", 900_561),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", 90033),
        }
    }
}

impl IntoResponse for At {
    fn into_response(self) -> Response {
        let Self(error, now) = self;
        let (status, word, number) = error.kind();
        let error = match error {
            SignInError::Internal(failure) => return failure.into_response(),
            told => told,
        };
        let (trace, correlation, timestamp) = (guid(), guid(), written(now));
        let description = format!(
            "AADSTS{number}: {error}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {timestamp}"
        );
        let body = json!({
            "error": word,
            "error_description": description,
            "error_codes": [number],
            "timestamp": timestamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
        });
        (status, [(CACHE_CONTROL, "no-store, no-cache")], Json(body)).into_response()
    }
}

/// Why Graph doesn't answer. Display is its `message`.
#[derive(Debug, thiserror::Error)]
pub(super) enum GraphError {
    #[error("Access token is empty.")]
    NoToken,
    #[error("JWT is not well formed, there are no dots (.).")]
    BadToken,
    #[error("Lifetime validation failed, the token is expired.")]
    ExpiredToken,
    #[error("Insufficient privileges to complete the operation.")]
    Forbidden,
    #[error("Resource not found for the segment.")]
    UnknownPath,
    #[error("Could not find a property named '{0}' on type 'microsoft.graph.user'.")]
    NoProperty(String),
    #[error("Invalid value of the query option '{0}'.")]
    BadQuery(String),
    #[error("The photo wasn't found.")]
    NoPhoto,
    #[error("{0}")]
    Unreadable(#[from] AskedError),
    #[error("something went wrong")]
    Internal(#[from] Failure),
}

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::Internal(failure) => return failure.into_response(),
            Self::NoToken | Self::BadToken | Self::ExpiredToken => {
                (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken")
            }
            Self::Forbidden => (StatusCode::FORBIDDEN, "Authorization_RequestDenied"),
            Self::UnknownPath | Self::NoProperty(_) | Self::BadQuery(_) | Self::Unreadable(_) => {
                (StatusCode::BAD_REQUEST, "BadRequest")
            }
            Self::NoPhoto => (StatusCode::NOT_FOUND, "ImageNotFound"),
        };
        let request = guid();
        let inner = json!({ "request-id": request, "client-request-id": request });
        let body = json!({ "error": { "code": code, "message": self.to_string(), "innerError": inner } });
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"\", error=\"invalid_token\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Another one for every answer.
pub(super) fn guid() -> String {
    guid_of(&Reference::next().to_string())
}

/// The same one for the same text.
pub(super) fn guid_of(text: &str) -> String {
    let hex = digest::hex(&digest::sha256(text.as_bytes()));
    let mut digits = hex.chars();
    [8, 4, 4, 4, 12].map(|length| digits.by_ref().take(length).collect::<String>()).join("-")
}

const FORMAT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");

fn written(at: Timestamp) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    moment.format(FORMAT).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_guids_are_written_as_microsoft_writes_them() {
        assert_eq!(written(Timestamp::from_seconds(1_900_000_000)), "2030-03-17 17:46:40Z");
        let guid = guid_of("a");
        assert_eq!(guid.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    }
}
