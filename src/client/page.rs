//! A page that a browser shows: what a person reads on it and can do with it.

use crate::client::answer::{Answer, abridged};
use crate::client::callback::Callback;
use crate::client::error::ClientError;
use crate::client::field::words;
use crate::client::form::Form;
use scraper::{Html, Selector};
use serde_json::{Map, Value};
use url::Url;

/// A page, kept as the text that came. It is parsed anew for each question, which keeps it free to cross threads.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its address, after all redirects.
    pub url: Url,
    /// The HTTP status that it came with.
    pub status: u16,
    /// Its source.
    pub html: String,
    answer: Answer,
}

impl Page {
    pub(crate) fn of(answer: Answer) -> Self {
        Self { url: answer.url.clone(), status: answer.status, html: answer.body.clone(), answer }
    }

    /// A header that it came with.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.header(name)
    }

    /// Everything that a person can read on it.
    pub fn text(&self) -> String {
        words(Html::parse_document(&self.html).root_element())
    }

    /// What the first element says that `selector` (CSS) selects.
    pub fn text_at(&self, selector: &str) -> Option<String> {
        let selector = Selector::parse(selector).ok()?;
        Html::parse_document(&self.html).select(&selector).next().map(words)
    }

    /// An attribute of the first element that `selector` (CSS) selects.
    pub fn attribute_at(&self, selector: &str, attribute: &str) -> Option<String> {
        let selector = Selector::parse(selector).ok()?;
        let document = Html::parse_document(&self.html);
        document.select(&selector).next()?.value().attr(attribute).map(str::to_owned)
    }

    /// Its forms, in order.
    pub fn forms(&self) -> Vec<Form> {
        let Ok(forms) = Selector::parse("form") else { return Vec::new() };
        Html::parse_document(&self.html).select(&forms).map(|form| Form::read(&self.url, form)).collect()
    }

    /// The first form that `fits`.
    ///
    /// # Errors
    /// [`ClientError::NotOnPage`], naming what was looked for by `description`.
    pub fn form(&self, description: &str, fits: impl Fn(&Form) -> bool) -> Result<Form, ClientError> {
        self.forms().into_iter().find(|form| fits(form)).ok_or_else(|| self.missing(description))
    }

    /// The form with a field of this name.
    ///
    /// # Errors
    /// [`ClientError::NotOnPage`] when there is none.
    pub fn form_with(&self, field: &str) -> Result<Form, ClientError> {
        self.form(&format!("form with the field {field:?}"), |form| form.has(field))
    }

    /// Where the first link leads whose text contains `text`.
    ///
    /// # Errors
    /// [`ClientError::NotOnPage`] when there is none.
    pub fn link(&self, text: &str) -> Result<Url, ClientError> {
        let missing = || self.missing(&format!("link {text:?}"));
        let links = Selector::parse("a[href]").map_err(|_| missing())?;
        let document = Html::parse_document(&self.html);
        let link = document.select(&links).find(|link| words(*link).contains(text)).ok_or_else(missing)?;
        let href = link.value().attr("href").unwrap_or_default();
        self.url.join(href).map_err(|_| missing())
    }

    /// The form that the page sends by itself as soon as it is shown, if it is made to do that.
    pub(crate) fn self_submitting(&self) -> Option<Form> {
        if !self.html.contains("submit(") {
            return None;
        }
        let by_body = self.attribute_at("body[onload]", "onload").is_some_and(|code| code.contains("submit("));
        let submits = by_body || self.scripts().iter().any(|script| script.contains(".submit("));
        let mut forms = if submits { self.forms() } else { Vec::new() };
        (forms.len() == 1).then(|| forms.swap_remove(0))
    }

    /// What the page posts to the window that opened it, if it is an answer of `response_mode=web_message`.
    pub(crate) fn web_message(&self) -> Option<Callback> {
        if !self.html.contains("authorization_response") {
            return None;
        }
        let scripts = self.scripts();
        let script = scripts.iter().find(|script| script.contains("authorization_response"))?;
        let response = script.match_indices('{').find_map(|(at, _)| response_in(script.get(at..)?))?;
        Some(Callback::of_message(self.url.clone(), response))
    }

    fn scripts(&self) -> Vec<String> {
        let Ok(scripts) = Selector::parse("script") else { return Vec::new() };
        Html::parse_document(&self.html).select(&scripts).map(|script| script.text().collect()).collect()
    }

    pub(crate) fn missing(&self, what: &str) -> ClientError {
        ClientError::NotOnPage {
            url: self.url.to_string(),
            missing: what.to_owned(),
            says: format!("{} {}", self.status, abridged(&self.text())),
        }
    }
}

/// The `response` of the message that `code` begins with, or `code` itself where it is the response alone.
fn response_in(code: &str) -> Option<Map<String, Value>> {
    let first = serde_json::Deserializer::from_str(code).into_iter::<Map<String, Value>>().next()?;
    let mut object = first.ok()?;
    match object.remove("response") {
        Some(Value::Object(response)) => Some(response),
        _ => {
            ["code", "error", "access_token", "id_token"].iter().any(|key| object.contains_key(*key)).then_some(object)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::callback::ResponseMode;

    fn page(html: &str) -> Page {
        Page::of(Answer::of_page("http://localhost:4480/u/login?state=s", html))
    }

    #[test]
    fn a_form_is_filled_in_as_a_person_does() {
        let page = page(
            r#"<form method="POST"><input type="hidden" name="state" value="s"><input name="username">
               <input type="checkbox" name="keep" value="yes"><button name="action" value="default">Continue</button></form>
               <form method="post" action="/other"><input type="hidden" name="connection" value="google-oauth2">
               <button type="submit">Continue with Google</button></form>"#,
        );
        let form = page.form_with("username").unwrap().fill("username", "ana@people.example").unwrap();
        assert_eq!(form.encoded(), "state=s&username=ana%40people.example&action=default");
        assert_eq!(form.action.as_str(), "http://localhost:4480/u/login?state=s");
        let form = form.tick("keep", "yes", true).unwrap().press("Continue").unwrap();
        assert_eq!(form.encoded(), "state=s&username=ana%40people.example&keep=yes&action=default");

        let other = page.form_with("connection").unwrap();
        assert_eq!(other.encoded(), "connection=google-oauth2");
        assert_eq!(other.action.path(), "/other");
        assert!(other.fill("connection", "facebook").is_err(), "a hidden field is not for people");
    }

    #[test]
    fn only_a_page_that_says_so_sends_itself() {
        let form =
            r#"<form method="post" action="http://localhost:1/cb"><input type="hidden" name="code" value="c"></form>"#;
        assert!(page(form).self_submitting().is_none());
        assert!(
            page(&format!(r#"<body onload="document.forms[0].submit()">{form}</body>"#)).self_submitting().is_some()
        );
        assert!(page(&format!("{form}<script>document.forms[0].submit();</script>")).self_submitting().is_some());
    }

    #[test]
    fn a_web_message_is_heard() {
        let message = r#"{"type":"authorization_response","response":{"code":"c{1}","state":"s"}}"#;
        let page = page(&format!(
            "<script>(function(w){{ w.postMessage({message}, \"http://localhost:1\"); }})(parent)</script>"
        ));
        let callback = page.web_message().unwrap();
        assert_eq!((callback.mode, callback.get("code")), (ResponseMode::WebMessage, Some("c{1}")));
    }

    #[test]
    fn what_a_person_reads_has_no_code_in_it() {
        assert_eq!(
            page("<title>t</title><style>a{}</style><h1>Hi</h1> <p>there<script>x</script></p>").text(),
            "Hi there"
        );
    }
}
