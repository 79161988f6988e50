//! The fakes in a test, asked as a browser and an app ask them.

use axum::Router;
use axum::body::Body;
use axum::extract::Extension;
use axum::http::HeaderMap;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use scraper::Html;
use scraper::Selector;
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;
use url::form_urlencoded;

use crate::http::address::Address;
use crate::keys::Keyring;
use crate::time::Clock;
use crate::time::Rng;
use crate::time::Timestamp;
use crate::upstreams;
use crate::upstreams::Upstreams;
use crate::upstreams::accounts::Account;
use crate::upstreams::provider::Provider;

/// Where the fakes of a test say that they are.
pub(crate) const AT: &str = "http://localhost:4480";

/// The fakes with one browser, on a frozen clock.
pub(crate) struct Agent {
    pub(crate) upstreams: Upstreams,
    pub(crate) clock: Clock,
    router: Router,
    cookie: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Agent {
    pub(crate) fn new() -> Self {
        let clock = Clock::default();
        clock.freeze(Timestamp::from_seconds(1_900_000_000));
        let upstreams =
            Upstreams::new(upstreams::UpstreamState::default(), clock.clone(), Rng::new(Some(1)), Keyring::in_memory());
        let router = Router::new()
            .nest("/_upstreams", upstreams::router())
            .layer(Extension(upstreams.clone()))
            .layer(Extension(Address::of_base(AT)));
        Self { upstreams, clock, router, cookie: None }
    }

    /// The same fakes at another browser.
    pub(crate) fn other_browser(&self) -> Self {
        Self { upstreams: self.upstreams.clone(), clock: self.clock.clone(), router: self.router.clone(), cookie: None }
    }

    pub(crate) fn add(&self, provider: Provider, attributes: Value, grants: Option<&[&str]>) -> Account {
        let attributes = serde_json::from_value(attributes).unwrap();
        let grants = grants.map(|grants| grants.iter().map(ToString::to_string).collect());
        Account::clone(&self.upstreams.add_account(provider, attributes, grants).unwrap())
    }

    /// Follows no redirect; keeps the one cookie that a fake sets.
    pub(crate) async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            self.cookie = cookie.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub(crate) async fn get(&mut self, url: &str) -> Answer {
        self.send(Request::get(path_of(url)), String::new()).await
    }

    pub(crate) async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path_of(url)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body).await
    }

    pub(crate) async fn get_as(&mut self, url: &str, bearer: &str) -> Answer {
        let request = Request::get(path_of(url)).header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        self.send(request, String::new()).await
    }

    /// Signs in as a person does: chooses the account where a chooser is shown, leaves the boxes as they are except
    /// for those in `untick`, agrees. Gives the callback.
    pub(crate) async fn sign_in(&mut self, authorize: &str, account: &str, untick: &[&str]) -> Url {
        let mut answer = self.get(authorize).await;
        if answer.status == StatusCode::OK {
            answer = self.press(&answer, &format!("form[data-account=\"{account}\"]"), &[]).await;
        }
        while answer.location().starts_with('/') {
            let page = self.get(&answer.location()).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
            answer = self.press_without(&page, "form[data-consent]", &[("action", "accept")], untick).await;
        }
        Url::parse(&answer.location()).unwrap()
    }

    /// Sends a form of a page with its fields and what is added, or typed into them.
    pub(crate) async fn press(&mut self, page: &Answer, form: &str, added: &[(&str, &str)]) -> Answer {
        self.press_without(page, form, added, &[]).await
    }

    pub(crate) async fn press_without(
        &mut self,
        page: &Answer,
        form: &str,
        added: &[(&str, &str)],
        untick: &[&str],
    ) -> Answer {
        let (action, mut fields) = page.form(form);
        fields.retain(|(name, value)| name != "permission" || !untick.contains(&value.as_str()));
        fields.retain(|(name, _)| !added.iter().any(|(other, _)| other == name));
        fields.extend(added.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&action, &fields).await
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }

    #[track_caller]
    pub(crate) fn location(&self) -> String {
        let location = self.headers.get(header::LOCATION);
        location.unwrap_or_else(|| panic!("{} {}", self.status, self.body)).to_str().unwrap().to_owned()
    }

    /// Action and fields of a form, as they would be sent: hidden ones, ticked boxes, and the only button.
    #[track_caller]
    pub(crate) fn form(&self, selector: &str) -> (String, Vec<(String, String)>) {
        let page = Html::parse_document(&self.body);
        let form = page.select(&Selector::parse(selector).unwrap()).next();
        let form = form.unwrap_or_else(|| panic!("no {selector} in {}", self.body));
        let controls = Selector::parse("input, button[name=account]").unwrap();
        let fields = form.select(&controls).filter_map(|field| {
            let attribute = |name: &str| field.value().attr(name).map(str::to_owned);
            let box_unticked = attribute("type").as_deref() == Some("checkbox") && attribute("checked").is_none();
            if box_unticked || attribute("disabled").is_some() {
                return None;
            }
            Some((attribute("name")?, attribute("value").unwrap_or_default()))
        });
        (form.value().attr("action").unwrap().to_owned(), fields.collect())
    }
}

/// The value of a parameter in an address's query.
pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

fn path_of(url: &str) -> &str {
    url.strip_prefix(AT).unwrap_or(url)
}
