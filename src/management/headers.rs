//! Headers that every answer has. Source: spec/management-api.md §3 and §4.
//!
//! Nothing is limited here: the rate-limit headers tell of a window of one second in which this is the only call, so
//! that a client that watches them never waits.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::Response;

use crate::store::tenant::Tenant;

/// Adds `x-ratelimit-limit`, `-remaining` and `-reset`, and names the character set of JSON.
pub(super) async fn layer(request: Request, next: Next) -> Response {
    let now = request.extensions().get::<Tenant>().map(|tenant| tenant.now().seconds());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from_static("50"));
    headers.insert("x-ratelimit-remaining", HeaderValue::from_static("49"));
    headers.insert("x-ratelimit-reset", HeaderValue::from(now.unwrap_or_default().saturating_add(1)));
    if headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    response
}
