//! `/login/callback`: where people come back from upstreams. Source: spec/authentication-api.md §6, spec/upstreams.md §10,
//! design page section 6 (cross-site posts).

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;

use crate::authentication::arrival;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::transaction;
use crate::authentication::visitor::Visitor;
use crate::connections::error::ConnectionError;
use crate::connections::redirect as strategies;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::RelyingParty;
use crate::domain::transaction::Stage;
use crate::domain::transaction::Transaction;
use crate::domain::transaction::UpstreamVisit;
use crate::http::address::Address;
use crate::http::body;
use crate::http::body::MOST_BYTES;
use crate::http::html::SelfSubmitting;
use crate::http::outgoing::Outgoing;
use crate::http::parameters::Parameters;
use crate::keys::digest;
use crate::store::tenant::Tenant;

/// Marks a callback that our own page posted again.
const AGAIN: &str = "again";

/// What came to the callback: parameters of the query or of the form.
#[derive(Debug)]
pub(super) struct CallbackRequest {
    parameters: Parameters,
    /// A form that was posted to us for the first time.
    posted_across: bool,
}

impl<S: Sync> FromRequest<S> for CallbackRequest {
    type Rejection = AuthorizeError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AuthorizeError> {
        let (parts, body) = request.into_parts();
        let query = Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes()).map_err(Refusal::from)?;
        if parts.method != Method::POST {
            return Ok(Self { parameters: query, posted_across: false });
        }
        let bytes = body::read(body, MOST_BYTES).await.map_err(Refusal::from)?;
        let parameters = Parameters::of_form(&bytes).map_err(Refusal::from)?;
        Ok(Self { parameters, posted_across: query.get(AGAIN).is_none() })
    }
}

/// `GET` and `POST /login/callback`
pub(super) async fn callback(
    tenant: Tenant,
    outgoing: Outgoing,
    visitor: Visitor,
    request: CallbackRequest,
) -> Response {
    let result = come_back(&tenant, &outgoing, &visitor, &request).await;
    settle(result, &tenant, &visitor).await
}

async fn come_back(
    tenant: &Tenant,
    outgoing: &Outgoing,
    visitor: &Visitor,
    request: &CallbackRequest,
) -> Result<Response, AuthorizeError> {
    if request.parameters.get("SAMLResponse").is_some() || request.parameters.get("wresult").is_some() {
        return Err(Refusal::NotBuilt("login by SAML or WS-Federation").into());
    }
    // A browser leaves its cookies at home when another site posts: our own page posts once more, with them.
    if request.posted_across && visitor.browser().is_none() {
        let fields: Vec<_> =
            request.parameters.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let action = format!("/login/callback?{AGAIN}=1");
        return Ok(SelfSubmitting { action: &action, fields: &fields }.answer()?);
    }
    let (transaction, visit) = take_visit(tenant, visitor, request.parameters.get("state")).await?;
    let to = TrustedRedirect::of(&transaction);
    let state = tenant.read();
    let connection = state.connection_named(&visit.connection);
    let connection = connection.filter(|connection| connection.is_enabled_for(&transaction.client_id));
    let Some(connection) = connection else { return Err(to.refuse(Refusal::ConnectionNotEnabled)) };
    let address = Address::of_base(&transaction.issuer);
    let party = RelyingParty { connection, address: &address, outgoing, now: tenant.now() };
    let parameters: CallbackParameters =
        request.parameters.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    match strategies::arrive(party, &visit, &parameters).await {
        Ok(returned) => arrival::sign_in(tenant, visitor, &transaction, connection, Proof::Returned(returned)).await,
        Err(error) => {
            tracing::info!(connection = visit.connection, "failed to {error}");
            end(tenant, &transaction).await?;
            Err(to.refuse(refusal_of(error)))
        }
    }
}

/// Finds the login that a `state` was sent out for, by this browser, and uses the state up.
async fn take_visit(
    tenant: &Tenant,
    visitor: &Visitor,
    state: Option<&str>,
) -> Result<(Transaction, UpstreamVisit), AuthorizeError> {
    let key = digest::sha256(state.unwrap_or_default().as_bytes());
    let found = tenant.read().visits.get(&key).cloned();
    let handle = found.as_deref().map(crate::domain::id::TransactionId::as_str);
    transaction::of_browser(&tenant.read(), handle, visitor, tenant.now())?;
    tenant
        .write(|tx| {
            let id = tx.visits.remove(&key).ok_or(Refusal::UnknownTransaction)?;
            let mut transaction = transaction::again(tx, &id)?;
            let left_at = std::mem::replace(&mut transaction.stage, Stage::Login);
            tx.transactions.put(transaction.id.clone(), transaction.clone());
            match left_at {
                Stage::Upstream(visit) if state == Some(visit.state.as_str()) => Ok((transaction, visit)),
                // The person went elsewhere meanwhile.
                _ => Err(Refusal::UnknownTransaction.into()),
            }
        })
        .await
}

async fn end(tenant: &Tenant, transaction: &Transaction) -> Result<(), AuthorizeError> {
    tenant
        .write(|tx| {
            tx.transactions.remove(transaction.id.as_str());
            Ok(())
        })
        .await
}

/// What the app is told when nobody arrives (spec/upstreams.md §10, largely unverified there).
pub(super) fn refusal_of(error: ConnectionError) -> Refusal {
    let upstream = |code, description| Refusal::Upstream { code, description };
    match error {
        ConnectionError::NotBuilt(_) => Refusal::NotBuilt("this kind of connection"),
        ConnectionError::Refused { error, description } => {
            let code = match error.as_str() {
                "server_error" => "server_error",
                "temporarily_unavailable" => "temporarily_unavailable",
                _ => "access_denied",
            };
            upstream(code, description.unwrap_or(error))
        }
        ConnectionError::Exchange(message) => upstream("access_denied", message),
        error @ (ConnectionError::BadCallback(_) | ConnectionError::IdToken(_)) => {
            upstream("access_denied", format!("failed to {error}"))
        }
        error => upstream("server_error", format!("failed to {error}")),
    }
}

#[cfg(test)]
mod tests;
