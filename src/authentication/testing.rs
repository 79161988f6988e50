//! A small tenant and its router, asked without a socket.

use axum::Router;
use axum::body::Body;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use serde_json::Value;
use serde_json::json;
use tower::ServiceExt as _;

use crate::authentication;
use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::http::address::Address;
use crate::http::connection::Connection;
use crate::http::outgoing::Outgoing;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::time::Clock;
use crate::time::Rng;
use crate::time::Timestamp;

/// 2031-05-04T10:00:00Z: when the tests happen.
pub(super) const NOW: i64 = 1_935_655_200;

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
        let tenant = Tenant::new("acme", state(), clock, Rng::new(Some(1)));
        Self { tenant, keyring: Keyring::in_memory(), router: authentication::router() }
    }

    /// Answers one request as the server would have it handled.
    pub(super) async fn send(&self, mut request: Request<Body>) -> Answer {
        let extensions = request.extensions_mut();
        extensions.insert(self.tenant.clone());
        extensions.insert(self.keyring.clone());
        extensions.insert(Address::new(false, "localhost:4480"));
        extensions.insert(Outgoing::new(Router::new()).unwrap());
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

/// A client of every kind, an API, a database and Google, and `ana@people.example` with the password `Passw0rd!ana`.
fn state() -> TenantState {
    let mut state = TenantState::default();
    let from = |value: Value| serde_json::from_value(value).unwrap();
    for (id, app_type, method) in
        [("web", "regular_web", None), ("spa", "spa", Some("none")), ("machine", "non_interactive", None)]
    {
        let client = json!({
            "client_id": id, "name": id, "client_secret": format!("{id}-secret"), "app_type": app_type,
            "token_endpoint_auth_method": method, "callbacks": ["https://app.example/cb", "http://localhost:*/*"],
            "web_origins": ["https://app.example"], "jwt_configuration": { "alg": "RS256" }
        });
        state.clients.put(id.into(), from(client));
    }
    let scopes = json!([{ "value": "read:orders" }, { "value": "write:orders" }]);
    let api = json!({ "id": "1", "identifier": API, "scopes": scopes, "allow_offline_access": true });
    state.resource_servers.put("1".into(), serde_json::from_value(api).unwrap());
    let system = json!({ "id": "2", "identifier": MANAGEMENT_IDENTIFIER, "is_system": true, "scopes": [{ "value": "read:users" }] });
    state.resource_servers.put("2".into(), serde_json::from_value(system).unwrap());
    for (id, audience, scope) in [("g1", API, "read:orders"), ("g2", MANAGEMENT_IDENTIFIER, "read:users")] {
        let grant = json!({ "id": id, "client_id": "machine", "audience": audience, "scope": [scope] });
        state.client_grants.put(id.into(), serde_json::from_value(grant).unwrap());
    }
    state
}
