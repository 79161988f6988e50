//! `/samlp/{client}/logout`: a service provider ends the person's session; the others hear of it, and it hears that it is
//! over.
//! Source: spec/enterprise.md §4 (`logout`), SAML 2.0 Profiles §4.4.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle_of;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::with_cookies;
use crate::authentication::events::event;
use crate::authentication::logout;
use crate::authentication::samlp;
use crate::authentication::samlp::herald::Herald;
use crate::authentication::samlp::request;
use crate::authentication::samlp::request::Came;
use crate::authentication::samlp::request::Message;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::domain::claims::saml::Settings;
use crate::domain::client::Client;
use crate::domain::log::LogEvent;
use crate::domain::session::Farewell;
use crate::domain::session::Participant;
use crate::domain::session::Session;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::names::status;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::store::tenant::Tenant;

/// `GET` and `POST /samlp/{client}/logout`
pub(in crate::authentication) async fn logout(
    tenant: Tenant,
    keyring: Keyring,
    visitor: Visitor,
    Path(client_id): Path<String>,
    came: Came,
) -> Response {
    let herald = Herald { tenant: &tenant, keyring: &keyring, address: &visitor.address };
    let result = match came.message.as_ref().map(Message::kind) {
        Some(Kind::Request) => follow(herald, &visitor, (&client_id, &came)).await,
        Some(Kind::Response) => go_on(herald, (&client_id, &came)).await,
        None => Err(request::doubt("schema", "there is neither a SAMLRequest nor a SAMLResponse".to_owned())),
    };
    settle_of(result, &tenant, &visitor, Some(&client_id)).await
}

/// Ends the browser's session as a service provider asks, and tells the others of it first.
async fn follow(
    herald: Herald<'_>,
    visitor: &Visitor,
    (client_id, came): (&str, &Came),
) -> Result<Response, AuthorizeError> {
    let (tenant, state) = (herald.tenant, herald.tenant.read());
    let client = samlp::client(&state, client_id)?;
    let settings = samlp::settings(client)?;
    let none = || request::doubt("schema", "there is no SAMLRequest".to_owned());
    let message = came.message.as_ref().ok_or_else(none)?;
    let document = message.document(settings)?;
    let asked = LogoutRequest::read(document.root()).map_err(|error| request::doubt("schema", error.to_string()))?;
    request::check_destination(asked.header.destination.as_deref(), &format!("/samlp/{client_id}/logout"))?;
    if asked.not_on_or_after.is_some_and(|until| tenant.now() >= until) {
        return Err(request::doubt("expiry", "the logout request has expired".to_owned()));
    }
    let names = |session: &Session| asked.session_indexes.contains(&samlp::session_index(session.id.as_str()));
    let is_named = |session: &&Arc<Session>| names(session) && session.is_alive(&state.settings, tenant.now());
    // Without its cookie, as when another site posts, it is found by its name, which only those know who were told.
    let own = session::current(&state, visitor, tenant.now());
    let session = own.or_else(|| state.sessions.rows().find(is_named).cloned());
    // Nobody ends a session of somebody else with it.
    let is_meant = session.as_ref().is_none_or(|session| asked.session_indexes.is_empty() || names(session));
    let mut farewell = Farewell {
        client_id: client.client_id.clone(),
        request: asked.header.id,
        relay_state: message.relay_state().map(str::to_owned),
        others: Vec::new(),
        session_index: session.as_ref().map(|session| samlp::session_index(session.id.as_str())).unwrap_or_default(),
        is_partial: false,
        begun_at: tenant.now(),
    };
    if !is_meant {
        let status =
            Status::failure(status::REQUESTER, Some(status::UNKNOWN_PRINCIPAL), Some("The session is another one."));
        return herald.answer(&farewell, status).await;
    }
    let others = session.iter().flat_map(|session| &session.participants);
    let others = others.filter(|other| other.client_id != farewell.client_id);
    let is_told = |other: &&Participant| state.client(other.client_id.as_str()).is_some_and(|client| is_told(client));
    farewell.others = others.filter(is_told).cloned().collect();
    match &session {
        Some(session) => end(tenant, visitor, client, session).await?,
        None => logout::end(tenant, visitor, Some(client)).await?,
    }
    let answer = herald.next(farewell).await?;
    Ok(with_cookies(answer, visitor.cleared_session_cookies()))
}

/// Another service provider has heard of it: the next one is told.
async fn go_on(herald: Herald<'_>, (client_id, came): (&str, &Came)) -> Result<Response, AuthorizeError> {
    let state = herald.tenant.read();
    let settings = samlp::settings(samlp::client(&state, client_id)?)?;
    // Whatever it says: the session is over, and the others want to know.
    let handle = came.message.as_ref().and_then(Message::relay_state).unwrap_or_default();
    let followed = came.message.as_ref().is_some_and(|message| has_followed(message, settings));
    let key = digest::sha256(handle.as_bytes());
    let taken = herald.tenant.write(|tx| Ok::<_, AuthorizeError>(tx.farewells.remove(&key)));
    let farewell = taken.await?.ok_or(Refusal::UnknownTransaction)?;
    let farewell = Farewell::clone(&farewell);
    herald.next(Farewell { is_partial: farewell.is_partial || !followed, ..farewell }).await
}

/// Whether a service provider says that its session is over.
fn has_followed(message: &Message, settings: Settings<'_>) -> bool {
    let Ok(document) = message.document(settings) else { return false };
    StatusResponse::read_logout(document.root()).is_ok_and(|response| response.status.is_success())
}

/// Ends a session, whichever browser asks; `slo` in the log.
async fn end(tenant: &Tenant, visitor: &Visitor, client: &Client, session: &Session) -> Result<(), AuthorizeError> {
    let write = tenant.write(|tx| {
        let before = tx.sessions.len();
        tx.sessions.retain(|_, known| known.id != session.id);
        if tx.sessions.len() < before {
            tx.log(LogEvent {
                description: "User successfully logged out".to_owned(),
                client_id: Some(client.client_id.clone()),
                user_id: Some(session.user_id.clone()),
                connection: Some(session.connection.clone()),
                ..event("slo", tx.now, &visitor.ip)
            });
        }
        Ok(())
    });
    write.await
}

/// Whether a client's service provider is told of logouts that others begin.
fn is_told(client: &Client) -> bool {
    let Ok(settings) = samlp::settings(client) else { return false };
    let wants = settings.0.get("logout").and_then(|logout| logout.get("slo_enabled"));
    settings.logout("callback").is_some() && wants != Some(&false.into())
}
