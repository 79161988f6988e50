//! What the links of mails do: verify an address, choose another password, lift a block. Each is good once.
//! Source: spec/management-api.md §8 and §13.

use std::sync::Arc;

use crate::authentication::events::event;
use crate::authentication::visitor::Visitor;
use crate::domain::log::LogEvent;
use crate::domain::mailbox::Mailbox;
use crate::domain::ticket::Outcome;
use crate::domain::ticket::Purpose;
use crate::domain::ticket::Ticket;
use crate::domain::ticket::Worth;
use crate::http::failure::Failure;
use crate::messages::tickets;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::time::Timestamp;

/// Why a ticket does nothing. Display is what the tenant log says.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TicketError {
    /// There is none, its user is gone, or the address is another one meanwhile.
    #[error("User account does not exist or verification code is invalid.")]
    Unknown,
    #[error("{}", Outcome::USED.message)]
    Used(Arc<Ticket>),
    #[error("{}", Outcome::EXPIRED.message)]
    Expired(Arc<Ticket>),
    #[error(transparent)]
    Internal(#[from] Failure),
}

/// A ticket that is good, with the address that it is for as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Good {
    pub(crate) ticket: Arc<Ticket>,
    pub(crate) mailbox: Mailbox,
}

/// The ticket with this secret, if it is good for a purpose.
///
/// # Errors
/// [`TicketError`]
pub(crate) fn find(
    state: &TenantState,
    secret: &str,
    now: Timestamp,
    fits: impl Fn(&Purpose) -> bool,
) -> Result<Good, TicketError> {
    let ticket = tickets::find(state, secret).filter(|ticket| fits(&ticket.purpose)).ok_or(TicketError::Unknown)?;
    match ticket.worth(now) {
        Worth::Used => return Err(TicketError::Used(ticket)),
        Worth::Expired => return Err(TicketError::Expired(ticket)),
        Worth::Good => {}
    }
    // The identity may have been linked to somebody meanwhile.
    let mailbox =
        state.users.owner_of(&ticket.mailbox.identity).and_then(|user| user.mailbox_of(&ticket.mailbox.identity));
    let mailbox = mailbox.filter(|mailbox| mailbox.email == ticket.mailbox.email).ok_or(TicketError::Unknown)?;
    Ok(Good { ticket, mailbox })
}

/// Verifies the address that a ticket was sent to; gives the ticket as it was, with whether the address was verified
/// before. A session of its user goes on.
///
/// # Errors
/// [`TicketError`]; then nothing changed, and the tenant log has `fv`.
pub(crate) async fn verify_email(tenant: &Tenant, visitor: &Visitor, secret: &str) -> Result<Good, TicketError> {
    let verified = tenant.write(|tx| {
        let good = find(tx, secret, tx.now, |purpose| *purpose == Purpose::VerifyEmail)?;
        let mut user = tx.user(&good.mailbox.user_id).ok_or(TicketError::Unknown)?;
        user.set_email_verified_of(&good.mailbox.identity, true);
        user.updated_at = tx.now;
        tx.put_user(user).map_err(Failure::new)?;
        tickets::spend(tx, secret);
        let entry = event("sv", tx.now, &visitor.ip).about(&good.mailbox);
        let description = Outcome::VERIFIED.message.to_owned();
        tx.log(LogEvent { description, client_id: good.ticket.client_id.clone(), ..entry });
        Ok(good)
    });
    match verified.await {
        Err(error) => Err(logged(tenant, visitor, "fv", error).await),
        Ok(good) => Ok(good),
    }
}

/// Lifts the block that the mail was about.
///
/// # Errors
/// [`TicketError`]
pub(crate) async fn unblock(tenant: &Tenant, visitor: &Visitor, secret: &str) -> Result<Good, TicketError> {
    let lifted = tenant.write(|tx| {
        let good = find(tx, secret, tx.now, |purpose| matches!(purpose, Purpose::Unblock { .. }))?;
        if let Purpose::Unblock { ip } = &good.ticket.purpose {
            tx.failed_logins.remove(&(good.mailbox.user_id.to_string(), ip.clone()));
        }
        tickets::spend(tx, secret);
        let entry = event("ublkdu", tx.now, &visitor.ip).about(&good.mailbox);
        tx.log(entry);
        Ok(good)
    });
    lifted.await
}

/// Puts a refusal into the tenant log, and gives it back.
pub(super) async fn logged(tenant: &Tenant, visitor: &Visitor, kind: &'static str, error: TicketError) -> TicketError {
    let about = match &error {
        TicketError::Used(ticket) | TicketError::Expired(ticket) => Some(ticket.mailbox.clone()),
        TicketError::Unknown | TicketError::Internal(_) => None,
    };
    let description = error.to_string();
    let write: Result<(), Failure> = tenant
        .write(|tx| {
            let entry = LogEvent { description, ..event(kind, tx.now, &visitor.ip) };
            let entry = match &about {
                Some(mailbox) => entry.about(mailbox),
                None => entry,
            };
            tx.log(entry);
            Ok(())
        })
        .await;
    write.map_or_else(TicketError::Internal, |()| error)
}
