//! Consent: whether a person must be asked before the app gets what it wants, and what they said.
//! Source: spec/universal-login.md (URLs), spec/management-api.md §11, design page section 7.

use axum::response::Response;
use url::Host;
use url::Url;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::prompt::Asked;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::transaction;
use crate::authentication::grants;
use crate::domain::client::Client;
use crate::domain::grant::Consent;
use crate::domain::id::TransactionId;
use crate::domain::resource_server::ResourceServer;
use crate::domain::transaction::Arrival;
use crate::domain::transaction::Stage;
use crate::domain::transaction::Transaction;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// Whether the person must be asked: a third party always asks, a first party on a loopback callback or where the API
/// wants it; what was allowed before is not asked for again, unless the app insists.
pub(super) fn is_needed(asked: &Asked<'_>, arrival: &Arrival) -> bool {
    // Whoever asks for an assertion gets no more than that, and its administrator has agreed to it.
    if arrival.consented || asked.request.is_for_document() {
        return false;
    }
    if asked.request.asks_prompt("consent") {
        return true;
    }
    let loopback = is_loopback(&asked.request.redirect_uri);
    if asked.client.is_first_party && !first_party_asks(asked.api, loopback, asked.state.own.skip_consent_on_loopback) {
        return false;
    }
    let key = (arrival.user_id.clone(), asked.client.client_id.clone(), asked.request.audience.clone());
    let given = asked.state.consents.get(&key);
    let granted = grants::granted(
        asked.state,
        (asked.client, asked.api),
        (&arrival.user_id, asked.request.organization.as_ref()),
        &asked.request.scope,
    );
    given.is_none_or(|given| granted.iter().any(|scope| !given.scope.contains(scope)))
}

fn first_party_asks(api: Option<&ResourceServer>, loopback: bool, skip_on_loopback: bool) -> bool {
    if loopback {
        return !skip_on_loopback;
    }
    api.is_some_and(|api| !api.is_system && !api.skip_consent_for_verifiable_first_party_clients)
}

/// A first-party app can't be told from others there: anybody's program may listen.
fn is_loopback(uri: &str) -> bool {
    match Url::parse(uri).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What the consent page asks for: the scopes that would be granted.
pub(crate) fn asked_scopes(
    state: &TenantState,
    transaction: &Transaction,
    client: &Client,
    api: Option<&ResourceServer>,
) -> Vec<String> {
    let Stage::SignedIn(arrival) = &transaction.stage else { return Vec::new() };
    let who = (&arrival.user_id, transaction.request.organization.as_ref());
    grants::granted(state, (client, api), who, &transaction.request.scope)
}

/// The person said yes: it is kept, and the login goes on. `scopes` are those that the page showed.
///
/// # Errors
/// [`Refusal::UnknownTransaction`] when the login isn't waiting for consent any more.
pub(crate) async fn accept(
    tenant: &Tenant,
    id: &TransactionId,
    scopes: Vec<String>,
) -> Result<Response, AuthorizeError> {
    tenant
        .write(|tx| -> Result<(), AuthorizeError> {
            let mut transaction = transaction::again(tx, id)?;
            let Stage::SignedIn(arrival) = &mut transaction.stage else {
                return Err(Refusal::UnknownTransaction.into());
            };
            arrival.consented = true;
            let audience = transaction.request.audience.clone();
            let key = (arrival.user_id.clone(), transaction.client_id.clone(), audience.clone());
            let mut scope = tx.consents.get(&key).map(|given| given.scope.clone()).unwrap_or_default();
            scope.extend(scopes.into_iter().filter(|one| !scope.contains(one)).collect::<Vec<_>>());
            let (user_id, client_id) = (key.0.clone(), key.1.clone());
            tx.consents.put(key, Consent { user_id, client_id, audience, scope });
            tx.transactions.put(id.clone(), transaction);
            Ok(())
        })
        .await?;
    Ok(redirect(&format!("/authorize/resume?state={id}"))?)
}

/// The person said no: the login ends at the app.
///
/// # Errors
/// [`Refusal::Denied`] at the app; [`Refusal::UnknownTransaction`] when the login is over.
pub(crate) async fn deny(tenant: &Tenant, id: &TransactionId) -> Result<Response, AuthorizeError> {
    let transaction = tenant
        .write(|tx| -> Result<_, AuthorizeError> {
            let transaction = transaction::again(tx, id)?;
            tx.transactions.remove(id.as_str());
            Ok(transaction)
        })
        .await?;
    Err(TrustedRedirect::of(&transaction).refuse(Refusal::Denied))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_told_by_the_host_alone() {
        for loopback in ["http://localhost:3000/cb", "https://app.localhost/", "http://127.0.0.1/", "http://[::1]:1/"] {
            assert!(is_loopback(loopback), "{loopback}");
        }
        for other in ["https://localhost.example/cb", "com.acme.app://localhostcb/", "https://app.example/?localhost"] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
