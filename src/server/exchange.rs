//! One exchange with the tenant or a fake: written into the journal, struck by faults, answered by the router.

use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::IntoResponse as _;
use axum::response::Response;

use crate::http::failure::Failure;
use crate::http::fronts;
use crate::http::journal::Direction;
use crate::http::journal::Entry;
use crate::http::journal::recorder;
use crate::server::faults;
use crate::server::faults::AllFired;
use crate::server::site::Site;

/// How large a request is that a test's own server is asked.
const MOST_BYTES: usize = 1024 * 1024;

/// Answers a request to the site.
pub(super) async fn answer(site: &Site, request: Request<Body>, router: Router) -> Response {
    let path = request.uri().path();
    // The control API looks at the journal: it is not in it.
    if path == "/_impostor" || path.starts_with("/_impostor/") {
        return faults::answer(&site.faults, &site.tenant, request, router).await;
    }
    let (at, began) = (site.tenant.now(), Instant::now());
    let below = path.strip_prefix("/_upstreams/");
    let whom = below.map_or("tenant", |rest| rest.split('/').next().unwrap_or_default()).to_owned();
    let (method, uri, request_headers) = (request.method().clone(), request.uri().clone(), request.headers().clone());
    let (parts, body) = request.into_parts();
    let (body, sent) = recorder::recorded(body);
    let response = fronted(site, Request::from_parts(parts, body), router).await;
    let (parts, body) = response.into_parts();
    let (body, told) = recorder::recorded(body);
    let fired = parts.extensions.get::<AllFired>();
    let fired = fired.map(|all| all.0.iter().map(|fired| (fired.id.clone(), fired.kind.to_owned())).collect());
    site.journal.record(Entry {
        number: 0,
        at,
        took: began.elapsed(),
        direction: Direction::In,
        party: whom,
        method,
        uri,
        request_headers,
        request_body: sent,
        status: Some(parts.status),
        response_headers: parts.headers.clone(),
        response_body: told,
        failure: None,
        faults: fired.unwrap_or_default(),
    });
    Response::from_parts(parts, body)
}

/// What stands in front of a fake is asked first.
async fn fronted(site: &Site, request: Request<Body>, router: Router) -> Response {
    let Some(url) = site.fronts.of(request.uri()) else {
        return faults::answer(&site.faults, &site.tenant, request, router).await;
    };
    let (parts, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, MOST_BYTES).await {
        Ok(body) => body,
        Err(error) => return Failure::new(format!("read a request: {error}")).into_response(),
    };
    let request = Request::from_parts(parts, body);
    match fronts::ask(&url, &request).await {
        Some(answer) => answer.map(Body::from),
        None => faults::answer(&site.faults, &site.tenant, request.map(Body::from), router).await,
    }
}
