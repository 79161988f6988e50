//! What the SAML providers know: who they are, who is signed in where, and whose pages lie open.

use std::time::Duration;

use crate::cell::map::Map;
use crate::protocols::saml::name_id::NameId;
use crate::time::Timestamp;
use crate::upstreams::saml::provider::IdentityProvider;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::state::SecretHash;
use crate::upstreams::state::hash_of;

/// How long a page may lie open.
const PATIENCE: Duration = Duration::from_hours(1);

/// How many pages may lie open, sessions and logouts may be at once; the oldest give way.
const MOST_ROWS: usize = 10_000;

/// How long a session lasts.
pub(crate) const SESSION: Duration = Duration::from_hours(8);

/// How many good answers are kept.
const MOST_LAST: usize = 1000;

/// How many service providers a session is remembered to be used at; the oldest give way.
const MOST_PARTICIPANTS: usize = 20;

/// All SAML providers. Cloning is O(1).
#[derive(Clone, Debug, Default)]
pub(crate) struct SamlState {
    pub(crate) providers: Map<String, IdentityProvider>,
    /// Who is signed in at a browser, by provider and the browser's secret.
    pub(crate) sessions: Map<(String, SecretHash), Session>,
    dialogs: Map<SecretHash, Dialog>,
    /// Logouts on their way from one service provider to the next.
    pub(crate) partings: Map<SecretHash, Parting>,
    /// The good answer that each service provider was given last, by provider and entity id.
    pub(crate) last: Map<(String, String), String>,
}

/// A person signed in at a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) account: String,
    /// Its name in assertions.
    pub(crate) index: String,
    pub(crate) since: Timestamp,
    /// Who was told of it.
    pub(crate) participants: Vec<Participant>,
}

/// A service provider at which a session is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Participant {
    pub(crate) audience: String,
    pub(crate) acs: String,
    /// What the person is called there.
    pub(crate) name_id: NameId,
}

/// A logout that other service providers must hear of.
#[derive(Clone, Debug)]
pub(crate) struct Parting {
    pub(crate) provider: String,
    /// The session's name in assertions.
    pub(crate) index: String,
    /// Who is still to be told.
    pub(crate) left: Vec<Participant>,
    /// Who asked for it, and waits for an answer; nobody if it began here.
    pub(crate) asker: Option<Asker>,
    /// Somebody did not do as told.
    pub(crate) partial: bool,
    pub(crate) began: Timestamp,
}

/// A service provider that asked for a logout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) request: String,
    pub(crate) relay_state: Option<String>,
    /// Where the answer goes; whether by POST.
    pub(crate) location: (String, bool),
}

/// A page that lies open.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    pub(crate) provider: String,
    pub(crate) browser: SecretHash,
    pub(crate) asked: Asked,
    pub(crate) began: Timestamp,
}

impl SamlState {
    pub(crate) fn put_dialog(&mut self, handle: &str, dialog: Dialog) {
        let now = dialog.began;
        make_room(&mut self.dialogs, |other| other.began.plus(PATIENCE) > now);
        self.dialogs.put(hash_of(handle), dialog);
    }

    /// The page of this handle, if this browser opened it at this provider and not too long ago.
    pub(crate) fn dialog(&self, handle: &str, of: (&str, SecretHash), now: Timestamp) -> Option<&Dialog> {
        let dialog = self.dialogs.get(&hash_of(handle))?;
        let is_own = (&*dialog.provider, dialog.browser) == of && now < dialog.began.plus(PATIENCE);
        is_own.then_some(&**dialog)
    }

    pub(crate) fn close_dialog(&mut self, handle: &str) {
        self.dialogs.remove(&hash_of(handle));
    }

    pub(crate) fn put_parting(&mut self, handle: &str, parting: Parting) {
        let now = parting.began;
        make_room(&mut self.partings, |other| other.began.plus(PATIENCE) > now);
        self.partings.put(hash_of(handle), parting);
    }

    /// Takes the logout of this handle, if it is this provider's and not too old.
    pub(crate) fn take_parting(&mut self, handle: &str, provider: &str, now: Timestamp) -> Option<Parting> {
        let parting = self.partings.remove(&hash_of(handle))?;
        (parting.provider == provider && now < parting.began.plus(PATIENCE)).then(|| Parting::clone(&parting))
    }

    /// Notes who is signed in at a browser.
    pub(crate) fn put_session(&mut self, key: (String, SecretHash), session: Session) {
        let now = session.since;
        make_room(&mut self.sessions, |other| other.since.plus(SESSION) > now);
        self.sessions.put(key, session);
    }

    /// Keeps a good answer, to be given again.
    pub(crate) fn put_last(&mut self, key: (String, String), xml: String) {
        if self.last.len() >= MOST_LAST && self.last.get(&key).is_none() {
            self.last = Map::default();
        }
        self.last.put(key, xml);
    }

    /// Notes that a browser's session is used at a service provider, by entity id and address.
    pub(crate) fn signed_in_at(&mut self, key: (String, SecretHash), (audience, acs): (&str, &str), name_id: NameId) {
        let Some(mut session) = self.sessions.get(&key).map(|session| Session::clone(session)) else { return };
        session.participants.retain(|known| (&*known.audience, &*known.acs) != (audience, acs));
        if session.participants.len() >= MOST_PARTICIPANTS {
            session.participants.remove(0);
        }
        let (audience, acs) = (audience.to_owned(), acs.to_owned());
        session.participants.push(Participant { audience, acs, name_id });
        self.sessions.put(key, session);
    }

    /// The session that has this name in assertions, and where it is kept.
    pub(crate) fn session_of(&self, provider: &str, index: &str) -> Option<((String, SecretHash), Session)> {
        let mut all = self.sessions.entries();
        let found = all.find(|((at, _), session)| at == provider && session.index == index);
        found.map(|(key, session)| (key.clone(), Session::clone(session)))
    }
}

/// Lets the old ones go where there are too many; all of them if that is not enough.
fn make_room<K: Ord + Clone, V: Clone>(map: &mut Map<K, V>, is_young: impl Fn(&V) -> bool) {
    if map.len() >= MOST_ROWS {
        map.retain(|_, row| is_young(row));
    }
    if map.len() >= MOST_ROWS {
        *map = Map::default();
    }
}
