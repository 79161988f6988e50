//! Faults around the router: what a test asked for strikes tenant and fakes alike, the control API never.

use axum::Router;
use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::Request;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::response::Response;
use tower::ServiceExt as _;

use crate::authentication::cors;
use crate::authentication::events::event;
use crate::domain::log::LogEvent;
use crate::http::connection::Connection;
use crate::http::failure::Failure;
use crate::http::faults::behaviours::Behaviours;
use crate::http::faults::body;
use crate::http::faults::list::Faults;
use crate::http::faults::list::Fired;
use crate::http::faults::scope::Caller;
use crate::http::faults::scope::Subject;
use crate::http::faults::scope::Who;
use crate::http::faults::strike::Abrupt;
use crate::http::faults::strike::Distortion;
use crate::http::faults::strike::Instead;
use crate::http::faults::strike::Said;
use crate::http::faults::wait::wait;
use crate::server::who;
use crate::store::tenant::Tenant;

/// The faults that fired at a request, in its answer's extensions.
#[derive(Clone, Debug)]
pub(crate) struct AllFired(pub(crate) Vec<Fired>);

/// How large an answer may be that is distorted.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Answers a request with whatever goes wrong on purpose. Without faults it costs one look.
pub(super) async fn answer(faults: &Faults, tenant: &Tenant, request: Request<Body>, router: Router) -> Response {
    if faults.is_empty() || is_spared(&request) {
        let Ok(response) = router.oneshot(request).await;
        return response;
    }
    struck(faults, tenant, request, router).await
}

/// The control API turns the faults off again; a preflight is the browser's own.
fn is_spared(request: &Request<Body>) -> bool {
    let path = request.uri().path();
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    is_preflight || path == "/_impostor" || path.starts_with("/_impostor/")
}

async fn struck(faults: &Faults, tenant: &Tenant, mut request: Request<Body>, router: Router) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let subject = subject(&method, &path);
    let who =
        if faults.ask_who(&subject) { who::of(tenant, subject.upstream, &mut request).await } else { Who::default() };
    let strike = faults.strike(&subject, &who);
    let behaviours = Behaviours::of(faults, &subject);
    let origin = request.headers().get(header::ORIGIN).cloned();
    let ip = request.extensions().get().map(|connection: &Connection| connection.ip().to_string());
    wait(strike.delay).await;
    let mut response = match strike.instead {
        Some(Instead::Answer(said)) => {
            let limited = subject.upstream.is_none() && strike.fired.iter().any(|fired| fired.kind == "rate_limit");
            if limited && let Err(failure) = log(tenant, &who, &path, ip.as_deref()).await {
                return failure.into_response();
            }
            told(said, &path, origin.as_ref(), tenant)
        }
        Some(Instead::Reset | Instead::Down) => abrupt(),
        None => {
            request.extensions_mut().insert(behaviours.clone());
            let Ok(response) = router.oneshot(request).await;
            match strike.distortion {
                Some(distortion) => distorted(response, distortion).await,
                None => response,
            }
        }
    };
    let fired = strike.fired.into_iter().chain(behaviours.fired()).collect::<Vec<_>>();
    if !fired.is_empty() {
        response.extensions_mut().insert(AllFired(fired));
    }
    response
}

/// Which boundary is asked.
fn subject<'a>(method: &'a Method, path: &'a str) -> Subject<'a> {
    let below = path.strip_prefix("/_upstreams/").map(|below| below.split_once('/').unwrap_or((below, "")));
    let caller = Caller::Visitor;
    match below {
        Some((upstream, rest)) => {
            // The slash stays with the path.
            let path = path.split_at(path.len() - rest.len() - usize::from(!rest.is_empty())).1;
            Subject { method, path, upstream: Some(upstream), caller }
        }
        None => Subject { method, path, upstream: None, caller },
    }
}

/// An answer that is made up: pages may read it as they may read the real one.
fn told(said: Said, path: &str, origin: Option<&HeaderValue>, tenant: &Tenant) -> Response {
    let mut response = Response::new(Body::from(said.body));
    *response.status_mut() = said.status;
    *response.headers_mut() = said.headers;
    if let Some(origin) = origin {
        cors::let_pages_read(&mut response, origin, path, tenant);
    }
    response
}

fn abrupt() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Abrupt);
    response
}

async fn distorted(response: Response, distortion: Distortion) -> Response {
    let (parts, body) = response.into_parts();
    match axum::body::to_bytes(body, MOST_BYTES).await {
        Ok(whole) => body::distorted(Response::from_parts(parts, whole), distortion),
        Err(error) => Failure::new(format!("distort an answer: {error}")).into_response(),
    }
}

/// Puts a limit that was reached into the tenant log. Source: reference/log-events.json (`api_limit`).
async fn log(tenant: &Tenant, who: &Who, path: &str, ip: Option<&str>) -> Result<(), Failure> {
    tenant
        .write(|tx| {
            let description = format!("You have reached the global limit for {path}");
            let client_id = who.client.as_deref().map(Into::into);
            tx.log(LogEvent { description, client_id, ..event("api_limit", tx.now, ip.unwrap_or_default()) });
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fake_is_asked_below_its_place() {
        let check = |path: &str, upstream, below| {
            let subject = subject(&Method::GET, path);
            assert_eq!((subject.upstream, subject.path), (upstream, below), "{path}");
        };
        check("/oauth/token", None, "/oauth/token");
        check("/_upstreams/google/token", Some("google"), "/token");
        check("/_upstreams/google/o/oauth2/v2/auth", Some("google"), "/o/oauth2/v2/auth");
        check("/_upstreams/google", Some("google"), "");
    }
}
