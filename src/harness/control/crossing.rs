//! An entry of the journal as it is shown: decoded, secrets masked.

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::journal::Direction;
use crate::http::journal::Entry;
use crate::http::journal::expectation::path_of;
use crate::http::journal::mask;
use crate::http::journal::reading::Reading;
use crate::time::Timestamp;

/// One request with its answer. What opens something is shown as `***#` and six digits that tell whether two are the same.
#[derive(Serialize, ToSchema)]
pub(crate) struct Crossing {
    /// Counted up from 1.
    id: u64,
    /// By the tenant's clock.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Milliseconds of real time until the answer began.
    took: f64,
    direction: Direction,
    /// `tenant`, a fake's name, or a host outside.
    party: String,
    method: String,
    /// Path and query; for what goes out the whole address.
    url: String,
    /// Below a fake: as the fake sees it.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    request: Half,
    /// None where no answer came.
    status: Option<u16>,
    response: Half,
    /// Why no answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// The faults that fired.
    faults: Vec<FiredView>,
}

/// Headers and body, one way.
#[derive(Serialize, ToSchema)]
pub(crate) struct Half {
    /// Several of one name are a list.
    #[schema(value_type = Object)]
    headers: Map<String, Value>,
    /// JSON as such, a form as an object, everything else as text; `null` where there is none.
    #[schema(value_type = Object)]
    body: Value,
}

/// A fault that fired.
#[derive(Serialize, ToSchema)]
pub(crate) struct FiredView {
    id: String,
    kind: String,
}

impl Crossing {
    pub(crate) fn of(entry: &Entry) -> Self {
        let reading = Reading::of(entry);
        let client_id = reading.client_id();
        let fired = |(id, kind): &(String, String)| FiredView { id: id.clone(), kind: kind.clone() };
        Self {
            id: entry.number,
            at: entry.at,
            took: entry.took.as_secs_f64() * 1000.0,
            direction: entry.direction,
            party: entry.party.clone(),
            method: entry.method.to_string(),
            url: mask::url(&entry.uri.to_string()),
            path: mask::text(path_of(entry)),
            client_id,
            request: Half { headers: headers(&entry.request_headers), body: reading.request.shown() },
            status: entry.status.map(|status| status.as_u16()),
            response: Half { headers: headers(&entry.response_headers), body: reading.response.shown() },
            failure: entry.failure.clone(),
            faults: entry.faults.iter().map(fired).collect(),
        }
    }
}

fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let mut shown: Map<String, Value> = Map::new();
    for name in headers.keys() {
        let values = headers.get_all(name).iter();
        let values = values.map(|value| mask::header(name, value.to_str().unwrap_or("(not text)"))).map(Value::from);
        let mut values: Vec<Value> = values.collect();
        let value = if values.len() == 1 { values.remove(0) } else { values.into() };
        shown.insert(name.to_string(), value);
    }
    shown
}
