//! An outgoing request on its way into the journal.

use std::time::Instant;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::Request;
use axum::http::Uri;

use crate::http::faults::list::Fired;
use crate::http::journal::Direction;
use crate::http::journal::Entry;
use crate::http::journal::recorder::Capture;
use crate::http::outgoing::Answer;
use crate::http::outgoing::OutgoingError;
use crate::time::Clock;
use crate::time::Timestamp;

/// What is known of it before the answer.
pub(super) struct Draft {
    at: Timestamp,
    began: Instant,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Draft {
    pub(super) fn of(request: &Request<Bytes>, clock: &Clock) -> Self {
        Self {
            at: clock.now(),
            began: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            body: request.body().clone(),
        }
    }

    /// The whole crossing. The party is the fake, or the host outside.
    pub(super) fn answered(self, answer: &Result<Answer, OutgoingError>, fired: &[Fired]) -> Entry {
        let fake = self.uri.path().strip_prefix("/_upstreams/").and_then(|below| below.split('/').next());
        let party = fake.or(self.uri.host()).unwrap_or_default().to_owned();
        let answered = answer.as_ref().ok();
        Entry {
            number: 0,
            at: self.at,
            took: self.began.elapsed(),
            direction: Direction::Out,
            party,
            method: self.method,
            uri: self.uri,
            request_headers: self.headers,
            request_body: Capture::of(&self.body),
            status: answered.map(|answer| answer.status),
            response_headers: answered.map(|answer| answer.headers.clone()).unwrap_or_default(),
            response_body: answered.map(|answer| Capture::of(&answer.body)).unwrap_or_default(),
            failure: answer.as_ref().err().map(ToString::to_string),
            faults: fired.iter().map(|fired| (fired.id.clone(), fired.kind.to_owned())).collect(),
        }
    }
}
