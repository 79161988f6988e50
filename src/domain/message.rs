//! A mail as the tenant sent it: it goes no further than the outbox. Source: spec/management-api.md §14 (templates).

use serde::Serialize;

use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::time::Timestamp;

/// What a mail is about, by the real service's name of its template. (The others are not sent by default there.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Template {
    VerifyEmail,
    ResetEmail,
    BlockedAccount,
}

impl Template {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetEmail => "reset_email",
            Self::BlockedAccount => "blocked_account",
        }
    }
}

/// A mail. Serialized as the control API shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Message {
    /// `msg_` and 16 letters and digits.
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) template: Template,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// The address that the mail asks to open.
    pub(crate) link: String,
    /// The ticket in that address.
    pub(crate) ticket: String,
    pub(crate) user_id: UserId,
    /// Of the identity whose address it is.
    pub(crate) connection: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<ClientId>,
}
