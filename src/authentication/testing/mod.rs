//! A small tenant and its router, asked without a socket.

mod browser;
mod seed;

use axum::Router;
use axum::body::Body;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::Response;
use axum::routing::post;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::authentication;
use crate::authentication::arrival::Proof;
use crate::authentication::arrival::sign_in;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::resume::Handle;
use crate::authentication::authorize::transaction;
use crate::authentication::visitor::Visitor;
use crate::http::address::Address;
use crate::http::connection::Connection;
use crate::http::outgoing::Outgoing;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::store::tenant::Tenant;
use crate::time::Clock;
use crate::time::Rng;
use crate::time::Timestamp;

pub(super) use crate::authentication::testing::browser::Browser;

/// 2031-05-04T10:00:00Z: when the tests happen.
pub(super) const NOW: i64 = 1_935_655_200;

/// The one user.
pub(super) const ANA: &str = "auth0|ana";

/// The API that clients ask for.
pub(super) const API: &str = "https://api.acme.example/";

/// A tenant at `http://localhost:4480/` whose clock stands still.
pub(super) struct Host {
    pub(super) tenant: Tenant,
    pub(super) keyring: Keyring,
    router: Router,
}

/// What was answered, read whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Host {
    pub(super) fn new() -> Self {
        let clock = Clock::default();
        clock.freeze(Timestamp::from_seconds(NOW));
        let tenant = Tenant::new("acme", seed::state(), clock, Rng::new(Some(1)));
        let router = authentication::router().route("/u/login", post(login_page));
        Self { tenant, keyring: Keyring::in_memory(), router }
    }

    /// Answers one request as the server would have it handled.
    pub(super) async fn send(&self, mut request: Request<Body>) -> Answer {
        let extensions = request.extensions_mut();
        extensions.insert(self.tenant.clone());
        extensions.insert(self.keyring.clone());
        extensions.insert(Address::new(false, "localhost:4480"));
        extensions.insert(Outgoing::new(Router::new()));
        let (peer, local) = ("127.0.0.1:50000".parse().unwrap(), "127.0.0.1:4480".parse().unwrap());
        extensions.insert(Connection { secure: false, peer, local });
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1024 * 1024).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(body.into()).unwrap()).await
    }
}

/// The claims of a JWT, unverified.
#[track_caller]
pub(super) fn claims(token: &Value) -> Value {
    let token = token.as_str().unwrap_or_else(|| panic!("no token: {token}"));
    let claims = digest::from_base64url(token.split('.').nth(1).unwrap_or_else(|| panic!("no JWT: {token}")));
    serde_json::from_slice(&claims.unwrap()).unwrap()
}

/// A parameter of an address's query or fragment.
pub(super) fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, pairs) = address.split_once(['?', '#'])?;
    url::form_urlencoded::parse(pairs.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Stands for the login page: whoever comes knows ana's password.
async fn login_page(tenant: Tenant, visitor: Visitor, handle: Handle) -> Response {
    let state = tenant.read();
    let result = match transaction::of_browser(&state, handle.0.as_deref(), &visitor, tenant.now()) {
        Ok(transaction) => {
            let connection = state.connection_named("db").unwrap();
            sign_in(&tenant, &visitor, &transaction, connection, Proof::Password(ANA.into())).await
        }
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

impl Answer {
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {self:?}")).to_str().unwrap()
    }

    /// Status, `error` and `error_description`.
    #[track_caller]
    pub(super) fn refusal(&self) -> (u16, String, String) {
        let body = self.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), text("error"), text("error_description"))
    }
}
