//! Who may steer: no page of another origin, and beyond loopback only who has the key. Source: design page, section 6.

use std::sync::Arc;

use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use crate::harness::control::error::ControlError;
use crate::http::address::Address;
use crate::keys::digest::constant_time_eq;

/// What a caller must show. No key on loopback; beyond it, the control key as a bearer token.
#[derive(Clone, Default)]
pub(crate) struct Access {
    pub(crate) key: Option<Arc<str>>,
}

/// Refuses foreign pages, callers without the key, and bodies that a form or a script of a foreign page could send.
pub(super) async fn check(
    State(access): State<Access>,
    address: Address,
    request: Request,
    next: Next,
) -> Result<Response, ControlError> {
    let headers = request.headers();
    if is_foreign(headers, &address) {
        return Err(ControlError::Forbidden("the control API does not answer pages of other origins"));
    }
    if let Some(key) = &access.key {
        let given = text(headers, header::AUTHORIZATION).and_then(|value| value.split_once(' '));
        // Schemes are written in any case (RFC 9110 §11.1).
        let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key);
        if !given.is_some_and(|given| constant_time_eq(given.as_bytes(), key.as_bytes())) {
            return Err(ControlError::KeyWanted);
        }
    }
    let has_body = headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0")
        || headers.contains_key(header::TRANSFER_ENCODING);
    let is_json = text(headers, header::CONTENT_TYPE).is_some_and(|kind| {
        kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    });
    // Without a body a POST is taken, too: a foreign page's own would carry an Origin.
    if has_body && !is_json && request.method() != Method::GET {
        return Err(ControlError::NotJson);
    }
    Ok(next.run(request).await)
}

/// Whether a page of another origin sent it. Browsers say so; other programs send neither header.
fn is_foreign(headers: &HeaderMap, address: &Address) -> bool {
    let foreign_origin = text(headers, header::ORIGIN).is_some_and(|origin| origin != address.base());
    foreign_origin || headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}
