//! Sending a person to an upstream. Source: spec/authentication-api.md §6, design page section 4.

use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::transaction;
use crate::authentication::callback;
use crate::connections::redirect as strategies;
use crate::connections::redirect::RelyingParty;
use crate::domain::connection::Connection;
use crate::domain::transaction::Stage;
use crate::domain::transaction::Transaction;
use crate::http::address::Address;
use crate::http::outgoing::Outgoing;
use crate::keys::digest;
use crate::store::tenant::Tenant;
use crate::time::Rng;

/// Redirects to the connection's upstream and keeps what its answer must fit. The connection is one of the client's.
///
/// # Errors
/// At the app, when the upstream can't be asked or the strategy isn't built; on our page, when the login is over.
pub(crate) async fn depart(
    tenant: &Tenant,
    outgoing: &Outgoing,
    transaction: &Transaction,
    connection: &Connection,
) -> Result<Response, AuthorizeError> {
    let address = Address::of_base(&transaction.issuer);
    let party = RelyingParty { connection, address: &address, outgoing, now: tenant.now() };
    let mut rng = Rng::from_key(tenant.draw(Rng::key));
    let departure = strategies::depart(party, &transaction.request, &mut rng).await;
    let departure = departure.map_err(|error| TrustedRedirect::of(transaction).refuse(callback::refusal_of(error)))?;
    let visit = departure.visit;
    tenant
        .write(|tx| -> Result<(), AuthorizeError> {
            let mut transaction = transaction::again(tx, &transaction.id)?;
            tx.visits.put(digest::sha256(visit.state.as_bytes()), transaction.id.clone());
            transaction.stage = Stage::Upstream(visit);
            tx.transactions.put(transaction.id.clone(), transaction);
            Ok(())
        })
        .await?;
    Ok(redirect(&departure.location)?)
}
