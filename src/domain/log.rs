//! The tenant log. Source: spec/management-api.md §13.

use serde_json::Map;
use serde_json::Value;

use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::domain::mailbox::Mailbox;
use crate::time::Timestamp;

/// One event of the tenant log.
#[derive(Clone, Debug)]
pub(crate) struct LogEvent {
    /// `s`, `f`, `seacft`, …
    pub(crate) kind: &'static str,
    pub(crate) date: Timestamp,
    pub(crate) description: String,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) user_id: Option<UserId>,
    pub(crate) connection: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) details: Map<String, Value>,
}

impl LogEvent {
    /// An event of `kind` with nothing but its time; the rest is filled in by struct update.
    pub(crate) fn new(kind: &'static str, date: Timestamp) -> Self {
        Self {
            kind,
            date,
            description: String::new(),
            client_id: None,
            user_id: None,
            connection: None,
            ip: None,
            details: Map::new(),
        }
    }

    /// The same, about the owner of an e-mail address; the details say which address.
    #[must_use]
    pub(crate) fn about(self, mailbox: &Mailbox) -> Self {
        let mut details = self.details;
        details.insert("email".to_owned(), mailbox.email.as_str().into());
        Self { user_id: Some(mailbox.user_id.clone()), connection: Some(mailbox.connection.clone()), details, ..self }
    }
}
