//! Pages of the real service that are not built yet.

use axum::http::StatusCode;
use axum::http::Uri;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;

/// Paths below `/u/`, and what their pages would do.
const PAGES: &[(&str, &str)] = &[
    ("login/identifier", "login in two steps"),
    ("login/password", "login in two steps"),
    ("signup/", "sign-up in two steps"),
    ("mfa-", "multi-factor authentication"),
    ("organization", "choosing an organization"),
    ("passkey", "login with passkeys"),
];

/// 501 for a page that is known, 404 for any other.
pub(super) async fn page(uri: Uri) -> Response {
    let path = uri.path().strip_prefix("/u/").unwrap_or_default();
    match PAGES.iter().find(|(beginning, _)| path.starts_with(beginning)) {
        Some((_, what)) => AuthorizeError::page(Refusal::NotBuilt(what)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
