//! A small tenant and its router, asked without a socket.

use std::collections::BTreeMap;

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
use serde_json::json;
use tower::ServiceExt as _;

use crate::authentication;
use crate::authentication::arrival::Proof;
use crate::authentication::arrival::sign_in;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::resume::Handle;
use crate::authentication::authorize::transaction;
use crate::authentication::visitor::Visitor;
use crate::domain::password::Password;
use crate::domain::profile::database::NewUser;
use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::domain::tenant::OwnSettings;
use crate::domain::tenant::TenantSettings;
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
        let tenant = Tenant::new("acme", state(), clock, Rng::new(Some(1)));
        let router = authentication::router().route("/u/login", post(login_page));
        Self { tenant, keyring: Keyring::in_memory(), router }
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

/// A browser with its cookies.
pub(super) struct Browser<'a> {
    host: &'a Host,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(host: &'a Host) -> Self {
        Self { host, cookies: BTreeMap::new() }
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(body.into()).unwrap()).await
    }

    async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        let answer = self.host.send(request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// Opens `/authorize` with `query`, types ana's password where a page asks for it, and returns the answer that
    /// goes to the app.
    pub(super) async fn sign_in(&mut self, query: &str) -> Answer {
        let answer = self.get(&format!("/authorize?{query}")).await;
        let location = answer.headers.get(header::LOCATION).map(|location| location.to_str().unwrap().to_owned());
        match location.filter(|location| location.starts_with("/u/login?")) {
            Some(page) => {
                let resume = self.post(&page, &[]).await;
                self.get(&resume.header("location").to_owned()).await
            }
            None => answer,
        }
    }

    /// Signs in as [`Browser::sign_in`] and returns the code.
    pub(super) async fn code(&mut self, query: &str) -> String {
        let answer = self.sign_in(query).await;
        parameter(answer.header("location"), "code").unwrap_or_else(|| panic!("no code: {answer:?}"))
    }
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

/// A client of every kind, an API, a database and Google, and `ana@people.example` with the password `Passw0rd!ana`.
fn state() -> TenantState {
    let mut state = TenantState::default();
    let from = |value: Value| serde_json::from_value(value).unwrap();
    let rotating = json!({ "rotation_type": "rotating", "expiration_type": "expiring", "leeway": 0 });
    let grants = json!(["authorization_code", "implicit", "refresh_token", "client_credentials", "password"]);
    for (id, app_type, method) in
        [("web", "regular_web", None), ("spa", "spa", Some("none")), ("machine", "non_interactive", None)]
    {
        let client = json!({
            "client_id": id, "name": id, "client_secret": format!("{id}-secret"), "app_type": app_type,
            "token_endpoint_auth_method": method, "grant_types": grants, "callbacks": ["https://app.example/cb", "http://localhost:*/*"],
            "web_origins": ["https://app.example"], "allowed_logout_urls": ["https://app.example/bye"],
            "refresh_token": if id == "spa" { rotating.clone() } else { json!({}) }, "jwt_configuration": { "alg": "RS256" }
        });
        state.clients.put(id.into(), from(client));
    }
    let everybody = json!(["web", "spa", "machine"]);
    for (id, name, strategy) in [("con_1", "db", "auth0"), ("con_2", "google-oauth2", "google-oauth2")] {
        let connection = json!({ "id": id, "name": name, "strategy": strategy, "enabled_clients": everybody });
        state.connections.put(id.into(), serde_json::from_value(connection).unwrap());
    }
    let connection = state.connection_named("db").unwrap().clone();
    let ana = NewUser {
        email: Some("ana@people.example".to_owned()),
        password: Some(Password::Plain("Passw0rd!ana".into())),
        ..NewUser::default()
    };
    state.users.put(ana.into_user(&connection, "ana", Timestamp::from_seconds(NOW - 1000))).unwrap();
    state.own = OwnSettings { skip_consent_on_loopback: true }.into();
    let mut settings = TenantSettings { default_directory: Some("db".to_owned()), ..TenantSettings::default() };
    settings.allowed_logout_urls = vec!["https://tenant.example/bye".to_owned()];
    state.settings = settings.into();
    let scopes = json!([{ "value": "read:orders" }, { "value": "write:orders" }]);
    let api = json!({ "id": "1", "identifier": API, "scopes": scopes, "allow_offline_access": true,
        "skip_consent_for_verifiable_first_party_clients": true });
    state.resource_servers.put("1".into(), serde_json::from_value(api).unwrap());
    let system = json!({ "id": "2", "identifier": MANAGEMENT_IDENTIFIER, "is_system": true, "scopes": [{ "value": "read:users" }] });
    state.resource_servers.put("2".into(), serde_json::from_value(system).unwrap());
    for (id, audience, scope) in [("g1", API, "read:orders"), ("g2", MANAGEMENT_IDENTIFIER, "read:users")] {
        let grant = json!({ "id": id, "client_id": "machine", "audience": audience, "scope": [scope] });
        state.client_grants.put(id.into(), serde_json::from_value(grant).unwrap());
    }
    state
}
