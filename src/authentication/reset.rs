//! Another password by mail: asked for, and chosen with the ticket in the mail. Both the pages and
//! `/dbconnections/change_password` come here. Source: spec/authentication-api.md §8, spec/caching.md §5.

use std::sync::Arc;

use crate::authentication::directory::DirectoryError;
use crate::authentication::events::event;
use crate::authentication::ticket;
use crate::authentication::ticket::Good;
use crate::authentication::ticket::TicketError;
use crate::authentication::visitor::Visitor;
use crate::domain::connection::Connection;
use crate::domain::id::ClientId;
use crate::domain::log::LogEvent;
use crate::domain::mailbox::Mailbox;
use crate::domain::password::MOST_BYTES;
use crate::domain::password::Password;
use crate::domain::password_policy::Policy;
use crate::domain::password_policy::Rule;
use crate::domain::ticket::Outcome;
use crate::domain::ticket::Purpose;
use crate::domain::ticket::Ticket;
use crate::http::failure::Failure;
use crate::http::outgoing::Outgoing;
use crate::messages::sender::Sender;
use crate::messages::tickets;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

mod at_directory;

/// What is answered whether or not there is such a user.
pub(crate) const SENT: &str = "We've just sent you an email to reset your password.";

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResetError {
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// All rules, kept or not.
    #[error("Password is too weak")]
    WeakPassword(Vec<Rule>),
    #[error("Password is too long")]
    TooLong,
    /// The directory whose password it is did not take it.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl From<Failure> for ResetError {
    fn from(failure: Failure) -> Self {
        TicketError::from(failure).into()
    }
}

/// Mails a link to who has this e-mail address or user name in the database; to nobody, where there is no such user,
/// without a word to who asks.
///
/// # Errors
/// [`Failure`]
pub(crate) async fn request(
    tenant: &Tenant,
    visitor: &Visitor,
    client_id: Option<&ClientId>,
    connection: &Connection,
    known_by: &str,
) -> Result<(), Failure> {
    let sender = Sender::of(tenant, &visitor.address);
    let write = tenant.write(|tx| {
        let found = mailbox(tx, connection, known_by.trim());
        let kind = if found.is_some() { "scpr" } else { "fcpr" };
        let mut entry = LogEvent {
            client_id: client_id.cloned(),
            connection: Some(connection.name.clone()),
            ..event(kind, tx.now, &visitor.ip)
        };
        match found {
            Some(mailbox) => {
                sender.change_password(tx, &mailbox, client_id);
                entry = entry.about(&mailbox);
            }
            None => "The user does not exist.".clone_into(&mut entry.description),
        }
        tx.log(entry);
        Ok(())
    });
    write.await
}

fn mailbox(state: &TenantState, connection: &Connection, known_by: &str) -> Option<Mailbox> {
    if connection.strategy.has_own_form() {
        // Those of the directory who have signed in before: the tenant knows no others.
        let accounts =
            state.users.with_email(known_by).flat_map(|user| user.identities.iter().map(move |own| (user, own)));
        let mut own = accounts.filter(|(_, identity)| identity.connection == connection.name);
        return own.find_map(|(user, identity)| user.mailbox_of(&identity.as_user_id()));
    }
    let account = |column: &&'static str| state.users.account(&connection.name, column, known_by);
    let account = ["email", "username"].iter().find_map(account)?;
    account.user.mailbox_of(&account.identity)
}

/// The ticket, if it lets its holder choose another password.
///
/// # Errors
/// [`TicketError`]
pub(crate) fn find(tenant: &Tenant, state: &TenantState, secret: &str) -> Result<Good, TicketError> {
    ticket::find(state, secret, tenant.now(), is_for_this)
}

fn is_for_this(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::ChangePassword { .. })
}

/// Changes the password. The ticket is used up; sessions that began with the old password end, and failed logins count
/// anew. Refresh tokens stay good, and so does an administrator's block.
///
/// # Errors
/// [`ResetError`]; then nothing changed, and the tenant log has `fcp`.
pub(crate) async fn choose(
    tenant: &Tenant,
    visitor: &Visitor,
    outgoing: &Outgoing,
    (secret, typed): (&str, &str),
) -> Result<Arc<Ticket>, ResetError> {
    match change(tenant, visitor, outgoing, (secret, typed)).await {
        Err(ResetError::Ticket(error)) => Err(ticket::logged(tenant, visitor, "fcp", error).await.into()),
        answer => answer,
    }
}

async fn change(
    tenant: &Tenant,
    visitor: &Visitor,
    outgoing: &Outgoing,
    (secret, typed): (&str, &str),
) -> Result<Arc<Ticket>, ResetError> {
    let state = tenant.read();
    let good = find(tenant, &state, secret)?;
    let connection = state.connection_named(&good.mailbox.connection).ok_or(TicketError::Unknown)?;
    if connection.strategy.has_own_form() {
        return at_directory::change(tenant, visitor, outgoing, connection, (secret, typed)).await;
    }
    let rules = Policy::of(connection).rules(typed);
    if !rules.iter().all(|rule| rule.verified) {
        return Err(ResetError::WeakPassword(rules));
    }
    if typed.len() > MOST_BYTES {
        return Err(ResetError::TooLong);
    }
    let typed = typed.to_owned();
    let password = tokio::task::spawn_blocking(move || Password::hash(&typed)).await.ok().flatten();
    let password = password.ok_or_else(|| Failure::new("hash a password"))?;
    let changed = tenant.write(|tx| {
        // Looked at again: whoever was faster has used it up.
        let Good { ticket, mailbox } = ticket::find(tx, secret, tx.now, is_for_this)?;
        let mut user = tx.user(&mailbox.user_id).ok_or(TicketError::Unknown)?;
        tx.change_password(&mut user, &mailbox.identity, password);
        if matches!(ticket.purpose, Purpose::ChangePassword { marks_verified: true, .. }) {
            user.set_email_verified_of(&mailbox.identity, true);
        }
        tx.put_user(user).map_err(Failure::new)?;
        tickets::spend(tx, secret);
        let entry = event("scp", tx.now, &visitor.ip).about(&mailbox);
        let description = Outcome::CHANGED.message.to_owned();
        tx.log(LogEvent { description, client_id: ticket.client_id.clone(), ..entry });
        Ok::<_, ResetError>(ticket)
    });
    changed.await
}
