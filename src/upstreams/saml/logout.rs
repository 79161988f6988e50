//! Single logout: a service provider ends a session here, or it ends here first. Source: SAML 2.0 Profiles §4.4.

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use axum::response::Response;
use url::Url;

use crate::http::body;
use crate::http::parameters::Parameters;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::header::new_id;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::redirect::Incoming;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::xml::Document;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::metadata::failed;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::state::Participant;
use crate::upstreams::saml::state::Session;
use crate::upstreams::state::hash_of;

/// How long a request may be followed, in seconds.
const LIFETIME: i64 = 300;

/// `GET /{name}/slo`: the redirect binding.
pub(super) async fn by_redirect(at: At, RawQuery(query): RawQuery) -> Result<Response, ErrorPage> {
    let incoming = Incoming::read(&query.unwrap_or_default());
    let incoming = incoming.map_err(|error| at.wrong(&format!("The message can't be read: {error}.")))?;
    match incoming.kind {
        Kind::Request => follow(&at, &incoming.xml, incoming.relay_state.as_deref()).await,
        Kind::Response => Box::pin(go_on(&at)).await,
    }
}

/// `POST /{name}/slo`: the POST binding.
pub(super) async fn by_post(at: At, body: Body) -> Result<Response, ErrorPage> {
    let unread = |error: &dyn std::fmt::Display| at.wrong(&format!("The message can't be read: {error}."));
    let form = body::read(body, body::MOST_BYTES).await.map_err(|error| unread(&error))?;
    let form = Parameters::of_form(&form).map_err(|error| unread(&error))?;
    if form.has(Kind::Response.field()) {
        return go_on(&at).await;
    }
    let message = form.get(Kind::Request.field()).ok_or_else(|| at.wrong("There is no SAMLRequest."))?;
    let xml = binding::from_post(message).map_err(|error| unread(&error))?;
    follow(&at, &xml, form.get("RelayState")).await
}

/// `GET /{name}/logout`: the person signs out here. Every service provider that they went to is told, one after the other.
pub(super) async fn start(at: At) -> Result<Response, ErrorPage> {
    go_on(&at).await
}

/// Ends the session that a service provider names, and answers it.
async fn follow(at: &At, xml: &str, relay_state: Option<&str>) -> Result<Response, ErrorPage> {
    let document = Document::parse(xml).map_err(|error| at.wrong(&format!("The request is not XML: {error}.")))?;
    let request = LogoutRequest::read(document.root());
    let request = request.map_err(|error| at.wrong(&format!("The request is no LogoutRequest: {error}.")))?;
    let asking = request.header.issuer.ok_or_else(|| at.wrong("The request has no Issuer."))?;
    let own = at.browser.as_deref().map(hash_of);
    let ended = at.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let name = &at.provider.name;
        let of_browser = own.map(|browser| (name.clone(), browser));
        let is_meant = |session: &Session| {
            let knows = session.participants.iter().any(|participant| participant.entity_id == asking);
            knows && (request.session_indexes.is_empty() || request.session_indexes.contains(&session.index))
        };
        let key = of_browser.filter(|key| draft.saml.sessions.get(key).is_some_and(|session| is_meant(session)));
        let ended = key.and_then(|key| draft.saml.sessions.remove(&key));
        Ok((ended, draft.now, new_id(draft.rng())))
    })?;
    let (ended, now, id) = ended;
    let at_it = ended.as_ref().and_then(|session| session.participants.iter().find(|it| it.entity_id == asking));
    let Some(to) = destination(at, &asking, at_it) else {
        return Ok(signed_out(at));
    };
    let header = Header { id, issue_instant: now, destination: Some(to.clone()), issuer: Some(at.entity_id()) };
    let response = StatusResponse { header, in_response_to: Some(request.header.id), status: Status::success() };
    send(at, &to, (Kind::Response, &response.to_logout_response()), relay_state).await
}

/// Tells the next service provider of the browser's session; when there is none left, the session is over.
async fn go_on(at: &At) -> Result<Response, ErrorPage> {
    let Some(browser) = at.browser.as_deref().map(hash_of) else { return Ok(signed_out(at)) };
    let next = at.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let key = (at.provider.name.clone(), browser);
        let Some(session) = draft.saml.sessions.get(&key) else { return Ok(None) };
        let mut session = Session::clone(session);
        let Some(next) = session.participants.pop() else {
            draft.saml.sessions.remove(&key);
            return Ok(None);
        };
        let index = session.index.clone();
        draft.saml.sessions.put(key, session);
        Ok(Some((next, index, draft.now, new_id(draft.rng()))))
    })?;
    let Some((participant, index, now, id)) = next else { return Ok(signed_out(at)) };
    let Some(to) = destination(at, &participant.entity_id, Some(&participant)) else { return Ok(signed_out(at)) };
    let request = LogoutRequest {
        header: Header { id, issue_instant: now, destination: Some(to.clone()), issuer: Some(at.entity_id()) },
        not_on_or_after: Some(now.plus_seconds(LIFETIME)),
        reason: None,
        name_id: participant.name_id,
        session_indexes: vec![index],
    };
    send(at, &to, (Kind::Request, &request.to_xml()), None).await
}

/// Where a service provider is told: as it is registered, else at `/logout` of the server that answers went to, as
/// tenants have it.
fn destination(at: &At, entity_id: &str, participant: Option<&Participant>) -> Option<String> {
    let registered = at.provider.service_providers.iter().find(|known| known.entity_id == entity_id);
    if let Some(slo) = registered.and_then(|known| known.slo.clone()) {
        return Some(slo);
    }
    let acs = Url::parse(participant.map(|it| &it.acs).or(registered.map(|known| &known.acs))?).ok()?;
    acs.join("/logout").ok().map(String::from)
}

/// By redirect, signed.
async fn send(at: &At, to: &str, (kind, xml): (Kind, &str), relay_state: Option<&str>) -> Result<Response, ErrorPage> {
    let key = at.key(0).await?;
    let outgoing = Outgoing { kind, xml, relay_state, deflate: true };
    let location = outgoing.to_url(to, Some(&Signing::with(&key))).map_err(failed)?;
    Ok((StatusCode::FOUND, [(LOCATION, location)]).into_response())
}

fn signed_out(at: &At) -> Response {
    at.said((StatusCode::OK, "You are signed out"), "Signed out", "Nobody is signed in here any more.").into_response()
}
