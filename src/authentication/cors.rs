//! Which pages may read answers: anybody's under `/.well-known/`, else those of the client's origins.
//! Source: spec/authentication-api.md (introduction, §16), spec/clients.md §1; the Fetch standard, "CORS protocol".

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::domain::id::ClientId;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// Put into an answer's extensions by a handler that knows which client it answers: that client's origins count.
#[derive(Clone, Debug)]
pub(super) struct Answers(pub(super) ClientId);

/// How long a browser may remember that it asked, in seconds.
const MAX_AGE: &str = "3600";

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, OPTIONS";

/// What SDKs send. Source: spec/clients.md §1.6.
const HEADERS: &str = "Auth0-Client, X-Request-Language, Authorization, Content-Type, DPoP";

/// Answers preflights and says in other answers who may read them.
pub(super) async fn layer(request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else { return next.run(request).await };
    let open = request.uri().path().starts_with("/.well-known/");
    let asks =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let tenant = request.extensions().get::<Tenant>().cloned();
    let mut response = if asks { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    if open {
        let any = HeaderValue::from_static("*");
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    } else {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
        let client = response.extensions_mut().remove::<Answers>();
        let allowed = tenant.is_some_and(|tenant| is_allowed(&tenant.read(), &origin, client.as_ref()));
        if !allowed {
            return response;
        }
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    if asks {
        preflight(response.headers_mut());
    }
    response
}

/// Says in an answer that was made in the place of the real one who may read it.
pub(crate) fn let_pages_read(response: &mut Response, origin: &HeaderValue, path: &str, tenant: &Tenant) {
    let any = path.starts_with("/.well-known/") || path.starts_with("/api/v2");
    if !any && !is_allowed(&tenant.read(), origin, None) {
        return;
    }
    let headers = response.headers_mut();
    headers
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, if any { HeaderValue::from_static("*") } else { origin.clone() });
    if !any {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
}

/// By the client that is answered; before one is known, as in a preflight, by any client of the tenant.
fn is_allowed(state: &TenantState, origin: &HeaderValue, client: Option<&Answers>) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    match client {
        Some(Answers(id)) => state.client(id.as_str()).is_some_and(|client| client.allows_origin(origin)),
        None => state.clients.rows().any(|client| client.allows_origin(origin)),
    }
}

fn preflight(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;
    use crate::authentication::testing::Answer;
    use crate::authentication::testing::Host;

    async fn ask(method: &str, path: &str, origin: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        Host::new().send(request.body(Body::empty()).unwrap()).await
    }

    #[tokio::test]
    async fn a_preflight_lets_the_clients_pages_send_what_sdks_send() {
        let answer = ask("OPTIONS", "/bc-authorize", "https://app.example").await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("access-control-allow-origin"), "https://app.example");
        assert!(answer.header("access-control-allow-headers").contains("Auth0-Client, X-Request-Language"));
        assert_eq!(answer.header("vary"), "Origin");
    }

    #[tokio::test]
    async fn a_foreign_page_may_read_nothing_but_what_is_well_known() {
        let answer = ask("OPTIONS", "/bc-authorize", "https://evil.example").await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
        let answer = ask("GET", "/.well-known/openid-configuration", "https://evil.example").await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}
