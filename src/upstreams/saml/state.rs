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

/// How many pages may lie open at once; the oldest give way.
const MOST_DIALOGS: usize = 10_000;

/// All SAML providers. Cloning is O(1).
#[derive(Clone, Debug, Default)]
pub(crate) struct SamlState {
    pub(crate) providers: Map<String, IdentityProvider>,
    /// Who is signed in at a browser, by provider and the browser's secret.
    pub(crate) sessions: Map<(String, SecretHash), Session>,
    dialogs: Map<SecretHash, Dialog>,
    /// The answer that each provider gave last.
    pub(crate) last: Map<String, String>,
}

/// A person signed in at a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) account: String,
    /// Its name in assertions.
    pub(crate) index: String,
    pub(crate) since: Timestamp,
    /// Who was told of the person, each once.
    pub(crate) participants: Vec<Participant>,
}

/// A service provider that a person went to in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Participant {
    pub(crate) entity_id: String,
    pub(crate) acs: String,
    /// What the person is called there.
    pub(crate) name_id: NameId,
}

/// How many service providers a session remembers.
const MOST_PARTICIPANTS: usize = 100;

/// A page that lies open.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    pub(crate) provider: String,
    pub(crate) browser: SecretHash,
    pub(crate) asked: Asked,
    pub(crate) began: Timestamp,
}

impl SamlState {
    /// Notes that a service provider was told of the person of a browser's session.
    pub(crate) fn participate(&mut self, key: &(String, SecretHash), participant: Participant) {
        let Some(mut session) = self.sessions.get(key).map(|session| Session::clone(session)) else { return };
        session.participants.retain(|known| known.entity_id != participant.entity_id);
        if session.participants.len() < MOST_PARTICIPANTS {
            session.participants.push(participant);
        }
        self.sessions.put(key.clone(), session);
    }

    pub(crate) fn put_dialog(&mut self, handle: &str, dialog: Dialog) {
        let oldest = dialog.began;
        if self.dialogs.len() >= MOST_DIALOGS {
            self.dialogs.retain(|_, other| other.began.plus(PATIENCE) > oldest);
        }
        if self.dialogs.len() >= MOST_DIALOGS {
            self.dialogs = Map::default();
        }
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
}
