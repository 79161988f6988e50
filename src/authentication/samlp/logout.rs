//! `/samlp/{client}/logout`: a service provider ends the person's session, and hears that it is over.
//! Source: spec/enterprise.md §4 (`logout`), SAML 2.0 Profiles §4.4.

use axum::extract::Path;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::with_cookies;
use crate::authentication::logout;
use crate::authentication::samlp;
use crate::authentication::samlp::request;
use crate::authentication::samlp::request::Came;
use crate::authentication::samlp::response;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::domain::claims::saml::Settings;
use crate::domain::client::Client;
use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::keys::Keyring;
use crate::protocols::saml::binding as bindings;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::names::binding;
use crate::protocols::saml::names::status;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::store::tenant::Tenant;
use crate::time::Rng;

/// `GET` and `POST /samlp/{client}/logout`
pub(in crate::authentication) async fn logout(
    tenant: Tenant,
    keyring: Keyring,
    visitor: Visitor,
    Path(client_id): Path<String>,
    came: Came,
) -> Response {
    let result = follow(&tenant, &keyring, &visitor, (&client_id, &came)).await;
    settle(result, &tenant, &visitor).await
}

async fn follow(
    tenant: &Tenant,
    keyring: &Keyring,
    visitor: &Visitor,
    (client_id, came): (&str, &Came),
) -> Result<Response, AuthorizeError> {
    let state = tenant.read();
    let client = samlp::client(&state, client_id)?;
    let settings = samlp::settings(client)?;
    let message = came.message.as_ref().filter(|message| message.kind() == Kind::Request);
    let Some(message) = message else {
        return Err(request::doubt("schema", "there is no SAMLRequest".to_owned()));
    };
    let document = message.document(settings)?;
    let asked = LogoutRequest::read(document.root()).map_err(|error| request::doubt("schema", error.to_string()))?;
    if asked.not_on_or_after.is_some_and(|until| tenant.now() >= until) {
        return Err(request::doubt("expiry", "the logout request has expired".to_owned()));
    }
    let session = session::current(&state, visitor, tenant.now());
    // Nobody ends a session of somebody else with it.
    let is_meant = session.as_ref().is_none_or(|session| {
        asked.session_indexes.is_empty() || asked.session_indexes.contains(&samlp::session_index(session.id.as_str()))
    });
    let status = if is_meant {
        logout::end(tenant, visitor, Some(client)).await?;
        Status::success()
    } else {
        Status::failure(status::REQUESTER, Some(status::UNKNOWN_PRINCIPAL), Some("The session is another one."))
    };
    let answer = answer(tenant, keyring, (client, settings), visitor, (&asked, status, message.relay_state())).await?;
    Ok(if is_meant { with_cookies(answer, visitor.cleared_session_cookies()) } else { answer })
}

/// The answer, at the client's `logout.callback`; where it has none, a page that says so.
async fn answer(
    tenant: &Tenant,
    keyring: &Keyring,
    (client, settings): (&Client, Settings<'_>),
    visitor: &Visitor,
    (asked, status, relay_state): (&LogoutRequest, Status, Option<&str>),
) -> Result<Response, AuthorizeError> {
    let Some(to) = settings.logout("callback") else {
        tracing::info!(client = client.name, "the add-on has no logout.callback: its logout isn't answered");
        return Ok("OK".into_response());
    };
    let mut rng = Rng::from_key(tenant.draw(Rng::key));
    let id = header::new_id(&mut rng);
    let response = StatusResponse {
        header: Header {
            id: id.clone(),
            issue_instant: tenant.now(),
            destination: Some(to.to_owned()),
            issuer: Some(samlp::issuer(settings, &visitor.address)),
        },
        in_response_to: Some(asked.header.id.clone()),
        status,
    };
    let (state, xml) = (tenant.read(), response.to_logout_response());
    let key = samlp::key(keyring, &state, settings).await?;
    let signing = response::how(settings, &key);
    if settings.text("binding") == Some(binding::REDIRECT) {
        let outgoing = Outgoing { kind: Kind::Response, xml: &xml, relay_state, deflate: true };
        let location = outgoing.to_url(to, Some(&signing)).map_err(Failure::new)?;
        return Ok(redirect(&location)?);
    }
    let xml = signing.sign(&xml, &id).map_err(Failure::new)?;
    let mut fields = vec![(Kind::Response.field().to_owned(), bindings::to_post(&xml))];
    fields.extend(relay_state.map(|state| ("RelayState".to_owned(), state.to_owned())));
    Ok(SelfSubmitting { action: to, fields: &fields }.answer()?)
}
