//! How a login that the harness took is told.

use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use crate::client::browser::Browser;
use crate::client::callback::Callback;
use crate::client::callback::ResponseMode;
use crate::client::login::Login;
use crate::client::page::Page;

/// How many characters of a page's text are told.
const LONGEST_TEXT: usize = 2_000;

/// How a login went.
#[derive(Serialize, ToSchema)]
pub(super) struct LoginView {
    /// What the app's callback received, if the login came so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) callback: Option<CallbackView>,
    /// What the token endpoint answered, with `exchange`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(super) tokens: Option<Map<String, Value>>,
    /// The checked claims of the ID token, with `exchange`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(super) claims: Option<Map<String, Value>>,
    /// The page that the login stopped at, if it did not come to the callback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<PageView>,
    /// Every request on the way.
    pub(super) visits: Vec<VisitView>,
    /// What the browser remembers: with these cookies another one is signed in as well.
    pub(super) cookies: Vec<CookieView>,
    /// The `state`, `nonce` and (with `exchange`) `code_verifier` that the login began with.
    #[schema(value_type = Object)]
    pub(super) began_with: Map<String, Value>,
}

/// What arrived at the app.
#[derive(Serialize, ToSchema)]
pub(super) struct CallbackView {
    url: String,
    /// `query`, `fragment`, `form_post` or `web_message`.
    mode: &'static str,
    /// `code` and `state`, or `error` and `error_description`, or tokens.
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
}

/// A page.
#[derive(Serialize, ToSchema)]
pub(super) struct PageView {
    url: String,
    status: u16,
    title: Option<String>,
    /// What a person reads there.
    text: String,
}

/// A request on the way.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitView {
    method: &'static str,
    url: String,
    status: u16,
}

/// A cookie, as browser drivers take them.
#[derive(Serialize, ToSchema)]
pub(super) struct CookieView {
    name: String,
    value: String,
    domain: String,
    path: String,
    secure: bool,
}

impl LoginView {
    pub(super) fn of(browser: &Browser, login: &Login) -> Self {
        let visits = browser.visits().iter().map(|visit| VisitView {
            method: visit.method,
            url: visit.url.to_string(),
            status: visit.status,
        });
        let cookies = browser.cookies.all().map(|cookie| CookieView {
            name: cookie.name.to_owned(),
            value: cookie.value.to_owned(),
            domain: cookie.host.to_owned(),
            path: cookie.path.to_owned(),
            secure: cookie.secure,
        });
        let mut began_with = Map::new();
        for name in ["state", "nonce"] {
            began_with.extend(login.get(name).map(|value| (name.to_owned(), value.into())));
        }
        let verifier = login.get("code_challenge").map(|_| ("code_verifier".to_owned(), login.verifier.clone().into()));
        began_with.extend(verifier);
        let (visits, cookies) = (visits.collect(), cookies.collect());
        Self { callback: None, tokens: None, claims: None, page: None, visits, cookies, began_with }
    }
}

impl CallbackView {
    pub(super) fn of(callback: Callback) -> Self {
        let mode = match callback.mode {
            ResponseMode::Query => "query",
            ResponseMode::Fragment => "fragment",
            ResponseMode::FormPost => "form_post",
            ResponseMode::WebMessage => "web_message",
        };
        let parameters = callback.parameters.into_iter().map(|(name, value)| (name, value.into())).collect();
        Self { url: callback.url.to_string(), mode, parameters }
    }
}

impl PageView {
    pub(super) fn of(page: &Page) -> Self {
        let text = page.text().chars().take(LONGEST_TEXT).collect();
        Self { url: page.url.to_string(), status: page.status, title: page.text_at("title"), text }
    }
}
