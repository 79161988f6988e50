//! A browser without a screen: cookies, redirects, forms, links.

use crate::client::answer::Answer;
use crate::client::callback::Callback;
use crate::client::cookies::CookieJar;
use crate::client::error::ClientError;
use crate::client::form::Form;
use crate::client::page::Page;
use crate::client::transport::{Transport, address};
use reqwest::header;
use url::Url;

/// More redirects in a row than any login has.
const LIMIT: usize = 20;

/// One person's browser. It follows redirects by itself and stops at a page, or where the app takes over.
///
/// It runs no scripts, except that it does what two kinds of pages exist for: it sends a form that sends itself, and
/// hears a message that is posted to the app (`response_mode=web_message`).
#[derive(Debug, Clone)]
pub struct Browser {
    transport: Transport,
    callback: Option<String>,
    visits: Vec<Visit>,
    /// What it remembers.
    pub cookies: CookieJar,
}

/// Where a browser ends up.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// A page is shown.
    Page(Box<Page>),
    /// The app's callback was reached; it was not called.
    Callback(Callback),
}

/// One request of a browser's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address asked.
    pub url: Url,
    /// The status answered.
    pub status: u16,
}

/// The request that comes next.
struct Next {
    url: Url,
    body: Option<String>,
    origin: Option<String>,
}

impl Browser {
    /// A fresh browser that remembers nothing.
    pub fn new(transport: Transport) -> Self {
        Self { transport, callback: None, visits: Vec::new(), cookies: CookieJar::default() }
    }

    /// Makes it stop where it would call `callback`, the app's `redirect_uri`.
    #[must_use]
    pub fn returning_to(mut self, callback: &str) -> Self {
        self.callback = Some(callback.to_owned());
        self
    }

    /// Opens an address.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`], or [`ClientError::Endless`] when redirects don't end.
    pub async fn open(&mut self, url: &str) -> Result<Arrival, ClientError> {
        self.go(Next { url: address(url)?, body: None, origin: None }).await
    }

    /// Sends a form.
    ///
    /// # Errors
    /// As [`Browser::open`].
    pub async fn submit(&mut self, form: Form) -> Result<Arrival, ClientError> {
        self.go(Next::of_form(&form)).await
    }

    /// Follows the link whose text contains `text`.
    ///
    /// # Errors
    /// As [`Browser::open`], and [`ClientError::NotOnPage`] when there is no such link.
    pub async fn follow(&mut self, page: &Page, text: &str) -> Result<Arrival, ClientError> {
        self.go(Next { url: page.link(text)?, body: None, origin: None }).await
    }

    /// Every request made so far, in order.
    pub fn visits(&self) -> &[Visit] {
        &self.visits
    }

    async fn go(&mut self, mut next: Next) -> Result<Arrival, ClientError> {
        for _ in 0..LIMIT {
            if self.is_callback(&next.url) {
                return Ok(Arrival::Callback(next.into_callback()));
            }
            let answer = self.send(&next).await?;
            if let Some(url) = redirection(&answer) {
                next = next.redirected(url, answer.status);
                continue;
            }
            let page = Page::of(answer);
            if let Some(message) = page.web_message() {
                return Ok(Arrival::Callback(message));
            }
            match page.self_submitting() {
                Some(form) => next = Next::of_form(&form),
                None => return Ok(Arrival::Page(Box::new(page))),
            }
        }
        Err(ClientError::Endless { limit: LIMIT, url: next.url.to_string() })
    }

    async fn send(&mut self, next: &Next) -> Result<Answer, ClientError> {
        let (method, mut request) = match &next.body {
            Some(body) => ("POST", self.transport.post(&next.url).body(body.clone())),
            None => ("GET", self.transport.get(&next.url)),
        };
        request = request.header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        if next.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(origin) = &next.origin {
            request = request.header(header::ORIGIN, origin);
        }
        if let Some(cookies) = self.cookies.header(&next.url) {
            request = request.header(header::COOKIE, cookies);
        }
        let answer = self.transport.send(request).await?;
        for cookie in answer.headers("set-cookie") {
            self.cookies.obey(&next.url, cookie);
        }
        self.visits.push(Visit { method, url: next.url.clone(), status: answer.status });
        Ok(answer)
    }

