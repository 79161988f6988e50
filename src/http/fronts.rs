//! Servers in front of the fakes: a test's own answers come first, and what they do not match goes on to the fake.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::Uri;
use axum::http::header;
use parking_lot::RwLock;

/// The header of an answer that says: nothing matched.
pub(crate) const UNMATCHED: &str = "x-impostor-unmatched";

/// The servers of one tenant, by the fake that each stands in front of. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fronts(Arc<RwLock<HashMap<String, String>>>);

impl Fronts {
    /// Puts a server in front of a fake; `base` is its address without a trailing slash.
    pub(crate) fn put(&self, fake: &str, base: String) {
        self.0.write().insert(fake.to_owned(), base);
    }

    /// The fake that a path leads to and the address of the server in front of it, if there is one, with the path there.
    pub(crate) fn of(&self, uri: &Uri) -> Option<String> {
        let below = uri.path().strip_prefix("/_upstreams/")?;
        let (fake, path) = below.split_once('/').unwrap_or((below, ""));
        let base = self.0.read().get(fake)?.clone();
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        Some(format!("{base}/{path}{query}"))
    }
}

/// Asks the server at `url` what was asked of the fake. `None` when nothing there matches, or it doesn't answer.
pub(crate) async fn ask(url: &str, request: &Request<Bytes>) -> Option<Response<Bytes>> {
    let (method, headers): (Method, HeaderMap) = (request.method().clone(), request.headers().clone());
    let asked = client()?.request(method, url).headers(headers).body(request.body().clone());
    let answer = asked.send().await.ok()?;
    if answer.headers().contains_key(UNMATCHED) {
        return None;
    }
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    let body = answer.bytes().await.ok()?;
    // The body is sent on as a whole.
    headers.remove(header::TRANSFER_ENCODING);
    headers.remove(header::CONNECTION);
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Some(response)
}

/// Follows no redirects: they are the browser's to follow.
fn client() -> Option<&'static reqwest::Client> {
    static CLIENT: OnceLock<Option<reqwest::Client>> = OnceLock::new();
    let made = || reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().ok();
    CLIENT.get_or_init(made).as_ref()
}
