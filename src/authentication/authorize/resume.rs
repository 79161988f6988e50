//! `GET /authorize/resume`: the login goes on after a page. Source: spec/authentication-api.md §2 (pipeline order).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;

use crate::authentication::authorize::answer;
use crate::authentication::authorize::answer::Finish;
use crate::authentication::authorize::consent;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::prompt::Asked;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::transaction;
use crate::authentication::own;
use crate::authentication::visitor::Visitor;
use crate::domain::transaction::Stage;
use crate::http::parameters::Parameters;
use crate::keys::Keyring;
use crate::store::tenant::Tenant;

/// The `state` of a page's query: the handle of a login. Missing, doubled or empty is no handle.
#[derive(Clone, Debug)]
pub(crate) struct Handle(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for Handle {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self(query.ok().and_then(|query| query.get("state").map(str::to_owned))))
    }
}

/// `GET /authorize/resume?state=`
pub(in crate::authentication) async fn resume(
    tenant: Tenant,
    keyring: Keyring,
    visitor: Visitor,
    handle: Handle,
) -> Response {
    let result = go_on(&tenant, &keyring, &visitor, handle).await;
    settle(result, &tenant, &visitor).await
}

async fn go_on(
    tenant: &Tenant,
    keyring: &Keyring,
    visitor: &Visitor,
    handle: Handle,
) -> Result<Response, AuthorizeError> {
    let state = tenant.read();
    let transaction = transaction::of_browser(&state, handle.0.as_deref(), visitor, tenant.now())?;
    let Stage::SignedIn(arrival) = &transaction.stage else {
        // Somebody went back to a login that isn't done: its page goes on.
        return Ok(redirect(&format!("/u/login?state={}", transaction.id))?);
    };
    let client = state.client(transaction.client_id.as_str()).ok_or(Refusal::UnknownTransaction)?;
    let request = &transaction.request;
    let began_at = visitor.address.at(&transaction.issuer);
    let api = request.audience.as_deref().map(|audience| {
        let found = own::api(tenant, &state, &began_at, audience);
        let to = TrustedRedirect::of(&transaction);
        found.ok_or_else(|| to.refuse(Refusal::UnknownAudience(audience.to_owned())))
    });
    let api = api.transpose()?.map(|api| &**api);
    let asked = Asked { state: &state, client, request, api, connection: None };
    if consent::is_needed(&asked, arrival) {
        return Ok(redirect(&format!("/u/consent?state={}", transaction.id))?);
    }
    let finish = Finish {
        client,
        request,
        api,
        issuer: transaction.issuer.clone(),
        arrival: arrival.clone(),
        transaction: Some(transaction.id.clone()),
    };
    answer::complete(tenant, keyring, visitor, finish).await
}
