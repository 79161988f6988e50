//! How the Management API refuses. Source: spec/management-api.md §2.

use std::borrow::Cow;

use axum::Json;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;
use crate::store::error::StoreError;

/// What the Management API answers when it doesn't do what it was asked. Display is the `message`.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    #[error("Missing authentication")]
    MissingAuthentication,
    #[error("Bad HTTP authentication header format")]
    BadHeader,
    /// The words of the real service for what is wrong with the token.
    #[error("{0}")]
    InvalidToken(String),
    #[error("{}", insufficient(.0))]
    InsufficientScope(Vec<&'static str>),
    #[error("Insufficient scope; expected {}.", .0.join(" and "))]
    AllScopesWanted(&'static [&'static str]),
    #[error("User to be acted on does not match subject in bearer token.")]
    NotTheSubject,
    /// Not JSON at all: the words of the framework that the real service runs on (unverified).
    #[error("Invalid request payload JSON format")]
    NotJson,
    #[error("Unsupported Media Type")]
    NotJsonType,
    #[error("Payload validation error: '{0}'.")]
    InvalidBody(String),
    #[error("Payload validation error: '{problem}' on property {property}.")]
    InvalidProperty { problem: String, property: String },
    #[error("Query validation error: '{problem}' on property {property}.")]
    InvalidQuery { problem: String, property: &'static str },
    #[error("Path validation error: '{problem}' on property {property}.")]
    InvalidPath { problem: String, property: &'static str },
    #[error("Query validation error: 'Missing required property: {0}'.")]
    MissingParameter(&'static str),
    /// A rule that no schema states. The code is the service's own word.
    #[error("{message}")]
    Refused { message: Cow<'static, str>, code: &'static str },
    #[error("{message}")]
    NotFound { message: &'static str, code: Option<&'static str> },
    #[error("{message}")]
    Conflict { message: &'static str, code: Option<&'static str> },
    /// There are as many of them as a tenant may have.
    #[error("You reached the limit of entities of this type for this tenant.")]
    LimitReached,
    #[error("Payload content length greater than maximum allowed: {0}")]
    TooLarge(usize),
    #[error("{0} is not built yet")]
    NotBuilt(String),
    #[error("Not Found")]
    NoSuchPath,
    #[error(transparent)]
    Internal(#[from] Failure),
}

impl ApiError {
    /// A 400 for a rule that no schema states.
    pub(super) fn refused(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Refused { message: message.into(), code }
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status_and_code().0
    }

    fn status_and_code(&self) -> (StatusCode, Option<&'static str>) {
        match self {
            Self::MissingAuthentication | Self::InvalidToken(_) => (StatusCode::UNAUTHORIZED, None),
            Self::BadHeader => (StatusCode::BAD_REQUEST, Some("Bearer")),
            Self::InsufficientScope(_) | Self::AllScopesWanted(_) => {
                (StatusCode::FORBIDDEN, Some("insufficient_scope"))
            }
            Self::NotTheSubject => (StatusCode::FORBIDDEN, Some("unowned_resource")),
            Self::NotJson => (StatusCode::BAD_REQUEST, None),
            Self::NotJsonType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, None),
            Self::InvalidBody(_) | Self::InvalidProperty { .. } => (StatusCode::BAD_REQUEST, Some("invalid_body")),
            Self::InvalidQuery { .. } | Self::MissingParameter(_) => {
                (StatusCode::BAD_REQUEST, Some("invalid_query_string"))
            }
            Self::InvalidPath { .. } => (StatusCode::BAD_REQUEST, Some("invalid_uri")),
            Self::Refused { code, .. } => (StatusCode::BAD_REQUEST, Some(code)),
            Self::NotFound { code, .. } => (StatusCode::NOT_FOUND, *code),
            Self::Conflict { code, .. } => (StatusCode::CONFLICT, *code),
            Self::LimitReached => (StatusCode::FORBIDDEN, Some("too_many_entities")),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, None),
            Self::NotBuilt(_) => (StatusCode::NOT_IMPLEMENTED, Some("not_implemented")),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, None),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, None),
        }
    }

    /// `WWW-Authenticate`, where RFC 9110 §11.6.1 wants it.
    fn challenge(&self) -> Option<HeaderValue> {
        match self {
            Self::MissingAuthentication => Some(HeaderValue::from_static("Bearer")),
            Self::InvalidToken(message) => {
                // A token's own words stand in the message: they must not end the quotes.
                let message = message.replace(['"', '\\'], "");
                let challenge = HeaderValue::from_str(&format!("Bearer error=\"{message}\""));
                Some(challenge.unwrap_or(HeaderValue::from_static("Bearer")))
            }
            _ => None,
        }
    }
}

/// The operations on identities have their own wording of it (spec/linking.md §2).
fn insufficient(scopes: &[&str]) -> String {
    match scopes {
        ["update:users", "update:current_user_identities"] => {
            format!("Insufficient scope; expected: {}.", scopes.join(", "))
        }
        _ => format!("Insufficient scope, expected any of: {}", scopes.join(",")),
    }
}

/// What a table refuses: another row has a value that is unique. (The codes of all but users are unverified.)
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let StoreError::Conflict { table, .. } = error;
        let (message, code) = match table {
            "connection" => ("A connection with the same name already exists", "conflict"),
            "resource server" => ("A resource server with the same identifier already exists.", "conflict"),
            _ => ("The user already exists.", "auth0_idp_error"),
        };
        Self::Conflict { message, code: Some(code) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let message = self.to_string();
        let reason = match status {
            // The real service's framework has kept the older name.
            StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
            other => other.canonical_reason().unwrap_or_default(),
        };
        let mut body = json!({ "statusCode": status.as_u16(), "error": reason, "message": message });
        if let Some(members) = body.as_object_mut() {
            if matches!(self, Self::InvalidToken(_)) {
                members.insert("attributes".to_owned(), json!({ "error": message }));
            }
            if let Some(code) = code {
                members.insert("errorCode".to_owned(), code.into());
            }
        }
        let mut response = (status, Json(body)).into_response();
        if let Some(challenge) = self.challenge() {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    async fn check(error: ApiError, expected: Value) {
        let bytes = axum::body::to_bytes(error.into_response().into_body(), 10_000).await.unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), expected);
    }

    #[tokio::test]
    async fn the_envelope_is_the_real_services() {
        let message = "Insufficient scope, expected any of: read:users,read:current_user";
        let expected =
            json!({ "statusCode": 403, "error": "Forbidden", "message": message, "errorCode": "insufficient_scope" });
        check(ApiError::InsufficientScope(vec!["read:users", "read:current_user"]), expected).await;
        let expected = json!({
            "statusCode": 401, "error": "Unauthorized", "message": "Invalid token", "attributes": { "error": "Invalid token" }
        });
        check(ApiError::InvalidToken("Invalid token".to_owned()), expected).await;
        let expected = json!({ "statusCode": 401, "error": "Unauthorized", "message": "Missing authentication" });
        check(ApiError::MissingAuthentication, expected).await;
        check(ApiError::NoSuchPath, json!({ "statusCode": 404, "error": "Not Found", "message": "Not Found" })).await;
    }

    #[test]
    fn a_challenge_is_one_quoted_text_whatever_the_token_says() {
        let challenge =
            |audience: &str| ApiError::InvalidToken(format!("Bad audience: {audience}")).challenge().unwrap();
        assert_eq!(challenge("\"x\\\""), "Bearer error=\"Bad audience: x\"");
        assert_eq!(challenge("\r\nSet-Cookie: a"), "Bearer");
    }
}
