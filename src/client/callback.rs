//! What an app's callback receives at the end of a login. Source: spec/authentication-api.md §2.

use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

/// An answer of `/authorize`, as it arrived at the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The app's address that was called; for a web message, the page that posted it.
    pub url: Url,
    /// The way it came.
    pub mode: ResponseMode,
    /// What came, in order.
    pub parameters: Vec<(String, String)>,
}

/// The ways in which an authorization answer reaches an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of a redirect.
    Query,
    /// In the fragment of a redirect.
    Fragment,
    /// In the body of a form that posts itself.
    FormPost,
    /// In a message to the window that opened or holds the page.
    WebMessage,
}

impl Callback {
    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A GET of the callback: a fragment that carries parameters wins over the query.
    pub(crate) fn of_redirect(url: Url) -> Self {
        let fragment = url.fragment().filter(|fragment| fragment.contains('=') && *fragment != "_=_");
        let (mode, text) = match fragment {
            Some(fragment) => (ResponseMode::Fragment, fragment),
            None => (ResponseMode::Query, url.query().unwrap_or_default()),
        };
        Self { mode, parameters: pairs(text), url }
    }

    /// A POST to the callback.
    pub(crate) fn of_form(url: Url, body: &str) -> Self {
        Self { mode: ResponseMode::FormPost, parameters: pairs(body), url }
    }

    /// A message's `response`.
    pub(crate) fn of_message(url: Url, response: Map<String, Value>) -> Self {
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let parameters = response.into_iter().map(|(key, value)| (key, text(value))).collect();
        Self { mode: ResponseMode::WebMessage, parameters, url }
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}
