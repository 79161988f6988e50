//! What Graph answers when it doesn't do what it was asked. Source: spec/upstreams.md §2, "Errors".

use axum::Json;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::http::failure::Failure;
use crate::http::failure::Reference;
use crate::keys::digest;
use crate::upstreams::request::AskedError;

/// An error object of Graph. Display is its `message`; texts that are not in the specification's table are unverified.
#[derive(Debug, thiserror::Error)]
pub(super) enum GraphError {
    #[error("This authorization code has been used.")]
    UsedCode,
    #[error("This authorization code has expired.")]
    ExpiredCode,
    #[error("Invalid verification code format.")]
    BadCode,
    #[error(
        "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in \
         the OAuth dialog request"
    )]
    RedirectMismatch,
    #[error("Error validating client secret.")]
    WrongSecret,
    #[error("Error validating application. Cannot get application info due to a system error.")]
    UnknownApp,
    #[error("Missing {0} parameter.")]
    Missing(&'static str),
    #[error("An active access token must be used to query information about the current user.")]
    NoToken,
    #[error("Invalid OAuth access token - Cannot parse access token")]
    BadToken,
    #[error("Error validating access token: Session has expired on {at}. The current time is {now}.")]
    ExpiredToken { at: String, now: String },
    #[error("Error validating access token: The user has not authorized application {0}.")]
    Uninstalled(String),
    #[error("Invalid appsecret_proof provided in the API argument")]
    BadProof,
    #[error("(#100) Tried accessing nonexisting field ({0}) on node type (User)")]
    UnknownField(String),
    #[error("Syntax error \"{0}\"")]
    Syntax(&'static str),
    #[error(
        "Unsupported get request. Object with ID '{0}' does not exist, cannot be loaded due to missing permissions, or \
         does not support this operation. Please read the Graph API documentation at \
         https://developers.facebook.com/docs/graph-api"
    )]
    UnknownNode(String),
    #[error(
        "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app"
    )]
    NoAppToken,
    #[error("(#100) {0}")]
    InvalidParameter(String),
    #[error("Unknown path components")]
    UnknownPath,
    #[error("{0} is not built yet")]
    NotBuilt(&'static str),
    #[error("something went wrong")]
    Internal(#[from] Failure),
}

/// `type`, `code` and `error_subcode`.
type Kind = (&'static str, u32, Option<u32>);

impl GraphError {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::UsedCode => (OAUTH, 100, Some(36009)),
            Self::ExpiredCode => (OAUTH, 100, Some(36007)),
            Self::BadCode | Self::UnknownField(_) | Self::NoAppToken | Self::InvalidParameter(_) => (OAUTH, 100, None),
            Self::RedirectMismatch => (OAUTH, 100, Some(36008)),
            Self::WrongSecret | Self::Internal(_) => (OAUTH, 1, None),
            Self::UnknownApp | Self::Missing(_) => (OAUTH, 101, None),
            Self::NoToken | Self::Syntax(_) | Self::UnknownPath => (OAUTH, 2500, None),
            Self::BadToken => (OAUTH, 190, None),
            Self::ExpiredToken { .. } => (OAUTH, 190, Some(463)),
            Self::Uninstalled(_) => (OAUTH, 190, Some(458)),
            Self::BadProof => ("GraphMethodException", 100, None),
            Self::UnknownNode(_) => ("GraphMethodException", 100, Some(33)),
            Self::NotBuilt(_) => (OAUTH, 3, None),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::ExpiredToken { .. } | Self::Uninstalled(_) => StatusCode::UNAUTHORIZED,
            Self::NotBuilt(_) => StatusCode::NOT_IMPLEMENTED,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The word in the challenge of `WWW-Authenticate`.
    fn challenge(&self) -> &'static str {
        match self.kind() {
            (_, 190, _) => "invalid_token",
            (_, 100, Some(36007..=36009)) => "invalid_code",
            _ => "invalid_request",
        }
    }
}

const OAUTH: &str = "OAuthException";

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        if let Self::Internal(failure) = self {
            return failure.into_response();
        }
        let (kind, code, subcode) = self.kind();
        let message = self.to_string();
        let trace = trace_id();
        let mut error = json!({ "message": message, "type": kind, "code": code });
        if let (Some(members), Some(subcode)) = (error.as_object_mut(), subcode) {
            members.insert("error_subcode".to_owned(), subcode.into());
        }
        if let Some(members) = error.as_object_mut() {
            members.insert("fbtrace_id".to_owned(), trace.as_str().into());
        }
        let mut response = (self.status(), HEADERS, Json(json!({ "error": error }))).into_response();
        let plain: String = message.chars().filter(|c| c.is_ascii_graphic() && *c != '"' || *c == ' ').collect();
        let challenge = format!("OAuth \"Facebook Platform\" \"{}\" \"{plain}\"", self.challenge());
        let named = [(WWW_AUTHENTICATE, challenge), (HeaderName::from_static("x-fb-trace-id"), trace)];
        for (name, value) in named {
            response.headers_mut().extend(HeaderValue::try_from(value).ok().map(|value| (name, value)));
        }
        response
    }
}

/// Headers of everything that Graph answers.
pub(super) const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-store, must-revalidate")),
    (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (HeaderName::from_static("facebook-api-version"), HeaderValue::from_static("v19.0")),
];

/// `A` and 22 characters, another one for every error.
fn trace_id() -> String {
    let hash = digest::base64url(&digest::sha256(Reference::next().to_string().as_bytes()));
    std::iter::once('A').chain(hash.chars().take(22)).collect()
}

impl From<AskedError> for GraphError {
    fn from(error: AskedError) -> Self {
        Self::InvalidParameter(error.to_string())
    }
}
