//! `/samlp/{client}`: a service provider wants somebody to sign in, or somebody begins here.
//! Source: spec/enterprise.md §4, SAML 2.0 Profiles §4.1.3.

use axum::extract::Path;
use axum::response::Response;

use crate::authentication::authorize;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle_of;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::departure::Abroad;
use crate::authentication::samlp;
use crate::authentication::samlp::request;
use crate::authentication::samlp::request::Came;
use crate::authentication::samlp::request::Message;
use crate::authentication::visitor::Visitor;
use crate::domain::claims::saml::Settings;
use crate::domain::client::Client;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::SamlReply;
use crate::http::parameters::Parameters;
use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::names::binding;
use crate::store::tenant::Tenant;

/// How long a text of a request may be that is kept until it is answered, in bytes.
const LONGEST: usize = 8 * 1024;

/// `GET` and `POST /samlp/{client}`
pub(in crate::authentication) async fn sign_on(
    tenant: Tenant,
    abroad: Abroad,
    visitor: Visitor,
    Path(client_id): Path<String>,
    came: Came,
) -> Response {
    let result = enter(&tenant, &abroad, &visitor, (&client_id, &came)).await;
    settle_of(result, &tenant, &visitor, Some(&client_id)).await
}

async fn enter(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    (client_id, came): (&str, &Came),
) -> Result<Response, AuthorizeError> {
    let state = tenant.read();
    let client = samlp::client(&state, client_id)?;
    let settings = samlp::settings(client)?;
    let asked = match &came.message {
        Some(message) => read(message, client_id, settings)?,
        None => Asked { relay_state: came.query.get("RelayState").map(str::to_owned), ..Asked::default() },
    };
    let request = asked.into_request(client, settings, &came.query)?;
    authorize::enter(tenant, abroad, visitor, client, (request, &came.query)).await
}

/// A login for this client's service provider that nobody asked for.
///
/// # Errors
/// On our page, when the client has no such add-on or no callback.
pub(in crate::authentication) fn unasked(client: &Client) -> Result<AuthorizationRequest, AuthorizeError> {
    Asked::default().into_request(client, samlp::settings(client)?, &Parameters::default())
}

/// What was asked for.
#[derive(Default)]
struct Asked {
    /// The request's id and the service provider's name; none where nobody asked.
    request: Option<String>,
    issuer: Option<String>,
    acs: Option<String>,
    relay_state: Option<String>,
    login_hint: Option<String>,
    force: bool,
    passive: bool,
}

fn read(message: &Message, client_id: &str, settings: Settings<'_>) -> Result<Asked, AuthorizeError> {
    if message.kind() != Kind::Request {
        return Err(request::doubt("schema", "there is a SAMLResponse where a SAMLRequest is wanted".to_owned()));
    }
    let document = message.document(settings)?;
    let read = AuthnRequest::read(document.root());
    let request = read.map_err(|error| request::doubt("schema", error.to_string()))?;
    request::check_destination(request.header.destination.as_deref(), &format!("/samlp/{client_id}"))?;
    if request.protocol_binding.as_deref().is_some_and(|wanted| wanted != binding::POST) {
        return Err(request::doubt("binding", "the ProtocolBinding is not HTTP-POST".to_owned()));
    }
    Ok(Asked {
        request: Some(request.header.id),
        issuer: request.header.issuer,
        acs: request.assertion_consumer_url,
        relay_state: message.relay_state().map(str::to_owned),
        login_hint: request.subject.map(|name_id| name_id.value),
        force: request.force_authn,
        passive: request.is_passive,
    })
}

impl Asked {
    /// The same as a request of ours. The address of the answer is one of the client's callbacks.
    fn into_request(
        self,
        client: &Client,
        settings: Settings<'_>,
        query: &Parameters,
    ) -> Result<AuthorizationRequest, AuthorizeError> {
        let page = |refusal| AuthorizeError::Page { refusal, back: client.initiate_login_uri.clone() };
        let listed = || client.callbacks.iter().flatten().find(|url| !url.contains('*')).cloned();
        let acs = match self.acs {
            Some(acs) if client.allows_callback(&acs) => acs,
            Some(_) => return Err(page(Refusal::CallbackMismatch)),
            None => listed().ok_or_else(|| page(Refusal::NoCallback))?,
        };
        let texts = [&self.request, &self.issuer, &self.relay_state, &self.login_hint];
        if texts.into_iter().flatten().chain([&acs]).any(|text| text.len() > LONGEST) {
            return Err(request::doubt("schema", "a part of the request is too long".to_owned()));
        }
        let prompt = [(self.force, "login"), (self.passive, "none")];
        let prompt = prompt.iter().filter(|(asked, _)| *asked).map(|(_, prompt)| (*prompt).to_owned()).collect();
        let relay_state = self.relay_state.or_else(|| settings.text("RelayState").map(str::to_owned));
        let reply = SamlReply { request: self.request, issuer: self.issuer };
        Ok(AuthorizationRequest {
            state: relay_state,
            prompt,
            login_hint: self.login_hint.or_else(|| query.get("login_hint").map(str::to_owned)),
            connection: query.get("connection").map(str::to_owned),
            ..AuthorizationRequest::for_saml(acs, reply)
        })
    }
}
