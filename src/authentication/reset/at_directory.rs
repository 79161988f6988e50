//! Another password for somebody of a directory, which keeps it. Source: spec/enterprise.md §2.4 (`change_password`), §2.7.

use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use crate::authentication::directory;
use crate::authentication::events::event;
use crate::authentication::reset::ResetError;
use crate::authentication::reset::is_for_this;
use crate::authentication::ticket;
use crate::authentication::ticket::Good;
use crate::authentication::ticket::TicketError;
use crate::authentication::visitor::Visitor;
use crate::domain::connection::Connection;
use crate::domain::document::Document;
use crate::domain::log::LogEvent;
use crate::domain::mailbox::Mailbox;
use crate::domain::password::MOST_BYTES;
use crate::domain::ticket::Outcome;
use crate::domain::ticket::Purpose;
use crate::domain::ticket::Ticket;
use crate::http::failure::Failure;
use crate::http::outgoing::Outgoing;
use crate::messages::tickets;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// Has the directory take the password. The ticket is used up before the directory is asked, so that of two who hold it
/// one gets there; when the directory refuses, it is good again.
///
/// # Errors
/// [`ResetError`]; then nothing changed.
pub(super) async fn change(
    tenant: &Tenant,
    visitor: &Visitor,
    outgoing: &Outgoing,
    connection: &Connection,
    (secret, typed): (&str, &str),
) -> Result<Arc<Ticket>, ResetError> {
    if typed.len() > MOST_BYTES {
        return Err(ResetError::TooLong);
    }
    let taken = tenant.write(|tx| {
        let Good { ticket, mailbox } = ticket::find(tx, secret, tx.now, is_for_this)?;
        let name = name_of(tx, &mailbox).ok_or(TicketError::Unknown)?;
        tickets::spend(tx, secret);
        Ok::<_, ResetError>((ticket, mailbox, name))
    });
    let (ticket, mailbox, name) = taken.await?;
    if let Err(refusal) = directory::set_password(tenant, outgoing, connection, (&name, typed)).await {
        let given_back = tenant.write(|tx| {
            tickets::give_back(tx, secret);
            let entry = event("fcp", tx.now, &visitor.ip).about(&mailbox);
            tx.log(LogEvent { description: refusal.to_string(), client_id: ticket.client_id.clone(), ..entry });
            Ok::<_, Failure>(())
        });
        given_back.await?;
        return Err(refusal.into());
    }
    let noted = tenant.write(|tx| {
        tx.end_sessions(&mailbox.user_id, &connection.name);
        tx.forget_failures(&mailbox.user_id);
        directory::forget(tx, connection, &mailbox.identity, None);
        if matches!(ticket.purpose, Purpose::ChangePassword { marks_verified: true, .. })
            && let Some(mut user) = tx.user(&mailbox.user_id)
        {
            user.set_email_verified_of(&mailbox.identity, true);
            tx.put_user(user).map_err(Failure::new)?;
        }
        let entry = event("scp", tx.now, &visitor.ip).about(&mailbox);
        let description = Outcome::CHANGED.message.to_owned();
        tx.log(LogEvent { description, client_id: ticket.client_id.clone(), ..entry });
        Ok::<_, Failure>(())
    });
    noted.await?;
    Ok(ticket)
}

/// The name that the connector finds somebody by: what the directory said of it at the last login.
fn name_of(state: &TenantState, mailbox: &Mailbox) -> Option<String> {
    let user = state.users.get(mailbox.user_id.as_str())?;
    let identity = user.identities.iter().find(|identity| identity.as_user_id() == mailbox.identity)?;
    let name = |profile: &Map<String, Value>| {
        let mut names = ["sAMAccountName", "nickname", "email"].iter();
        names.find_map(|name| profile.get(*name)?.as_str()).map(str::to_owned)
    };
    let linked = identity.profile_data.as_ref().map(Document::parse);
    linked.as_ref().and_then(name).or_else(|| name(&user.profile()))
}
