//! A mail or an SMS as the tenant sent it: it goes no further than the outbox. Source: spec/management-api.md §14 (templates).

use serde::Serialize;

use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::time::Timestamp;

/// How a message goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Email,
    Sms,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// What a message is about, by the real service's name of its template. (The others are not sent by default there.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Template {
    VerifyEmail,
    ResetEmail,
    BlockedAccount,
    /// A code or a link that signs in: its template there is the connection's own, and has no name.
    PasswordlessEmail,
    PasswordlessSms,
}

impl Template {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetEmail => "reset_email",
            Self::BlockedAccount => "blocked_account",
            Self::PasswordlessEmail => "passwordless_email",
            Self::PasswordlessSms => "passwordless_sms",
        }
    }
}

/// A message. Serialized as the control API shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Message {
    /// `msg_` and 16 letters and digits.
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) kind: Kind,
    pub(crate) template: Template,
    pub(crate) from: String,
    /// An e-mail address or a phone number.
    pub(crate) to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) html: Option<String>,
    /// The address that it asks to open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
    /// The ticket in that address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ticket: Option<String>,
    /// The code that is to be typed, or that is in the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    pub(crate) user_id: UserId,
    /// Of the identity whose address it is.
    pub(crate) connection: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<ClientId>,
}
