//! What a write does to the ways in which people get in: passwords, sessions, blocks; and the mails about them.
//! Source: spec/caching.md §5, spec/universal-login.md (Behaviour).

use std::sync::Arc;

use crate::domain::id::UserId;
use crate::domain::message::Message;
use crate::domain::password::Password;
use crate::domain::user::User;
use crate::store::tx::Tx;

/// How many mails the outbox keeps; the oldest go first.
const MOST_MESSAGES: usize = 1_000;

impl Tx<'_> {
    /// Gives an identity of the user another password: the sessions that began with its connection end, and failed
    /// logins count anew. The user is to be put back.
    pub(crate) fn change_password(&mut self, user: &mut User, identity: &UserId, password: Password) {
        let Some(found) = user.identities.iter().find(|known| known.as_user_id() == *identity) else { return };
        self.end_sessions(&user.user_id, &found.connection);
        user.set_password_of(identity, Some(password));
        user.last_password_reset = Some(self.now);
        user.updated_at = self.now;
        self.forget_failures(&user.user_id);
    }

    /// Ends the sessions of a user that began with a connection. Refresh tokens stay good, as at the real service.
    pub(crate) fn end_sessions(&mut self, id: &UserId, connection: &str) {
        self.sessions.retain(|_, session| session.user_id != *id || session.connection != connection);
    }

    /// Counts failed logins of a user anew, which lifts every block that came of them.
    pub(crate) fn forget_failures(&mut self, id: &UserId) {
        self.failed_logins.retain(|(user_id, _), _| user_id != id.as_str());
    }

    /// Puts a mail into the outbox.
    pub(crate) fn send(&mut self, message: Message) {
        self.outbox.push_back(Arc::new(message));
        if self.outbox.len() > MOST_MESSAGES {
            self.outbox.pop_front();
        }
    }
}
