//! Tickets as addresses: drawn, kept under the hash of their secret, found again. Source: spec/management-api.md §8.

use std::sync::Arc;

use crate::domain::ticket::Purpose;
use crate::domain::ticket::Ticket;
use crate::http::address::Address;
use crate::keys::digest;
use crate::store::state::SecretHash;
use crate::store::state::TenantState;
use crate::store::tx::Tx;

/// How many letters and digits a ticket's secret has.
const LENGTH: usize = 32;

/// How many tickets and jobs that may be over are looked at when one is added.
const SWEPT: usize = 8;

/// A ticket that was just drawn.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) secret: String,
    /// The address that uses it; real ones end with `#`.
    pub(crate) url: String,
}

/// Draws a ticket's secret and keeps the ticket under its hash. One that is mailed to change a password takes the worth
/// of the one mailed before.
pub(crate) fn draw(tx: &mut Tx<'_>, address: &Address, ticket: Ticket) -> Drawn {
    let (now, from) = (tx.now, tx.rng().key());
    tx.tickets.sweep(&from, SWEPT, |ticket| ticket.is_remembered(now));
    let secret = tx.rng().alphanumeric(LENGTH);
    let hash = hash(&secret);
    if matches!(ticket.purpose, Purpose::ChangePassword { mailed: true, .. }) {
        tx.newest_resets.put(ticket.mailbox.identity.clone(), hash);
    }
    let page = match ticket.purpose {
        Purpose::VerifyEmail => "email-verification",
        Purpose::ChangePassword { .. } => "reset-password",
        Purpose::Unblock { .. } => "unblock",
    };
    tx.tickets.put(hash, ticket);
    let url = address.url(&format!("/u/{page}?ticket={secret}#"));
    Drawn { secret, url }
}

/// The ticket with this secret, good or not; a mailed one that a newer one replaced is used up.
pub(crate) fn find(state: &TenantState, secret: &str) -> Option<Arc<Ticket>> {
    let hash = hash(secret);
    let found = state.tickets.get(&hash)?;
    let mailed = matches!(found.purpose, Purpose::ChangePassword { mailed: true, .. });
    let is_replaced = mailed && state.newest_resets.get(&found.mailbox.identity).is_none_or(|newest| **newest != hash);
    if is_replaced && found.used_at.is_none() {
        return Some(Arc::new(Ticket { used_at: Some(found.expires_at), ..Ticket::clone(found) }));
    }
    Some(Arc::clone(found))
}

/// Uses a ticket up.
pub(crate) fn spend(tx: &mut Tx<'_>, secret: &str) {
    let (now, hash) = (tx.now, hash(secret));
    if let Some(ticket) = tx.tickets.get(&hash).map(|ticket| Ticket::clone(ticket)) {
        tx.tickets.put(hash, Ticket { used_at: Some(now), ..ticket });
    }
}

/// Makes a ticket good again that was used up for nothing.
pub(crate) fn give_back(tx: &mut Tx<'_>, secret: &str) {
    let hash = hash(secret);
    if let Some(ticket) = tx.tickets.get(&hash).map(|ticket| Ticket::clone(ticket)) {
        tx.tickets.put(hash, Ticket { used_at: None, ..ticket });
    }
}

fn hash(secret: &str) -> SecretHash {
    digest::sha256(secret.as_bytes())
}
