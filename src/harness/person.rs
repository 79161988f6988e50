//! Whom a call means: one text, read one way. Source: the control API's own rule.

use std::sync::Arc;

use crate::domain::user::User;
use crate::server::site::Site;
use crate::upstreams::accounts::Account;
use crate::upstreams::provider::Provider;

/// Somebody whom a call named.
#[derive(Clone, Debug)]
pub(crate) enum Whom {
    /// A user of the tenant.
    User(Arc<User>),
    /// An account at a fake, whether or not the tenant has ever seen it.
    Account(Provider, Arc<Account>),
}

/// Why nobody is meant. Display says what to write instead.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Unclear {
    #[error(
        "there is no person \"{0}\": write a user_id, an e-mail address, a username, a phone number, or FAKE:ID of an account at a fake \
         (google:1015801)"
    )]
    Nobody(String),
    #[error("\"{text}\" may be any of {}: write one of these", candidates.join(", "))]
    Several { text: String, candidates: Vec<String> },
}

/// Reads who is meant: a `user_id`; `FAKE:ID` or `FAKE:E-MAIL` (`google:ana@people.example`); else an e-mail address,
/// username or phone number of a user; else the e-mail address of an account at a fake.
///
/// # Errors
/// [`Unclear`] when nobody fits or several do.
pub(crate) fn find(site: &Site, text: &str) -> Result<Whom, Unclear> {
    let nobody = || Unclear::Nobody(text.to_owned());
    let state = site.tenant.read();
    if let Some(user) = state.users.get(text) {
        return Ok(Whom::User(Arc::clone(user)));
    }
    let fakes = site.upstreams.read();
    if let Some((provider, id)) = text.split_once(':').and_then(|(at, id)| Some((Provider::of(at)?, id))) {
        let fake = fakes.of(provider);
        let found = fake.accounts.get(id).or_else(|| fake.account_called(id)).ok_or_else(nobody)?;
        return Ok(Whom::Account(provider, Arc::clone(found)));
    }
    let by_email: Vec<_> = state.users.with_email(text).cloned().collect();
    let named = |user: &&Arc<User>| {
        user.phone_number.as_deref() == Some(text)
            || user.username.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(text))
    };
    let users = if by_email.is_empty() && !text.contains('@') {
        state.users.in_order().filter(named).cloned().collect()
    } else {
        by_email
    };
    match users.as_slice() {
        [] => {}
        [user] => return Ok(Whom::User(Arc::clone(user))),
        several => {
            let candidates = several.iter().map(|user| user.user_id.to_string()).collect();
            return Err(Unclear::Several { text: text.to_owned(), candidates });
        }
    }
    let accounts: Vec<_> = Provider::ALL
        .into_iter()
        .filter_map(|provider| Some((provider, fakes.of(provider).account_called(text)?)))
        .collect();
    match accounts.as_slice() {
        [] => Err(nobody()),
        [(provider, account)] => Ok(Whom::Account(*provider, Arc::clone(account))),
        several => {
            let candidates = several.iter().map(|(provider, account)| format!("{}:{}", provider.as_str(), account.id));
            Err(Unclear::Several { text: text.to_owned(), candidates: candidates.collect() })
        }
    }
}
