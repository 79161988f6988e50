//! A mail or an SMS in the tenant's outbox.

use serde::Deserialize;

/// A mail or an SMS that the tenant sent.
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    /// Its id.
    pub id: String,
    /// When it was sent, in ISO 8601.
    pub at: String,
    /// `email` or `sms`.
    pub kind: String,
    /// `verify_email`, `reset_email`, `blocked_account`, `passwordless_email`, `passwordless_sms`.
    pub template: String,
    /// The sender.
    pub from: String,
    /// The e-mail address or the phone number it went to.
    pub to: String,
    /// Its subject; empty for an SMS.
    #[serde(default)]
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as a page; empty for an SMS.
    #[serde(default)]
    pub html: String,
    /// The address that it asks to open; empty if there is none.
    #[serde(default)]
    pub link: String,
    /// The ticket in that address; empty if there is none.
    #[serde(default)]
    pub ticket: String,
    /// The code that is to be typed, or that is in the address.
    pub code: Option<String>,
    /// The user it is about.
    pub user_id: String,
    /// The connection that the address is of.
    pub connection: String,
}
