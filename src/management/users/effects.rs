//! What follows from a change of a user: mails, sessions that end, the tenant log. Source: spec/caching.md §5,
//! spec/management-api.md §13.

use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::domain::mailbox::Mailbox;
use crate::domain::user::User;
use crate::management::asked::Asked;
use crate::management::body::Checked;
use crate::management::error::ApiError;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// How large a profile may be before the tenant log warns, in bytes (spec/profile.md §7).
const SOFT_LIMIT: usize = 10 * 1024;

/// A user before and after, and the identity that was meant.
pub(super) struct Changed<'a> {
    pub(super) before: &'a User,
    pub(super) after: &'a User,
    pub(super) identity: &'a UserId,
}

impl Changed<'_> {
    fn mailboxes(&self) -> (Option<Mailbox>, Option<Mailbox>) {
        (self.before.mailbox_of(self.identity), self.after.mailbox_of(self.identity))
    }

    /// Whether whoever signed in with the identity must do so again: its address or number is another one, or isn't
    /// verified any more.
    fn ends_sessions(&self) -> bool {
        let (before, after) = self.mailboxes();
        let email = |mailbox: &Option<Mailbox>| mailbox.as_ref().map(|mailbox| mailbox.email.clone());
        let is_verified = |mailbox: &Option<Mailbox>| mailbox.as_ref().is_some_and(|mailbox| mailbox.verified);
        let is_other = email(&before) != email(&after) || self.before.phone_number != self.after.phone_number;
        is_other || (is_verified(&before) && !is_verified(&after))
    }
}

/// Does what follows from the change, in its write. The mail that verifies an address goes out where `verify_email` asks
/// for it and the address isn't verified.
pub(super) fn follow(tx: &mut Tx<'_>, asked: &Asked, body: &Checked, changed: &Changed<'_>) {
    let user_id = &changed.after.user_id;
    let identity = changed.after.identities.iter().find(|known| known.as_user_id() == *changed.identity);
    let connection = identity.map(|identity| identity.connection.clone());
    if changed.ends_sessions() {
        tx.end_sessions(user_id, connection.as_deref().unwrap_or_default());
    }
    let client_id = body.text("client_id").and_then(|id| tx.client(id)).map(|client| client.client_id.clone());
    let event = |kind, description: String| LogEvent {
        description,
        user_id: Some(user_id.clone()),
        connection: connection.clone(),
        client_id: client_id.clone(),
        ..asked.event(kind, tx.now)
    };
    let (before, after) = changed.mailboxes();
    let email = |mailbox: &Option<Mailbox>| mailbox.as_ref().map(|mailbox| mailbox.email.clone());
    let updated = asked.success("Update a User", tx.now);
    let mut events = vec![event(updated.kind, updated.description)];
    if email(&before) != email(&after) {
        let mut entry = event("sce", String::new());
        entry.details.insert("email".to_owned(), email(&before).into());
        entry.details.insert("newEmail".to_owned(), email(&after).into());
        events.push(entry);
    }
    if changed.before.username != changed.after.username {
        events.push(event("scu", String::new()));
    }
    if body.text("password").is_some() {
        events.push(event("scp", String::new()));
    }
    let size = serde_json::to_vec(&changed.after.profile()).map_or(0, |profile| profile.len());
    if size > SOFT_LIMIT {
        events
            .push(event("w", format!("The user's profile has {size} bytes; more than {SOFT_LIMIT} are not advised.")));
    }
    let is_database = identity.is_some_and(|identity| identity.provider.is_database());
    let wanted = body.flag("verify_email") == Some(true) && is_database;
    if let Some(mailbox) = after.filter(|mailbox| wanted && !mailbox.verified) {
        events.push(event("svr", String::new()).about(&mailbox));
        asked.sender.verify_email(tx, &mailbox, client_id.as_ref());
    }
    for event in events {
        tx.log(event);
    }
}

/// Tells the tenant log that a change of an address, a user name or a password was refused by the store.
///
/// # Errors
/// [`ApiError::Internal`]
pub(super) async fn log_failure(
    tenant: &Tenant,
    asked: &Asked,
    id: &UserId,
    body: &Checked,
    error: &ApiError,
) -> Result<(), ApiError> {
    let kinds = [("email", "fce"), ("username", "fcu"), ("password", "fcp")];
    let failed = kinds.iter().find(|(name, _)| body.0.contains_key(*name));
    let Some((_, kind)) = failed.filter(|_| matches!(error, ApiError::Conflict { .. })) else { return Ok(()) };
    let description = error.to_string();
    let write = tenant.write(|tx| {
        tx.log(LogEvent { description, user_id: Some(id.clone()), ..asked.event(kind, tx.now) });
        Ok(())
    });
    write.await
}
