//! A tenant with one connection, and a provider that says whatever a test wants.

use std::sync::Arc;

use axum::Router;
use serde_json::Value;
use serde_json::json;
use url::Url;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::ResponseTemplate;
use wiremock::matchers::method;
use wiremock::matchers::path;

use crate::connections::error::ConnectionError;
use crate::connections::redirect;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::Own;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::ResponseMode;
use crate::domain::transaction::ResponseType;
use crate::domain::transaction::UpstreamVisit;
use crate::http::address::Address;
use crate::http::outgoing::Outgoing;
use crate::keys::Keyring;
use crate::keys::signing_key::SigningKey;
use crate::time::Rng;
use crate::time::Timestamp;

/// When the tests happen.
pub(super) const NOW: i64 = 1_935_655_200;

/// The tenant's side.
pub(super) struct Party {
    pub(super) connection: Connection,
    address: Address,
    outgoing: Outgoing,
    keyring: Keyring,
}

impl Party {
    /// With a connection of this strategy to a provider at `url`.
    pub(super) fn new(strategy: &str, url: &str, options: Value) -> Self {
        let connection = json!({ "id": "con_1", "name": strategy, "strategy": strategy, "options": options });
        let connection =
            Connection { upstream_url: Some(url.to_owned()), ..serde_json::from_value(connection).unwrap() };
        let address = Address::of_base("http://localhost:4480");
        Self { connection, address, outgoing: Outgoing::new(Router::new()), keyring: Keyring::in_memory() }
    }

    fn relying(&self) -> RelyingParty<'_> {
        let now = Timestamp::from_seconds(NOW);
        let own = Own { name: "acme", keyring: &self.keyring, slot: 0 };
        RelyingParty { connection: &self.connection, address: &self.address, outgoing: &self.outgoing, own, now }
    }

    pub(super) async fn depart(&self, request: &AuthorizationRequest) -> Result<Departure, ConnectionError> {
        redirect::depart(self.relying(), request, &mut Rng::new(Some(1))).await
    }

    /// What a departure sends, by name.
    pub(super) async fn sent(&self, request: &AuthorizationRequest) -> CallbackParameters {
        let location = Url::parse(&self.depart(request).await.unwrap().location).unwrap();
        location.query_pairs().into_owned().collect()
    }

    /// Comes back with these parameters, and with the right state unless one is among them.
    pub(super) async fn arrive(
        &self,
        visit: &UpstreamVisit,
        with: &[(&str, &str)],
    ) -> Result<Returned, ConnectionError> {
        let mut callback = CallbackParameters::from([("state".to_owned(), visit.state.clone())]);
        callback.extend(with.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        redirect::arrive(self.relying(), visit, &callback).await
    }
}

/// What an app asked for, in the simplest way.
pub(super) fn request() -> AuthorizationRequest {
    AuthorizationRequest {
        redirect_uri: "http://localhost:3000/cb".into(),
        redirect_uri_was_sent: true,
        response_type: ResponseType { code: true, ..ResponseType::default() },
        response_mode: ResponseMode::Query,
        state: None,
        nonce: None,
        scope: vec!["openid".into()],
        audience: None,
        code_challenge: None,
        prompt: Vec::new(),
        max_age: None,
        login_hint: None,
        screen_hint: None,
        connection: None,
        connection_scope: None,
        ui_locales: None,
        organization: None,
        others: std::collections::BTreeMap::new(),
        saml: None,
        wsfed: None,
    }
}

/// A provider whose every answer a test decides.
pub(super) struct Provider {
    pub(super) server: MockServer,
    pub(super) key: Arc<SigningKey>,
}

impl Provider {
    /// One that answers nothing yet.
    pub(super) async fn silent() -> Self {
        let key = Keyring::in_memory().signing_key("google", 0).await.unwrap();
        Self { server: MockServer::start().await, key }
    }

    /// One with a discovery document and a key set.
    pub(super) async fn discoverable() -> Self {
        let provider = Self::silent().await;
        let at = |path: &str| provider.at(path);
        let document = json!({
            "issuer": provider.server.uri(),
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/userinfo"),
            "jwks_uri": at("/keys"),
        });
        provider.says("GET", "/.well-known/openid-configuration", 200, &document.to_string()).await;
        provider.says("GET", "/keys", 200, &json!({ "keys": [provider.key.jwk(true)] }).to_string()).await;
        provider
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.uri())
    }

    /// Answers a path so; what was said first about it is what it goes on saying.
    pub(super) async fn says(&self, verb: &str, at: &str, status: u16, body: &str) {
        let answer = ResponseTemplate::new(status).set_body_raw(body.to_owned(), "application/json");
        Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(&self.server).await;
    }

    /// Answers a path so once, before anything that is said about it later.
    pub(super) async fn says_once(&self, verb: &str, at: &str, body: &str) {
        let answer = ResponseTemplate::new(200).set_body_raw(body.to_owned(), "application/json");
        let once = Mock::given(method(verb)).and(path(at)).respond_with(answer).up_to_n_times(1).with_priority(1);
        once.mount(&self.server).await;
    }

    /// The bodies of the requests that a path got.
    pub(super) async fn heard(&self, at: &str) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let of_path = requests.into_iter().filter(|request| request.url.path() == at);
        of_path.map(|request| String::from_utf8(request.body).unwrap()).collect()
    }

    /// The `Authorization` headers of the requests that a path got.
    pub(super) async fn authorizations(&self, at: &str) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let of_path = requests.into_iter().filter(|request| request.url.path() == at);
        let header = |request: wiremock::Request| Some(request.headers.get("authorization")?.to_str().ok()?.to_owned());
        of_path.filter_map(header).collect()
    }
}
