//! A person signed in at a browser: single sign-on. Source: design page section 6, spec/tokens.md §13.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::authentication::visitor::Visitor;
use crate::domain::id::ClientId;
use crate::domain::id::SessionId;
use crate::domain::id::UserId;
use crate::domain::session::Participant;
use crate::domain::session::Session;
use crate::domain::session::UpstreamSession;
use crate::keys::digest;
use crate::store::state::TenantState;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// How many characters of 6 bits the cookie's secret and the session's id have.
const SECRET_LENGTH: usize = 43;
const ID_LENGTH: usize = 32;

/// A session that has just begun, with what the browser's cookie is to hold.
pub(crate) struct Begun {
    pub(crate) id: SessionId,
    pub(crate) secret: String,
}

/// The browser's session, if it has one that still counts and whose user is still there.
pub(crate) fn current(state: &TenantState, visitor: &Visitor, now: Timestamp) -> Option<Arc<Session>> {
    let found = visitor.sessions.iter().filter_map(|key| state.sessions.get(key));
    let mut alive = found.filter(|session| session.is_alive(&state.settings, now));
    alive.find(|session| state.users.get(session.user_id.as_str()).is_some()).cloned()
}

/// Begins a session in the place of those that the browser had: a new id at every authentication.
pub(crate) fn begin(tx: &mut Tx<'_>, visitor: &Visitor, user_id: &UserId, connection: &str) -> Begun {
    end(tx, visitor);
    let id = SessionId::from(tx.rng().url_safe(ID_LENGTH));
    let secret = tx.rng().url_safe(SECRET_LENGTH);
    let session = Session {
        id: id.clone(),
        user_id: user_id.clone(),
        connection: connection.to_owned(),
        created_at: tx.now,
        authenticated_at: tx.now,
        last_interacted_at: tx.now,
        initial_ip: visitor.ip.clone(),
        last_ip: visitor.ip.clone(),
        clients: BTreeSet::new(),
        upstream: None,
        participants: Vec::new(),
    };
    tx.sessions.put(digest::sha256(secret.as_bytes()), session);
    Begun { id, secret }
}

/// Notes what the person is called in their session at the upstream that vouched for them.
pub(crate) fn note_upstream(tx: &mut Tx<'_>, begun: &Begun, upstream: UpstreamSession) {
    let key = digest::sha256(begun.secret.as_bytes());
    if let Some(session) = tx.sessions.get(&key).map(|session| Session::clone(session)) {
        tx.sessions.put(key, Session { upstream: Some(upstream), ..session });
    }
}

/// Notes what the person is called to a service provider, in the place of what they were called before.
pub(crate) fn note_participant(tx: &mut Tx<'_>, visitor: &Visitor, id: &SessionId, participant: &Participant) {
    for key in &visitor.sessions {
        if let Some(session) = tx.sessions.get(key).filter(|session| session.id == *id) {
            let mut session = Session::clone(session);
            session.participants.retain(|known| known.client_id != participant.client_id);
            session.participants.push(participant.clone());
            tx.sessions.put(*key, session);
        }
    }
}

/// Notes that a client got an answer out of the browser's session: that keeps it from being idle.
pub(crate) fn touch(tx: &mut Tx<'_>, visitor: &Visitor, id: &SessionId, client: &ClientId) {
    for key in &visitor.sessions {
        if let Some(session) = tx.sessions.get(key).filter(|session| session.id == *id) {
            let mut session = Session::clone(session);
            session.last_interacted_at = tx.now;
            session.last_ip.clone_from(&visitor.ip);
            session.clients.insert(client.clone());
            tx.sessions.put(*key, session);
        }
    }
}

/// Ends the browser's sessions, and returns the one that was in use.
pub(crate) fn end(tx: &mut Tx<'_>, visitor: &Visitor) -> Option<Arc<Session>> {
    let ended: Vec<_> = visitor.sessions.iter().filter_map(|key| tx.sessions.remove(key)).collect();
    ended.into_iter().find(|session| session.is_alive(&tx.settings, tx.now))
}
