//! What a test expects of the journal.

use serde::Serialize;
use serde_json::{Map, Value};

/// Calls of a kind. What is not said may be anything; a value of `*` is anything that is there.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Call {
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    query: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    body: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    headers: Map<String, Value>,
}

/// So many calls of a kind; at least one, if nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Expectation {
    call: Call,
    #[serde(skip_serializing_if = "Option::is_none")]
    exactly: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<usize>,
}

impl Call {
    /// Calls of an endpoint: `POST /oauth/token`, or a path alone for any method. `*` in the path stands for anything.
    pub fn to(endpoint: &str) -> Self {
        let (method, path) = match endpoint.split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), path.trim()),
            None => (None, endpoint),
        };
        Self { method, path: Some(path.to_owned()), ..Self::default() }
    }

    /// Only those that came in: to the tenant, or to a fake from a browser or an app.
    #[must_use]
    pub fn incoming(self) -> Self {
        Self { direction: Some("in"), ..self }
    }

    /// Only those that the tenant itself sent.
    #[must_use]
    pub fn outgoing(self) -> Self {
        Self { direction: Some("out"), ..self }
    }

    /// Only those to `tenant`, to a fake by its name, or to a host outside.
    #[must_use]
    pub fn at(self, party: impl Into<String>) -> Self {
        Self { party: Some(party.into()), ..self }
    }

    /// Only those of an app.
    #[must_use]
    pub fn of_client(self, client_id: impl Into<String>) -> Self {
        Self { client_id: Some(client_id.into()), ..self }
    }

    /// Only those that were answered so.
    #[must_use]
    pub fn answered(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Only those with a parameter in the query.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.query.insert(name.to_owned(), value.into());
        self
    }

    /// Only those with a member in their form or JSON object.
    #[must_use]
    pub fn body(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body.insert(name.to_owned(), value.into());
        self
    }

    /// Only those with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }
}

impl Expectation {
    /// At least one call of a kind.
    pub fn of(call: Call) -> Self {
        Self { call, ..Self::default() }
    }

    /// So many, no more and no fewer.
    #[must_use]
    pub fn exactly(self, times: usize) -> Self {
        Self { exactly: Some(times), ..self }
    }

    /// None.
    #[must_use]
    pub fn never(self) -> Self {
        self.exactly(0)
    }

    /// So many or more.
    #[must_use]
    pub fn at_least(self, times: usize) -> Self {
        Self { at_least: Some(times), ..self }
    }

    /// So many or fewer.
    #[must_use]
    pub fn at_most(self, times: usize) -> Self {
        Self { at_most: Some(times), ..self }
    }
}
