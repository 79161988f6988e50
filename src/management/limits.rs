//! The rate-limit headers that every answer has. Nothing is limited here: they tell of a window that never fills.
//! Source: spec/management-api.md §4.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;

use crate::store::tenant::Tenant;

/// Adds `x-ratelimit-limit`, `-remaining` and `-reset`: a full window that ends with the next second.
pub(super) async fn layer(request: Request, next: Next) -> Response {
    let now = request.extensions().get::<Tenant>().map(|tenant| tenant.now().seconds());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from_static("50"));
    headers.insert("x-ratelimit-remaining", HeaderValue::from_static("49"));
    headers.insert("x-ratelimit-reset", HeaderValue::from(now.unwrap_or_default().saturating_add(1)));
    response
}