    fn is_callback(&self, url: &Url) -> bool {
        let rest = self.callback.as_deref().and_then(|callback| url.as_str().strip_prefix(callback));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#', '/']))
    }
}

impl Next {
    fn of_form(form: &Form) -> Self {
        let mut url = form.action.clone();
        if form.posts {
            let origin = form.page().origin().ascii_serialization();
            return Self { url, body: Some(form.encoded()), origin: Some(origin) };
        }
        url.set_query(Some(&form.encoded()));
        Self { url, body: None, origin: None }
    }

    /// 307 and 308 repeat the request, the others fetch.
    fn redirected(self, url: Url, status: u16) -> Self {
        match status {
            307 | 308 => Self { url, ..self },
            _ => Self { url, body: None, origin: None },
        }
    }

    fn into_callback(self) -> Callback {
        match self.body {
            Some(body) => Callback::of_form(self.url, &body),
            None => Callback::of_redirect(self.url),
        }
    }
}

fn redirection(answer: &Answer) -> Option<Url> {
    let redirects = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    answer.header("location").filter(|_| redirects).and_then(|location| answer.url.join(location).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::callback::ResponseMode;
    use wiremock::matchers::{body_string, header, method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    const CALLBACK: &str = "http://localhost:1/callback";

    async fn arrive(server: &MockServer, at: &str) -> (Arrival, Browser) {
        let mut browser = Browser::new(Transport::new().unwrap()).returning_to(CALLBACK);
        let arrival = browser.open(&format!("{}{at}", server.uri())).await.unwrap();
        (arrival, browser)
    }

    fn callback(arrival: Arrival) -> Callback {
        match arrival {
            Arrival::Callback(callback) => callback,
            Arrival::Page(page) => panic!("the page {}", page.text()),
        }
    }

    #[tokio::test]
    async fn redirects_are_followed_with_cookies_up_to_the_callback() {
        let server = MockServer::start().await;
        let first =
            ResponseTemplate::new(302).insert_header("location", "/next").insert_header("set-cookie", "did=1; Path=/");
        Mock::given(path("/first")).respond_with(first).mount(&server).await;
        let next =
            ResponseTemplate::new(302).insert_header("location", format!("{CALLBACK}?code=c&state=s#_=_").as_str());
        Mock::given(path("/next")).and(header("cookie", "did=1")).respond_with(next).mount(&server).await;

        let (arrival, browser) = arrive(&server, "/first").await;
        let callback = callback(arrival);
        assert_eq!((callback.mode, callback.get("code")), (ResponseMode::Query, Some("c")));
        assert_eq!(browser.visits().iter().map(|visit| visit.status).collect::<Vec<_>>(), [302, 302]);
    }

    #[tokio::test]
    async fn a_form_that_sends_itself_is_sent_on_or_is_the_answer() {
        let server = MockServer::start().await;
        let form = |action: &str| {
            format!(
                "<body onload='document.forms[0].submit()'><form method=post action='{action}'><input type=hidden name=code value=c></form>"
            )
        };
        let onwards = ResponseTemplate::new(200).set_body_string(form("/again"));
        Mock::given(method("GET")).and(path("/first")).respond_with(onwards).mount(&server).await;
        let answer = ResponseTemplate::new(200).set_body_string(form(CALLBACK));
        Mock::given(method("POST"))
            .and(path("/again"))
            .and(body_string("code=c"))
            .respond_with(answer)
            .mount(&server)
            .await;

        let callback = callback(arrive(&server, "/first").await.0);
        assert_eq!((callback.mode, callback.get("code")), (ResponseMode::FormPost, Some("c")));
    }

    #[tokio::test]
    async fn redirects_that_never_end_are_given_up() {
        let server = MockServer::start().await;
        let again = ResponseTemplate::new(302).insert_header("location", "/first");
        Mock::given(path("/first")).respond_with(again).mount(&server).await;
        let mut browser = Browser::new(Transport::new().unwrap());
        let error = browser.open(&format!("{}/first", server.uri())).await.unwrap_err();
        assert!(matches!(error, ClientError::Endless { .. }), "{error}");
    }
}
