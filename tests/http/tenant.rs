//! A tenant as clients have it: by the address that it is asked at.

use std::net::Ipv4Addr;

use impostor::client::app::App;
use impostor::client::browser::{Arrival, Browser};
use impostor::client::callback::Callback;
use impostor::client::control::Control;
use impostor::client::error::{ClientError, Refusal};
use impostor::client::login::Login;
use impostor::client::management::{Management, SECRET_SUFFIX};
use impostor::client::page::Page;
use impostor::client::tenants::Fork;
use impostor::client::tokens::Tokens;
use impostor::client::transport::Transport;
use impostor::harness::Impostor;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, redirect};
use serde_json::Value;

/// The callback of every app here. Nobody listens there: browsers stop before they call it.
pub(crate) const CALLBACK: &str = "http://localhost:8484/callback";

/// Apps that can't keep a secret.
const PUBLIC: &[&str] = &["acme-spa", "acme-native"];

/// A tenant at one of its addresses.
#[derive(Clone)]
pub(crate) struct Tenant {
    /// With the trailing slash.
    pub(crate) issuer: String,
    pub(crate) transport: Transport,
    pub(crate) http: reqwest::Client,
}

/// An answer, whole.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// A server, and its default tenant over http.
pub(crate) async fn start() -> (Impostor, Tenant) {
    start_on("acme").await
}

/// The same with another fixture.
pub(crate) async fn start_on(fixture: &str) -> (Impostor, Tenant) {
    let impostor = Impostor::builder().fixture(fixture).start().await.unwrap();
    let mut http = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy();
    for name in ["acme.localhost", "by-name.localhost"] {
        http = http.resolve(name, (Ipv4Addr::LOCALHOST, 0).into());
    }
    let http = http.build().unwrap();
    let tenant = Tenant { issuer: format!("{}/", impostor.url()), transport: Transport::new().unwrap(), http };
    (impostor, tenant)
}

impl Tenant {
    /// A tenant at another address.
    pub(crate) fn at(&self, issuer: &str) -> Self {
        Self { issuer: issuer.to_owned(), ..self.clone() }
    }

    /// An address below the tenant's; `path` begins with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer.trim_end_matches('/'))
    }

    pub(crate) fn authority(&self) -> &str {
        self.issuer.split('/').nth(2).unwrap()
    }

    pub(crate) fn control(&self) -> Control {
        Control::at(self.transport.clone(), &self.issuer).unwrap()
    }

    pub(crate) fn app(&self, client_id: &str) -> App {
        let secret = (!PUBLIC.contains(&client_id)).then(|| format!("{client_id}{SECRET_SUFFIX}"));
        App::new(self.transport.clone(), &self.issuer, client_id, secret, CALLBACK).unwrap()
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.transport.clone()).returning_to(CALLBACK)
    }

    pub(crate) async fn admin(&self) -> Management {
        let secret = format!("acme-management{SECRET_SUFFIX}");
        Management::connect(self.transport.clone(), &self.issuer, "acme-management", &secret).await.unwrap()
    }

    /// A token for the Management API; of all scopes where `scope` is empty.
    pub(crate) async fn admin_token(&self, scope: &str) -> String {
        let audience = self.url("/api/v2/");
        let mut grant = vec![("grant_type", "client_credentials"), ("audience", audience.as_str())];
        if !scope.is_empty() {
            grant.push(("scope", scope));
        }
        self.app("acme-management").token(&grant).await.unwrap().access_token
    }

    /// A fork with a port of its own.
    pub(crate) async fn fork(&self, name: &str) -> Self {
        let fork = Fork { from: "acme".to_owned(), name: Some(name.to_owned()), port: true, ..Fork::default() };
        self.at(&self.control().fork(&fork).await.unwrap().issuer)
    }

    /// Signs Alice in with her password.
    pub(crate) async fn sign_in(&self, app: &mut App, extra: &[(&str, &str)]) -> (Login, Callback) {
        self.sign_in_with(&mut self.browser(), app, extra).await
    }

    /// The same in a browser that somebody goes on using.
    pub(crate) async fn sign_in_with(
        &self,
        browser: &mut Browser,
        app: &mut App,
        extra: &[(&str, &str)],
    ) -> (Login, Callback) {
        let login = app.begin_login(&owned(extra)).unwrap();
        let form = page(browser.open(&login.url).await.unwrap()).form_with("username").unwrap();
        let form = form.fill("username", "alice@acme.example").unwrap().fill("password", "Passw0rd!alice").unwrap();
        (login, callback(browser.submit(form).await.unwrap()))
    }

    /// What an app holds after Alice signed in.
    pub(crate) async fn tokens(&self, client_id: &str, scope: &str) -> Tokens {
        let mut app = self.app(client_id);
        let (login, callback) = self.sign_in(&mut app, &[("scope", scope)]).await;
        app.redeem(&login, &callback).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        send(self.http.get(self.url(path))).await
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Reply {
        send(self.http.get(self.url(path)).bearer_auth(token)).await
    }

    /// Sends a body of this `Content-Type`.
    pub(crate) async fn post(&self, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> Reply {
        send(self.http.post(self.url(path)).header("content-type", kind).body(body)).await
    }
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Reply { status, headers, body: response.text().await.unwrap() }
}

pub(crate) fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[track_caller]
pub(crate) fn page(arrival: Arrival) -> Page {
    match arrival {
        Arrival::Page(page) => *page,
        Arrival::Callback(callback) => panic!("the app was called: {callback:?}"),
    }
}

#[track_caller]
pub(crate) fn callback(arrival: Arrival) -> Callback {
    match arrival {
        Arrival::Callback(callback) => callback,
        Arrival::Page(page) => panic!("a page is shown: {} {}", page.status, page.text()),
    }
}

/// The server's refusal that a call ended with.
#[track_caller]
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Refusal {
    result.unwrap_err().refusal().unwrap().clone()
}
