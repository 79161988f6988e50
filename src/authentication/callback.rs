//! `/login/callback`: where people come back from upstreams. Source: spec/authentication-api.md §6, spec/upstreams.md §10,
//! design page section 6 (cross-site posts).

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use url::form_urlencoded;

use crate::authentication::arrival;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::transaction;
use crate::authentication::departure::Abroad;
use crate::authentication::visitor::Visitor;
use crate::connections::error::ConnectionError;
use crate::connections::redirect as strategies;
use crate::connections::redirect::CallbackParameters;
use crate::domain::transaction::Stage;
use crate::domain::transaction::Transaction;
use crate::domain::transaction::UpstreamVisit;
use crate::http::address::Address;
use crate::http::body;
use crate::http::html::SelfSubmitting;
use crate::http::parameters::Parameters;
use crate::keys::digest;
use crate::store::tenant::Tenant;

mod unsolicited;

/// How long a form may be: a SAML message in base64, escaped.
pub(super) const MOST_MESSAGE_BYTES: usize = 2 * 1024 * 1024;

/// Marks a callback that our own page posted again.
const AGAIN: &str = "again";

/// What came to the callback: parameters of the query or of the form.
#[derive(Debug)]
pub(super) struct CallbackRequest {
    /// Of the form, or of the query where there is none.
    parameters: Parameters,
    /// Of a form's query: the connection whose callback this is, and the organization.
    query: Parameters,
    /// A form that was posted to us for the first time.
    posted_across: bool,
}

impl<S: Sync> FromRequest<S> for CallbackRequest {
    type Rejection = AuthorizeError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AuthorizeError> {
        let (parts, body) = request.into_parts();
        let query = Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes()).map_err(Refusal::from)?;
        if parts.method != Method::POST {
            return Ok(Self { parameters: query.clone(), query, posted_across: false });
        }
        let bytes = body::read(body, MOST_MESSAGE_BYTES).await.map_err(Refusal::from)?;
        let parameters = Parameters::of_form(&bytes).map_err(Refusal::from)?;
        let posted_across = query.get(AGAIN).is_none();
        Ok(Self { parameters, query, posted_across })
    }
}

/// `GET` and `POST /login/callback`
pub(super) async fn callback(tenant: Tenant, abroad: Abroad, visitor: Visitor, request: CallbackRequest) -> Response {
    let result = come_back(&tenant, &abroad, &visitor, &request).await;
    settle(result, &tenant, &visitor).await
}

async fn come_back(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    request: &CallbackRequest,
) -> Result<Response, AuthorizeError> {
    // A browser leaves its cookies at home when another site posts: our own page posts once more, with them.
    if request.posted_across && visitor.browser().is_none() {
        let fields: Vec<_> =
            request.parameters.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut action = format!("/login/callback?{AGAIN}=1");
        for (name, value) in request.query.pairs() {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            if matches!(name, "connection" | "organization") {
                action = format!("{action}&{name}={value}");
            }
        }
        return Ok(SelfSubmitting { action: &action, fields: &fields }.answer()?);
    }
    let is_saml = request.parameters.has("SAMLResponse");
    let sent = request.parameters.get(match () {
        () if is_saml => "RelayState",
        () if request.parameters.has("wresult") => "wctx",
        () => "state",
    });
    if is_saml && !is_awaited(tenant, visitor, sent) {
        return unsolicited::sign_in(tenant, abroad, visitor, request).await;
    }
    let (transaction, visit) = take_visit(tenant, visitor, sent).await?;
    let to = TrustedRedirect::of(&transaction);
    let state = tenant.read();
    let connection = state.connection_named(&visit.connection);
    let connection = connection.filter(|connection| connection.is_enabled_for(&transaction.client_id));
    let Some(connection) = connection else { return Err(to.refuse(Refusal::ConnectionNotEnabled)) };
    let address = Address::of_base(&transaction.issuer);
    let (party, parameters) = (abroad.party(tenant, connection, &address), request.callback());
    match strategies::arrive(party, &visit, &parameters).await {
        Ok(returned) => arrival::sign_in(tenant, visitor, &transaction, connection, Proof::Returned(returned)).await,
        Err(error) => {
            tracing::info!(connection = visit.connection, "failed to {error}");
            end(tenant, &transaction).await?;
            Err(to.refuse(refusal_of(error)))
        }
    }
}

impl CallbackRequest {
    fn callback(&self) -> CallbackParameters {
        self.parameters.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// Whether a login of this browser waits for what comes with this `RelayState`.
fn is_awaited(tenant: &Tenant, visitor: &Visitor, relay_state: Option<&str>) -> bool {
    let state = tenant.read();
    let handle = relay_state.and_then(|sent| state.visits.get(&digest::sha256(sent.as_bytes())));
    handle.is_some_and(|handle| transaction::of_browser(&state, Some(handle.as_str()), visitor, tenant.now()).is_ok())
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
        ConnectionError::Assertion(doubt) => Refusal::Assertion(doubt),
        ConnectionError::Internal(failure) => Refusal::Internal(failure),
        ConnectionError::Exchange(message) => upstream("access_denied", message),
        error @ (ConnectionError::BadCallback(_) | ConnectionError::IdToken(_) | ConnectionError::SamlMessage(_)) => {
            upstream("access_denied", format!("failed to {error}"))
        }
        error => upstream("server_error", format!("failed to {error}")),
    }
}

#[cfg(test)]
mod tests;
