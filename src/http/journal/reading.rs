//! An entry of the journal read: its query, bodies and headers taken apart.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Map;
use serde_json::Value;

use crate::http::body::Media;
use crate::http::journal::Entry;
use crate::http::journal::mask;
use crate::http::journal::multipart;
use crate::http::journal::recorder::Capture;

/// A body, decoded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Nothing,
    Json(Value),
    Form(Vec<(String, String)>),
    Page(String),
    Text(String),
    /// So many bytes that are no text.
    Binary(usize),
}

/// What an entry says, secrets included.
pub(crate) struct Reading<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) request: Content,
    pub(crate) response: Content,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(entry: &'a Entry) -> Self {
        let query = entry.uri.query().unwrap_or_default();
        Self {
            entry,
            query: pairs(query.as_bytes()),
            request: content(&entry.request_headers, &entry.request_body),
            response: content(&entry.response_headers, &entry.response_body),
        }
    }

    /// Without what was answered, which no expectation asks about.
    pub(crate) fn of_request(entry: &'a Entry) -> Self {
        let query = pairs(entry.uri.query().unwrap_or_default().as_bytes());
        let request = content(&entry.request_headers, &entry.request_body);
        Self { entry, query, request, response: Content::Nothing }
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        value(&self.query, name)
    }

    /// A field of the request's form.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        if let Content::Form(fields) = &self.request { value(fields, name) } else { None }
    }

    /// A member of the request's JSON object.
    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        if let Content::Json(Value::Object(members)) = &self.request { members.get(name) } else { None }
    }

    /// The client that asked: by its parameter or its credentials.
    pub(crate) fn client_id(&self) -> Option<String> {
        let named = self.query("client_id").or_else(|| self.field("client_id"));
        let named = named.or_else(|| self.member("client_id")?.as_str());
        named.map(str::to_owned).or_else(|| {
            let header = self.entry.request_headers.get(AUTHORIZATION)?.to_str().ok()?;
            let decoded = BASE64_STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
            let credentials = String::from_utf8(decoded).ok()?;
            credentials.split_once(':').map(|(id, _)| id.to_owned())
        })
    }

    /// A header of the request.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.entry.request_headers.get(name)?.to_str().ok()
    }
}

impl Content {
    /// As it may be shown: what is JSON as JSON, a form as an object.
    pub(crate) fn shown(self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Json(value) => mask::json(value),
            Self::Form(fields) => {
                let shown = fields.into_iter().map(|(name, value)| {
                    let value = mask::parameter(&name, &value);
                    (name, value.into())
                });
                Value::Object(shown.collect::<Map<_, _>>())
            }
            Self::Page(page) => mask::html(&page).into(),
            Self::Text(text) if multipart::is(&text) => multipart::shown(&text).into(),
            Self::Text(text) => mask::text(&text).into(),
            Self::Binary(bytes) => serde_json::json!({ "bytes": bytes }),
        }
    }
}

fn content(headers: &HeaderMap, capture: &Capture) -> Content {
    let (bytes, truncated) = capture.read();
    if bytes.is_empty() {
        return Content::Nothing;
    }
    match Media::of(headers) {
        Media::Form => return Content::Form(pairs(&bytes)),
        Media::Json if !truncated => {
            if let Ok(value) = serde_json::from_slice(&bytes) {
                return Content::Json(value);
            }
        }
        Media::Json | Media::Other => {}
    }
    let length = bytes.len();
    match String::from_utf8(bytes) {
        Ok(text) if text.trim_start().starts_with('<') => Content::Page(text),
        Ok(text) => Content::Text(text),
        Err(_) => Content::Binary(length),
    }
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded).into_owned().collect()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
