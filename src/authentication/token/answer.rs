//! What the token endpoint answers when it is done. Source: RFC 6749 §5.1, spec/authentication-api.md §3.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::PRAGMA;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Serialize;

use crate::domain::id::UserId;

/// A success.
#[derive(Debug, Serialize)]
pub(in crate::authentication) struct TokenAnswer {
    pub(in crate::authentication) access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::authentication) refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::authentication) id_token: Option<String>,
    /// Only where it is not what was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::authentication) scope: Option<String>,
    /// Of the access token, in seconds.
    pub(in crate::authentication) expires_in: i64,
    pub(in crate::authentication) token_type: &'static str,
    /// Whose tokens they are; for the log.
    #[serde(skip)]
    pub(in crate::authentication) user_id: Option<UserId>,
}

/// The granted scopes, if they are not those that were asked for.
pub(in crate::authentication) fn told_scope(granted: &[String], asked: &[String]) -> Option<String> {
    (granted != asked).then(|| granted.join(" "))
}

impl IntoResponse for TokenAnswer {
    fn into_response(self) -> Response {
        ([(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")], Json(self)).into_response()
    }
}
