//! An HTTP answer, read to its end.

use crate::client::error::{ClientError, Refusal};
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use url::Url;

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(crate) call: String,
    /// The address that answered.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: String,
    pub(crate) headers: HeaderMap,
}

impl Answer {
    #[cfg(test)]
    pub(crate) fn of_page(url: &str, body: &str) -> Self {
        let url = Url::parse(url).unwrap();
        Self { call: format!("GET {}", url.path()), url, status: 200, body: body.to_owned(), headers: HeaderMap::new() }
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// All values of a header, in order.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// Whether the status is one of success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The answer itself if it is a success.
    ///
    /// # Errors
    /// [`ClientError::Refused`] otherwise.
    pub fn success(self) -> Result<Self, ClientError> {
        if self.is_success() {
            return Ok(self);
        }
        Err(ClientError::Refused(Box::new(Refusal::read(self.call, self.status, &self.body))))
    }

    /// The body of a success, read from JSON.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when it is no success, [`ClientError::Unreadable`] when the body is something else.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, ClientError> {
        let answer = self.success()?;
        serde_json::from_str(&answer.body).map_err(|error| ClientError::Unreadable {
            url: answer.url.to_string(),
            cause: format!("{error} in {:?}", abridged(&answer.body)),
        })
    }
}

/// The beginning of a text, for messages.
pub(crate) fn abridged(text: &str) -> String {
    const LENGTH: usize = 400;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
