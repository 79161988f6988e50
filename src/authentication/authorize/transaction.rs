//! A login under way: kept from `/authorize` to the answer, bound to the browser that began it.
//! Source: design page section 6, spec/universal-login.md (URLs).

use std::sync::Arc;

use axum::http::HeaderValue;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::sweep::sweep;
use crate::authentication::visitor::Visitor;
use crate::domain::id::ClientId;
use crate::domain::id::TransactionId;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::Stage;
use crate::domain::transaction::Transaction;
use crate::store::state::TenantState;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// How long a login may take, in seconds (spec/authentication-api.md §6, unverified there).
pub(in crate::authentication) const LIFETIME_SECONDS: i64 = 3600;

/// How many characters of 6 bits its handle has: the `state` of our pages.
const HANDLE_LENGTH: usize = 43;

/// Whether a login can still be gone on with.
pub(in crate::authentication) fn is_alive(transaction: &Transaction, now: Timestamp) -> bool {
    now < transaction.created_at.plus_seconds(LIFETIME_SECONDS)
}

/// The login that a page's `state` names, if this browser began it and it isn't over.
///
/// # Errors
/// [`Refusal::UnknownTransaction`] on our page, with a way back to the app where that is known, else to the tenant's.
pub(crate) fn of_browser(
    state: &TenantState,
    handle: Option<&str>,
    visitor: &Visitor,
    now: Timestamp,
) -> Result<Arc<Transaction>, AuthorizeError> {
    let found = handle.and_then(|handle| state.transactions.get(handle)).filter(|found| is_alive(found, now));
    let Some(transaction) = found else {
        let back = state.settings.extra.get("default_redirection_uri");
        let back = back.and_then(|uri| uri.as_str()).map(str::to_owned);
        return Err(AuthorizeError::Page { refusal: Refusal::UnknownTransaction, back });
    };
    if visitor.browser().as_ref() != Some(&transaction.browser) {
        let back = state.client(transaction.client_id.as_str()).and_then(|client| client.initiate_login_uri.clone());
        return Err(AuthorizeError::Page { refusal: Refusal::UnknownTransaction, back });
    }
    Ok(Arc::clone(transaction))
}

/// The same inside a write, to be changed and put back.
///
/// # Errors
/// [`Refusal::UnknownTransaction`] when it ended meanwhile.
pub(crate) fn again(tx: &Tx<'_>, id: &TransactionId) -> Result<Transaction, AuthorizeError> {
    let found = tx.transactions.get(id.as_str()).filter(|found| is_alive(found, tx.now));
    found.map(|found| Transaction::clone(found)).ok_or_else(|| Refusal::UnknownTransaction.into())
}

/// A login that has just begun, with the cookies that bind it to the browser if that had none.
pub(in crate::authentication) struct Begun {
    pub(in crate::authentication) transaction: Transaction,
    pub(in crate::authentication) cookies: Vec<HeaderValue>,
}

/// Begins a login at `stage`.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    client_id: &ClientId,
    request: AuthorizationRequest,
    stage: Stage,
) -> Begun {
    let (browser, cookies) = visitor.browser_or_new(tx.rng());
    let id = TransactionId::from(tx.rng().url_safe(HANDLE_LENGTH));
    let transaction = Transaction {
        id: id.clone(),
        browser,
        issuer: visitor.address.issuer(),
        client_id: client_id.clone(),
        request,
        created_at: tx.now,
        stage,
        addressed: None,
    };
    tx.transactions.put(id, transaction.clone());
    sweep(tx);
    Begun { transaction, cookies }
}
