//! Logins that attack protection refuses because a test asked for it. Source: reference/log-events.json (`limit_wc`,
//! `pwd_leak`), spec/authentication-api.md §3.

use crate::authentication::events::event;
use crate::authentication::password::Attempt;
use crate::authentication::password::PasswordError;
use crate::authentication::visitor::Visitor;
use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::http::failure::Failure;
use crate::http::faults::behaviours::Behaviour;
use crate::http::faults::scope::Who;
use crate::messages::sender::Sender;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// Why the person is not let in, whatever they typed; or, with the right password, because that leaked. Logs it, and
/// mails who is blocked how to be unblocked, as the real service does.
///
/// # Errors
/// A [`Failure`] when it can't be logged.
pub(in crate::authentication) async fn refusal(
    tenant: &Tenant,
    visitor: &Visitor,
    attempt: Attempt<'_>,
    (found, is_right): (Option<&UserId>, bool),
) -> Result<Option<PasswordError>, Failure> {
    let asked = |behaviour| visitor.behaviours.ask(behaviour, &who(&tenant.read(), attempt, found), "").is_some();
    let (kind, description, refused) = if asked(Behaviour::BruteForceBlock) {
        ("limit_wc", "Wrong email or password.", PasswordError::TooManyAttempts)
    } else if is_right && asked(Behaviour::BreachedPassword) {
        ("pwd_leak", "The password is known from a breach.", PasswordError::Leaked)
    } else {
        return Ok(None);
    };
    let sender = Sender::of(tenant, &visitor.address);
    let logged: Result<(), Failure> = tenant
        .write(|tx| {
            tx.log(LogEvent {
                description: description.to_owned(),
                client_id: Some(attempt.client_id.clone()),
                user_id: found.cloned(),
                connection: Some(attempt.connection.name.clone()),
                ..event(kind, tx.now, &visitor.ip)
            });
            let mailbox = found.and_then(|id| tx.users.get(id.as_str())).and_then(|user| user.mailbox());
            if let Some(mailbox) = mailbox.filter(|_| kind == "limit_wc") {
                sender.unblock(tx, &mailbox, &visitor.ip);
            }
            Ok(())
        })
        .await;
    logged.map(|()| Some(refused))
}

/// The app, and all that the person is called who tries to sign in.
fn who(state: &TenantState, attempt: Attempt<'_>, found: Option<&UserId>) -> Who {
    let mut people = vec![attempt.identifier.to_owned()];
    if let Some(user) = found.and_then(|id| state.users.owner_of(id)) {
        people.extend(user.names());
    }
    Who { client: Some(attempt.client_id.to_string()), people }
}
