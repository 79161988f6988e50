//! A mail in the tenant's outbox.

use serde::Deserialize;

/// A mail that the tenant sent.
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    /// Its id.
    pub id: String,
    /// When it was sent, in ISO 8601.
    pub at: String,
    /// `verify_email`, `reset_email`, `blocked_account`.
    pub template: String,
    /// The sender.
    pub from: String,
    /// The e-mail address it went to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as a page.
    pub html: String,
    /// The address that it asks to open.
    pub link: String,
    /// The ticket in that address.
    pub ticket: String,
    /// The user it is about.
    pub user_id: String,
    /// The connection that the address is of.
    pub connection: String,
}
