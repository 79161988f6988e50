//! Passwords tried: checked, counted, and refused after too many. Both the login page and the password grants come here.
//! Source: spec/universal-login.md (Behaviour), spec/authentication-api.md §3, spec/management-api.md §13.

use parking_lot::Mutex;

use crate::authentication::events::event;
use crate::authentication::visitor::Visitor;
use crate::connections::database;
use crate::connections::database::PasswordRefusal;
use crate::domain::connection::Connection;
use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::domain::user::MOST_FAILURES;
use crate::http::failure::Failure;
use crate::messages::sender::Sender;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// What a person typed, and where.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) client_id: &'a ClientId,
    pub(crate) connection: &'a Connection,
    /// An e-mail address, a user name or a phone number.
    pub(crate) identifier: &'a str,
    pub(crate) password: &'a str,
}

/// Why a password doesn't sign in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("wrong e-mail, user name or password")]
    Wrong,
    #[error("too many failures in a row from this address")]
    TooManyAttempts,
    #[error("the password is known from a breach")]
    Leaked,
    #[error(transparent)]
    Internal(#[from] Failure),
}

/// Checks a password off the async threads. `Ok` is the identity whose password it is, as the user id that this has, or
/// had before it was linked: whose identity it is by now, the write that signs them in looks up
/// (`store::users::Users::owner_of`). That user may be blocked: the write looks at this too, because a blocked user's
/// attempt counts as a login.
///
/// # Errors
/// [`PasswordError`]; failures are counted and put into the tenant log.
pub(crate) async fn prove(tenant: &Tenant, visitor: &Visitor, attempt: Attempt<'_>) -> Result<UserId, PasswordError> {
    let state = tenant.read();
    let found = Mutex::new(None);
    let find = |column: &'static str, value: &str| {
        let account = state.users.account(&attempt.connection.name, column, value);
        if let Some(account) = &account {
            *found.lock() = Some(account.user.user_id.clone());
        }
        account
    };
    let checked = database::check_password(attempt.connection, attempt.identifier, attempt.password, find).await;
    let found: Option<UserId> = found.lock().clone();
    // Looked at afterwards, so that a blocked pair and a wrong password take the same time and so that the failures of
    // attempts that ran beside this one count.
    if let Some(refused) = on_purpose::refusal(tenant, visitor, attempt, (found.as_ref(), checked.is_ok())).await? {
        return Err(refused);
    }
    let pair = found.as_ref().map(|user_id| (user_id.to_string(), visitor.ip.clone()));
    match checked {
        Ok(identity) | Err(PasswordRefusal::Blocked(identity)) => {
            if let Some(pair) = pair {
                forget(tenant, &pair).await?;
            }
            Ok(identity)
        }
        Err(PasswordRefusal::WrongCredentials) => {
            Err(count(tenant, visitor, attempt, (pair, "Wrong email or password.")).await?)
        }
        Err(error @ PasswordRefusal::Unchecked(_)) => Err(Failure::new(error).into()),
    }
}

pub(super) mod on_purpose;

/// Whether a pair failed too often in a row.
pub(super) fn is_blocked(state: &TenantState, pair: &(String, String)) -> bool {
    failures(state, pair) >= MOST_FAILURES
}

/// How often a pair failed in a row.
fn failures(state: &TenantState, pair: &(String, String)) -> u32 {
    state.failed_logins.get(pair).map_or(0, |failures| **failures)
}

/// Starts counting anew after a success, unless the pair is blocked.
pub(super) async fn forget(tenant: &Tenant, pair: &(String, String)) -> Result<(), PasswordError> {
    if failures(&tenant.read(), pair) == 0 {
        return Ok(());
    }
    let write = tenant.write(|tx| {
        if failures(tx, pair) >= MOST_FAILURES {
            return Err(PasswordError::TooManyAttempts);
        }
        tx.failed_logins.remove(pair);
        Ok(())
    });
    write.await
}

/// Counts a failure of a user there is, and logs any: `fp` for a wrong password, `fu` for a wrong name, `limit_wc` for
/// the one that blocks. Gives what to tell the person.
pub(super) async fn count(
    tenant: &Tenant,
    visitor: &Visitor,
    attempt: Attempt<'_>,
    (pair, description): (Option<(String, String)>, &str),
) -> Result<PasswordError, Failure> {
    let sender = Sender::of(tenant, &visitor.address);
    let write = tenant.write(|tx| {
        let entry = |kind, user_id: Option<&str>| LogEvent {
            description: description.to_owned(),
            client_id: Some(attempt.client_id.clone()),
            user_id: user_id.map(UserId::from),
            connection: Some(attempt.connection.name.clone()),
            ..event(kind, tx.now, &visitor.ip)
        };
        let Some(pair) = pair else {
            let entry = entry("fu", None);
            tx.log(entry);
            return Ok(PasswordError::Wrong);
        };
        let failures = failures(tx, &pair).saturating_add(1);
        if failures > MOST_FAILURES {
            return Ok(PasswordError::TooManyAttempts);
        }
        let (failed, limit) = (entry("fp", Some(&pair.0)), entry("limit_wc", Some(&pair.0)));
        tx.log(failed);
        if failures == MOST_FAILURES {
            tx.log(limit);
            if let Some(mailbox) = tx.users.get(&pair.0).and_then(|user| user.mailbox()) {
                sender.unblock(tx, &mailbox, &visitor.ip);
            }
        }
        tx.failed_logins.put(pair, failures);
        Ok(PasswordError::Wrong)
    });
    write.await
}

#[cfg(test)]
mod tests {
    use crate::authentication::testing::Answer;
    use crate::authentication::testing::Host;

    async fn ask(host: &Host, username: &str, password: &str) -> Answer {
        let secret = [("grant_type", "password"), ("client_id", "web"), ("client_secret", "web-secret")];
        let fields = [&secret[..], &[("username", username), ("password", password)]].concat();
        host.post_form("/oauth/token", &fields).await
    }

    #[tokio::test]
    async fn ten_failures_block_the_pair_even_for_who_knows_the_password() {
        let host = Host::new();
        for _ in 0..9 {
            assert_eq!(ask(&host, "ana@people.example", "wrong").await.refusal().2, "Wrong email or password.");
        }
        assert_eq!(ask(&host, "ana@people.example", "Passw0rd!ana").await.status, 200);
        for _ in 0..10 {
            ask(&host, "ana@people.example", "wrong").await;
        }
        let refusal = ask(&host, "ana@people.example", "Passw0rd!ana").await.refusal();
        assert_eq!((refusal.0, refusal.1.as_str()), (429, "too_many_attempts"));
        assert_eq!(ask(&host, "nobody@people.example", "wrong").await.refusal().2, "Wrong email or password.");
        let kinds: Vec<_> = host.tenant.read().logs.iter().map(|event| event.1.kind).collect();
        assert_eq!(kinds.iter().filter(|kind| **kind == "limit_wc").count(), 1);
        assert_eq!(kinds.iter().filter(|kind| **kind == "fu").count(), 1);
    }

    #[tokio::test]
    async fn attempts_side_by_side_are_counted_like_those_in_a_row() {
        let host = Host::new();
        let attempts = (0..15).map(|_| ask(&host, "ana@people.example", "wrong"));
        let answers = futures_util::future::join_all(attempts).await;
        let told = |code: &str| answers.iter().filter(|answer| answer.refusal().1 == code).count();
        assert_eq!((told("invalid_grant"), told("too_many_attempts")), (10, 5));
        assert_eq!(ask(&host, "ana@people.example", "Passw0rd!ana").await.status, 429);
    }
}
