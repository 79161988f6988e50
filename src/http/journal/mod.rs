//! The journal: what crossed a boundary, for tests to look at. Kept as it came; decoded and masked when it is read.

pub(crate) mod expectation;
pub(crate) mod mask;
pub(crate) mod multipart;
pub(crate) mod near;
pub(crate) mod reading;
pub(crate) mod recorder;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::Uri;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::http::journal::recorder::Capture;
use crate::time::Timestamp;

/// How many crossings are kept; the oldest go first.
const MOST_ENTRIES: usize = 1_000;

/// How many bytes of bodies and headers are kept; the oldest entries go first.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// How many entries later one is weighed: its bodies have usually passed by then.
const WEIGHED_LATER: usize = 8;

/// Which way a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// To the tenant, or to one of its fakes.
    In,
    /// From the tenant, to a provider.
    Out,
}

/// One request with its answer.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Counted up from 1.
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    pub(crate) took: Duration,
    pub(crate) direction: Direction,
    /// `tenant`, a fake's name, or a host outside.
    pub(crate) party: String,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) request_headers: HeaderMap,
    pub(crate) request_body: Capture,
    /// None where no answer came.
    pub(crate) status: Option<StatusCode>,
    pub(crate) response_headers: HeaderMap,
    pub(crate) response_body: Capture,
    /// Why no answer came.
    pub(crate) failure: Option<String>,
    /// The faults that fired: id and kind.
    pub(crate) faults: Vec<(String, String)>,
}

/// The crossings of one tenant. Clones are the same journal.
#[derive(Clone, Debug)]
pub(crate) struct Journal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ring: Mutex<Ring>,
    changes: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<Arc<Entry>>,
    last: u64,
    /// What the entries that were weighed weigh, in their order.
    weights: VecDeque<usize>,
    bytes: usize,
}

impl Ring {
    /// Adds an entry and returns those that have to go.
    fn push(&mut self, entry: Entry) -> Vec<Arc<Entry>> {
        self.entries.push_back(Arc::new(entry));
        let due = self.weights.len();
        if self.entries.len() - due > WEIGHED_LATER
            && let Some(entry) = self.entries.get(due)
        {
            let weight = entry.weight();
            self.weights.push_back(weight);
            self.bytes += weight;
        }
        let mut gone = Vec::new();
        while self.entries.len() > MOST_ENTRIES || self.bytes > MOST_BYTES {
            gone.extend(self.entries.pop_front());
            self.bytes -= self.weights.pop_front().unwrap_or_default();
        }
        gone
    }
}

impl Entry {
    /// About how much memory it takes, in bytes.
    fn weight(&self) -> usize {
        let headers = [&self.request_headers, &self.response_headers].into_iter().flatten();
        let headers: usize = headers.map(|(name, value)| name.as_str().len() + value.len()).sum();
        let url = self.uri.path().len() + self.uri.query().map_or(0, str::len);
        size_of::<Self>() + headers + url + self.request_body.size() + self.response_body.size()
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self(Arc::new(Inner { ring: Mutex::default(), changes: watch::Sender::new(()) }))
    }
}

impl Journal {
    /// Writes a crossing down; its number is given here.
    pub(crate) fn record(&self, mut entry: Entry) {
        let mut ring = self.0.ring.lock();
        ring.last += 1;
        entry.number = ring.last;
        let gone = ring.push(entry);
        drop(ring);
        drop(gone);
        self.0.changes.send_replace(());
    }

    /// What was written down and is still kept, oldest first.
    pub(crate) fn entries(&self) -> Vec<Arc<Entry>> {
        self.0.ring.lock().entries.iter().cloned().collect()
    }

    /// What was written down after the entry of that number.
    pub(crate) fn after(&self, number: u64) -> Vec<Arc<Entry>> {
        let ring = self.0.ring.lock();
        let newer = ring.entries.iter().rev().take_while(|entry| entry.number > number).cloned();
        let mut newer: Vec<_> = newer.collect();
        newer.reverse();
        newer
    }

    /// The number of the entry written last; 0 before the first.
    pub(crate) fn last(&self) -> u64 {
        self.0.ring.lock().last
    }

    /// Forgets everything; numbers go on.
    pub(crate) fn clear(&self) {
        let mut ring = self.0.ring.lock();
        let last = ring.last;
        let forgotten = std::mem::replace(&mut *ring, Ring { last, ..Ring::default() });
        drop(ring);
        drop(forgotten);
        self.0.changes.send_replace(());
    }

    /// Hears of every entry from now on: ask for it before the journal is read, and none is missed.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.0.changes.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn entry(method: Method, uri: &str) -> Entry {
        Entry {
            number: 0,
            at: Timestamp::from_millis(0),
            took: Duration::ZERO,
            direction: Direction::In,
            party: "tenant".to_owned(),
            method,
            uri: uri.parse().unwrap(),
            request_headers: HeaderMap::new(),
            request_body: Capture::default(),
            status: Some(StatusCode::OK),
            response_headers: HeaderMap::new(),
            response_body: Capture::default(),
            failure: None,
            faults: Vec::new(),
        }
    }

    #[test]
    fn the_oldest_go_first_and_numbers_go_on() {
        let journal = Journal::default();
        for _ in 0..MOST_ENTRIES + 5 {
            journal.record(entry(Method::GET, "/a"));
        }
        let entries = journal.entries();
        assert_eq!((entries.len(), entries[0].number, journal.last()), (MOST_ENTRIES, 6, 1_005));
        assert_eq!(journal.after(1_003).iter().map(|entry| entry.number).collect::<Vec<_>>(), [1_004, 1_005]);
        journal.clear();
        journal.record(entry(Method::GET, "/b"));
        assert_eq!(journal.entries()[0].number, 1_006);
    }

    #[test]
    fn large_bodies_go_before_memory_does() {
        let journal = Journal::default();
        let body = axum::body::Bytes::from(vec![b'a'; 64 * 1024]);
        for _ in 0..500 {
            journal.record(Entry { request_body: Capture::of(&body), ..entry(Method::POST, "/a") });
        }
        let kept = journal.entries();
        let bytes: usize = kept.iter().map(|entry| entry.weight()).sum();
        assert!(bytes <= MOST_BYTES + (WEIGHED_LATER + 1) * 66_000, "{bytes}");
        assert!(kept.len() > 100 && journal.last() == 500, "{}", kept.len());
    }
}
