//! `/authorize`: the checks in the real service's order, then the way of the person. Source: spec/authentication-api.md §2.

mod answer;
pub(crate) mod consent;
pub(crate) mod error;
mod organization;
mod prompt;
pub(crate) mod redirect;
pub(crate) mod refusal;
mod request;
pub(crate) mod response;
pub(crate) mod resume;
pub(crate) mod transaction;

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use crate::authentication::authorize::answer::Finish;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::prompt::Asked;
use crate::authentication::authorize::prompt::Next;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::request::AuthorizeParameters;
use crate::authentication::authorize::transaction::Begun;
use crate::authentication::departure;
use crate::authentication::departure::Abroad;
use crate::authentication::own;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::resource_server::ResourceServer;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::Stage;
use crate::http::failure::Failure;
use crate::http::parameters::Parameters;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// `GET` and `POST /authorize`
pub(super) async fn authorize(
    tenant: Tenant,
    abroad: Abroad,
    visitor: Visitor,
    parameters: AuthorizeParameters,
) -> Response {
    let door = Door { tenant: &tenant, abroad: &abroad, visitor: &visitor };
    let result = door.open(&parameters.0).await;
    settle(result, &tenant, &visitor).await
}

/// A request with the API and the connection that it asks for.
type Checked<'s> = (AuthorizationRequest, Option<&'s ResourceServer>, Option<&'s Arc<Connection>>);

/// Goes on with the request of a service provider or relying party, which was checked; of `query` the organization is taken.
///
/// # Errors
/// At the service provider; on our page when the login can't begin.
pub(super) async fn enter(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    client: &Client,
    (mut request, query): (AuthorizationRequest, &Parameters),
) -> Result<Response, AuthorizeError> {
    let (door, state) = (Door { tenant, abroad, visitor }, tenant.read());
    let to = TrustedRedirect::of_request(client.client_id.clone(), &request);
    let connection = organization::asked(&state, client, query).and_then(|organization| {
        request.organization = organization;
        check_connection(&state, client, &request)
    });
    let connection = connection.map_err(|refusal| to.refuse(refusal))?;
    door.go_on(&state, client, (request, None, connection)).await
}

/// Begins a login with a request that was checked.
///
/// # Errors
/// [`Failure`]
pub(super) async fn begin(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    client: &Client,
    request: &AuthorizationRequest,
) -> Result<Begun, AuthorizeError> {
    Ok(Door { tenant, abroad, visitor }.begin(client, request, Stage::Login).await?)
}

/// Begins a login that was not asked for, as if its client had asked with these parameters.
///
/// # Errors
/// Those of `/authorize`.
pub(super) async fn begin_unasked(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    parameters: &Parameters,
) -> Result<Begun, AuthorizeError> {
    let door = Door { tenant, abroad, visitor };
    let state = tenant.read();
    let client = check_client(&state, parameters)?;
    let to = TrustedRedirect::check(client, parameters)?;
    let checked = door.check(&state, client, &to, parameters);
    let (request, ..) = checked.map_err(|refusal| to.refuse(refusal))?;
    Ok(door.begin(client, &request, Stage::Login).await?)
}

/// What a login needs besides its request.
struct Door<'a> {
    tenant: &'a Tenant,
    abroad: &'a Abroad,
    visitor: &'a Visitor,
}

