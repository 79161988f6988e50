//! What faults do to one request.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::http::faults::effect::Effect;
use crate::http::faults::effect::LONGEST_DELAY;
use crate::http::faults::entry::Entry;
use crate::http::faults::list::Faults;
use crate::http::faults::list::Fired;
use crate::http::faults::scope::Subject;
use crate::http::faults::scope::Who;
use crate::time::Timestamp;

const JSON: &str = "application/json; charset=utf-8";

/// What is done to a request. One fault at a time has the say about the answer, the oldest; delays add up.
#[derive(Debug, Default)]
pub(crate) struct Strike {
    /// Those that fired.
    pub(crate) fired: Vec<Fired>,
    /// Before anything else.
    pub(crate) delay: Duration,
    /// Nobody is asked, and this is the answer.
    pub(crate) instead: Option<Instead>,
    /// What becomes of the answer.
    pub(crate) distortion: Option<Distortion>,
}

/// What comes in the place of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Instead {
    Answer(Said),
    Reset,
    Down,
}

/// In the extensions of an answer: the connection is to end in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Abrupt;

/// What becomes of an answer's body.
#[derive(Clone, Debug)]
pub(crate) enum Distortion {
    /// It breaks off after so many bytes, or half way.
    Truncate(Option<u64>),
    /// It is random, and so long; or as long as it was.
    Garbage { bytes: Option<u64>, key: [u8; 32] },
    /// It comes so many bytes at a time.
    Drip { bytes: u64, every: Duration },
}

/// What a boundary says when it fails.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// How it fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trouble {
    pub(crate) status: StatusCode,
    /// When it fails because too much was asked for.
    pub(crate) limit: Option<Limit>,
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// How many requests are allowed; the boundary's own number if not given.
    pub(crate) most: Option<u32>,
    /// When more are.
    pub(crate) lifted_at: Timestamp,
    pub(crate) now: Timestamp,
}

/// The words of every boundary: who was asked, and how it fails.
pub(crate) type Words = fn(&Subject<'_>, Trouble) -> Said;

impl Faults {
    /// What is to be done to a request. The faults that fire are counted.
    pub(crate) fn strike(&self, subject: &Subject<'_>, who: &Who) -> Strike {
        self.with(|entries, clock, words| {
            let (mut strike, now) = (Strike::default(), clock.now());
            for entry in entries {
                let fits = !entry.fault.effect.is_behaviour() && entry.fault.scope.fits(subject);
                let is_delay = matches!(entry.fault.effect, Effect::Latency { .. });
                if !fits || (!is_delay && strike.is_settled()) || !entry.strikes(who, now) {
                    continue;
                }
                strike.fired.push(entry.fault.as_fired());
                strike.add(entry, now, |trouble| words(subject, trouble));
            }
            strike
        })
    }
}

impl Strike {
    fn is_settled(&self) -> bool {
        self.instead.is_some() || self.distortion.is_some()
    }

    fn add(&mut self, entry: &mut Entry, now: Timestamp, words: impl FnOnce(Trouble) -> Said) {
        let fault = std::sync::Arc::clone(&entry.fault);
        match &fault.effect {
            Effect::Status { status, body, headers } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let mut said = words(Trouble { status, limit: None });
                said.replace(body.as_ref(), headers);
                self.instead = Some(Instead::Answer(said));
            }
            Effect::RateLimit { limit, .. } => {
                let limit = Some(Limit { most: *limit, lifted_at: entry.lifted_at(now), now });
                self.instead = Some(Instead::Answer(words(Trouble { status: StatusCode::TOO_MANY_REQUESTS, limit })));
            }
            Effect::Latency { milliseconds, up_to } => {
                let by = Duration::from_millis(entry.between(*milliseconds, up_to.unwrap_or(*milliseconds)));
                self.delay = self.delay.saturating_add(by).min(Duration::from_millis(LONGEST_DELAY));
            }
            Effect::Reset {} => self.instead = Some(Instead::Reset),
            Effect::Down {} => self.instead = Some(Instead::Down),
            Effect::Truncate { after } => self.distortion = Some(Distortion::Truncate(*after)),
            Effect::Garbage { bytes } => {
                self.distortion = Some(Distortion::Garbage { bytes: *bytes, key: entry.key() });
            }
            Effect::Drip { bytes, every_milliseconds } => {
                let every = Duration::from_millis(*every_milliseconds);
                self.distortion = Some(Distortion::Drip { bytes: *bytes, every });
            }
            _ => {}
        }
    }
}

impl Said {
    /// A JSON text with a status.
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        Self { status, headers, body: body.to_string().into() }
    }

    /// A page.
    pub(crate) fn page(status: StatusCode, html: String) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        Self { status, headers, body: html.into() }
    }

    /// Puts what a test asked for in the place of the usual.
    fn replace(&mut self, body: Option<&Value>, headers: &std::collections::BTreeMap<String, String>) {
        if let Some(body) = body {
            let (media, text) = match body {
                Value::String(text) => ("text/plain; charset=utf-8", text.clone()),
                other => (JSON, other.to_string()),
            };
            self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
            self.body = text.into();
        }
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
                self.headers.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
