//! Who is signed in at AD FS.

use std::time::Duration;

use crate::cell::map::Map;
use crate::time::Timestamp;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::state::SecretHash;

/// How long a session lasts: AD FS's 480 minutes.
pub(super) const SESSION: Duration = Duration::from_hours(8);

/// How many sessions there may be; the oldest give way.
const MOST_SESSIONS: usize = 10_000;

/// How many good answers are kept.
const MOST_LAST: usize = 1000;

/// What AD FS keeps besides the directory. Cloning is O(1).
#[derive(Clone, Debug, Default)]
pub(crate) struct AdfsState {
    /// By the browser's secret.
    sessions: Map<SecretHash, Session>,
    /// The good answer that each relying party was given last.
    last: Map<String, String>,
}

/// Somebody signed in at a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(super) who: EntryId,
    pub(super) since: Timestamp,
}

impl AdfsState {
    /// The session of a browser, if it is none too old.
    pub(super) fn session(&self, browser: SecretHash, now: Timestamp) -> Option<Session> {
        self.sessions.get(&browser).map(|session| **session).filter(|session| now < session.since.plus(SESSION))
    }

    pub(super) fn put(&mut self, browser: SecretHash, session: Session) {
        if self.sessions.len() >= MOST_SESSIONS {
            self.sessions.retain(|_, other| session.since < other.since.plus(SESSION));
        }
        if self.sessions.len() >= MOST_SESSIONS {
            self.sessions = Map::default();
        }
        self.sessions.put(browser, session);
    }

    /// Keeps a good answer, to be given again.
    pub(super) fn put_last(&mut self, realm: &str, wresult: &str) {
        if self.last.len() >= MOST_LAST && self.last.get(realm).is_none() {
            self.last = Map::default();
        }
        self.last.put(realm.to_owned(), wresult.to_owned());
    }

    pub(super) fn last(&self, realm: &str) -> Option<String> {
        self.last.get(realm).map(|last| String::clone(last))
    }

    pub(super) fn end(&mut self, browser: SecretHash) {
        self.sessions.remove(&browser);
    }
}