impl Door<'_> {
    /// The checks, in the real service's order: nothing is sent to an address before it is trusted.
    async fn open(&self, parameters: &Parameters) -> Result<Response, AuthorizeError> {
        let state = self.tenant.read();
        let client = check_client(&state, parameters)?;
        let to = TrustedRedirect::check(client, parameters)?;
        let checked = self.check(&state, client, &to, parameters);
        let (request, api, connection) = checked.map_err(|refusal| to.clone().refuse(refusal))?;
        self.go_on(&state, client, (request, api, connection)).await
    }

    /// An answer from the session, a page, or an upstream.
    async fn go_on(
        &self,
        state: &TenantState,
        client: &Client,
        (request, api, connection): Checked<'_>,
    ) -> Result<Response, AuthorizeError> {
        let to = TrustedRedirect::of_request(client.client_id.clone(), &request);
        let asked = Asked { state, client, request: &request, api, connection };
        let session = session::current(state, self.visitor, self.tenant.now());
        let next = prompt::decide(&asked, session.as_deref(), self.tenant.now());
        match next.map_err(|refusal| to.refuse(refusal))? {
            Next::Answer(arrival) => {
                let issuer = self.visitor.address.issuer();
                let finish = Finish { client, request: &request, api, issuer, arrival, transaction: None };
                answer::complete(self.tenant, &self.abroad.keyring, self.visitor, finish).await
            }
            Next::Consent(arrival) => self.go("/u/consent", client, &request, Stage::SignedIn(arrival)).await,
            Next::Page(path) => self.go(path, client, &request, Stage::Login).await,
            Next::Upstream(connection) => {
                let begun = self.begin(client, &request, Stage::Login).await?;
                let away = departure::depart(self.tenant, self.abroad, &begun.transaction, &connection).await?;
                Ok(with_cookies(away, begun.cookies))
            }
        }
    }

    /// What is asked for, once the redirect is trusted.
    fn check<'s>(
        &self,
        state: &'s TenantState,
        client: &Client,
        to: &TrustedRedirect,
        parameters: &Parameters,
    ) -> Result<Checked<'s>, Refusal> {
        let mut request = request::read(parameters, to)?;
        check_grant_types(client, &request)?;
        check_built(&request)?;
        request.organization = organization::asked(state, client, parameters)?;
        let api = self.check_audience(state, &mut request)?;
        let connection = check_connection(state, client, &request)?;
        Ok((request, api, connection))
    }

    /// To one of our pages.
    async fn go(
        &self,
        path: &str,
        client: &Client,
        request: &AuthorizationRequest,
        stage: Stage,
    ) -> Result<Response, AuthorizeError> {
        let begun = self.begin(client, request, stage).await?;
        let page = response::redirect(&format!("{path}?state={}", begun.transaction.id))?;
        Ok(with_cookies(page, begun.cookies))
    }

    async fn begin(&self, client: &Client, request: &AuthorizationRequest, stage: Stage) -> Result<Begun, Failure> {
        let (client_id, request) = (&client.client_id, request.clone());
        self.tenant.write(|tx| Ok(transaction::begin(tx, self.visitor, client_id, request, stage))).await
    }

    /// The API that is asked for, or the tenant's default one; none is `/userinfo` alone.
    fn check_audience<'s>(
        &self,
        state: &'s TenantState,
        request: &mut AuthorizationRequest,
    ) -> Result<Option<&'s ResourceServer>, Refusal> {
        request.audience = request.audience.take().or_else(|| state.settings.default_audience.clone());
        let Some(audience) = request.audience.as_deref() else { return Ok(None) };
        if audience == self.visitor.address.url("/userinfo") {
            request.audience = None;
            return Ok(None);
        }
        let found = own::api(self.tenant, state, &self.visitor.address, audience);
        found.map(|api| Some(&**api)).ok_or_else(|| Refusal::UnknownAudience(audience.to_owned()))
    }
}

fn check_client<'s>(state: &'s TenantState, parameters: &Parameters) -> Result<&'s Client, AuthorizeError> {
    let id = parameters.get("client_id").ok_or(Refusal::MissingParameter("client_id"))?;
    // The client that stands for all applications signs nobody in.
    let client = state.client(id).filter(|client| !client.global);
    Ok(client.ok_or_else(|| Refusal::UnknownClient(id.to_owned()))?)
}

fn check_grant_types(client: &Client, request: &AuthorizationRequest) -> Result<(), Refusal> {
    let asked = request.response_type;
    let front = asked.token || asked.id_token;
    for (needed, grant_type) in [(asked.code, "authorization_code"), (front, "implicit")] {
        if needed && !client.may_use(grant_type) {
            return Err(Refusal::GrantTypeNotAllowed(grant_type));
        }
    }
    Ok(())
}

/// Refuses what would change the meaning of the request if it were passed over.
fn check_built(request: &AuthorizationRequest) -> Result<(), Refusal> {
    const NOT_BUILT: &[(&str, &str)] = &[
        ("request", "the request parameter"),
        ("request_uri", "the request_uri parameter"),
        ("login_ticket", "login by ticket"),
        ("dpop_jkt", "DPoP"),
        ("invitation", "accepting an invitation"),
        ("authorization_details", "the authorization_details parameter"),
    ];
    if let Some((_, what)) = NOT_BUILT.iter().find(|(name, _)| request.others.contains_key(*name)) {
        return Err(Refusal::NotBuilt(what));
    }
    Ok(())
}

fn check_connection<'s>(
    state: &'s TenantState,
    client: &Client,
    request: &AuthorizationRequest,
) -> Result<Option<&'s Arc<Connection>>, Refusal> {
    let Some(name) = request.connection.as_deref() else { return Ok(None) };
    let organization = request.organization.as_ref().and_then(|id| state.organizations.get(id.as_str()));
    let usable = |connection: &&Arc<Connection>| {
        connection.is_enabled_for(&client.client_id)
            && organization.is_none_or(|organization| organization.takes(&connection.id))
    };
    let connection = state.connection_named(name).filter(usable);
    connection.map(Some).ok_or(Refusal::ConnectionNotEnabled)
}

/// Adds `Set-Cookie` headers to an answer.
pub(super) fn with_cookies(mut response: Response, cookies: Vec<HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests;
