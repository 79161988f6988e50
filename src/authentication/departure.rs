//! Sending a person to an upstream. Source: spec/authentication-api.md §6, design page section 4.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::transaction;
use crate::authentication::callback;
use crate::connections::redirect as strategies;
use crate::connections::redirect::Own;
use crate::connections::redirect::RelyingParty;
use crate::domain::connection::Connection;
use crate::domain::transaction::Stage;
use crate::domain::transaction::Transaction;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::http::outgoing::Outgoing;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::store::tenant::Tenant;
use crate::time::Rng;

/// What the tenant deals with others with: whom it asks through, and the keys that documents are signed with.
#[derive(Clone)]
pub(crate) struct Abroad {
    pub(crate) outgoing: Outgoing,
    pub(crate) keyring: Keyring,
}

impl<S: Sync> FromRequestParts<S> for Abroad {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let outgoing = Outgoing::from_request_parts(parts, state).await?;
        Ok(Self { outgoing, keyring: Keyring::from_request_parts(parts, state).await? })
    }
}

impl Abroad {
    /// The tenant, as the connection's upstream meets it.
    pub(super) fn party<'a>(
        &'a self,
        tenant: &'a Tenant,
        connection: &'a Connection,
        address: &'a Address,
    ) -> RelyingParty<'a> {
        let own = Own { name: tenant.name(), keyring: &self.keyring, slot: tenant.read().signing.current };
        RelyingParty { connection, address, outgoing: &self.outgoing, own, now: tenant.now() }
    }
}

/// Redirects to the connection's upstream and keeps what its answer must fit. The connection is one of the client's.
///
/// # Errors
/// At the app, when the upstream can't be asked or the strategy isn't built; on our page, when the login is over.
pub(crate) async fn depart(
    tenant: &Tenant,
    abroad: &Abroad,
    transaction: &Transaction,
    connection: &Connection,
) -> Result<Response, AuthorizeError> {
    let address = Address::of_base(&transaction.issuer);
    let party = abroad.party(tenant, connection, &address);
    let mut rng = Rng::from_key(tenant.draw(Rng::key));
    let departure = strategies::depart(party, &transaction.request, &mut rng).await;
    let departure = departure.map_err(|error| TrustedRedirect::of(transaction).refuse(callback::refusal_of(error)))?;
    let visit = departure.visit.clone();
    tenant
        .write(|tx| -> Result<(), AuthorizeError> {
            let mut transaction = transaction::again(tx, &transaction.id)?;
            tx.visits.put(digest::sha256(visit.state.as_bytes()), transaction.id.clone());
            transaction.stage = Stage::Upstream(visit);
            tx.transactions.put(transaction.id.clone(), transaction);
            Ok(())
        })
        .await?;
    if !departure.fields.is_empty() {
        return Ok(SelfSubmitting { action: &departure.location, fields: &departure.fields }.answer()?);
    }
    Ok(redirect(&departure.location)?)
}
