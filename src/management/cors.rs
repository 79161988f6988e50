//! Pages may call this API with their user's token. Who may do what is in the token, and no cookie counts here, so any
//! page may read the answers (the real service's rule for origins is unverified). Source: the Fetch standard, "CORS
//! protocol"; spec/linking.md §7.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";

/// What SDKs send. Source: spec/clients.md §1.6.
const HEADERS: &str = "Authorization, Content-Type, Auth0-Client";

/// What a page may read besides the body.
const EXPOSED: &str = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After";

/// How long a browser may remember that it asked, in seconds.
const MAX_AGE: &str = "3600";

/// Answers preflights, and says in other answers that any page may read them.
pub(super) async fn layer(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !headers.contains_key(header::ORIGIN) {
        return next.run(request).await;
    }
    let asks = request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if asks {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
    response
}
