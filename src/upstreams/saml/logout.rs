//! Single logout: a service provider or the person ends a session, and every service provider where it is used hears of it,
//! one after the other. Source: SAML 2.0 Profiles §4.4; spec/enterprise.md §3.5.

use axum::body::Body;
use axum::extract::RawQuery;
use axum::response::Response;

use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::header::new_id;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::names::status;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::xml::Document;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::message::Going;
use crate::upstreams::saml::message::Message;
use crate::upstreams::saml::pages;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::request::is_at;
use crate::upstreams::saml::state::Asker;
use crate::upstreams::saml::state::Participant;
use crate::upstreams::saml::state::Parting;
use crate::upstreams::saml::state::Session;
use crate::upstreams::state::SecretHash;
use crate::upstreams::state::hash_of;

/// `GET /{name}/slo`: the redirect binding.
pub(super) async fn by_redirect(at: At, RawQuery(query): RawQuery) -> Result<Response, ErrorPage> {
    let message = Message::of_query(&at, &query.unwrap_or_default())?;
    take(&at, message).await
}

/// `POST /{name}/slo`: the POST binding.
pub(super) async fn by_post(at: At, body: Body) -> Result<Response, ErrorPage> {
    let message = Message::of_form(&at, body).await?;
    take(&at, message).await
}

/// `GET /{name}/logout`: the person signs out here.
pub(super) async fn here(at: At) -> Result<Response, ErrorPage> {
    let key = at.browser.as_deref().map(|browser| (at.provider.name.clone(), hash_of(browser)));
    let session =
        key.as_ref().and_then(|key| at.upstreams.read().saml.sessions.get(key).map(|one| Session::clone(one)));
    let Some((key, session)) = key.zip(session) else { return pages::signed_out(&at, "Nobody was signed in here.") };
    end(&at, Some((key, session)), |_| true, None).await
}

async fn take(at: &At, message: Message) -> Result<Response, ErrorPage> {
    let document =
        Document::parse(&message.xml).map_err(|error| at.wrong(&format!("The message is not XML: {error}.")))?;
    match message.kind {
        Kind::Request => {
            let request = LogoutRequest::read(document.root());
            let request = request.map_err(|error| at.wrong(&format!("The request is no LogoutRequest: {error}.")))?;
            asked(at, &message, request).await
        }
        Kind::Response => {
            let response = StatusResponse::read_logout(document.root());
            let response = response.map_err(|error| at.wrong(&format!("The answer is no LogoutResponse: {error}.")))?;
            answered(at, &message, &response).await
        }
    }
}

/// A service provider ends a session.
async fn asked(at: &At, message: &Message, request: LogoutRequest) -> Result<Response, ErrorPage> {
    let audience = request.header.issuer.clone().ok_or_else(|| at.wrong("The request has no Issuer."))?;
    let found = find(at, &request);
    let is_own = |participant: &Participant| participant.audience == audience;
    let own = found.as_ref().and_then(|(_, session)| session.participants.iter().find(|one| is_own(one)));
    let acs = own.map(|own| own.acs.clone()).unwrap_or_default();
    let Some((location, _)) = at.provider.logout_of(&audience, &acs) else {
        let detail = format!(
            "It is not known where {audience:?} takes a LogoutResponse: register it with `slo` in upstreams/saml.yaml."
        );
        return Err(at.wrong(&detail));
    };
    let asker = Asker {
        request: request.header.id.clone(),
        relay_state: message.relay_state.clone(),
        location: (location, message.is_posted()),
    };
    let refused = |why: &str| Status::failure(status::REQUESTER, Some(status::REQUEST_DENIED), Some(why));
    if let Err(why) = message.check_signature(&at.provider.certificates_of(&audience)) {
        return answer(at, &asker, refused(&format!("The request was refused: {why}."))).await;
    }
    let is_elsewhere = request.header.destination.as_deref().is_some_and(|url| !is_at(url, &at.url("/slo")));
    if is_elsewhere {
        return answer(at, &asker, refused("The request's Destination is another address.")).await;
    }
    if request.not_on_or_after.is_some_and(|until| at.upstreams.now() >= until) {
        return answer(at, &asker, refused("The request has expired.")).await;
    }
    let named = own.is_none_or(|own| own.name_id.value == request.name_id.value);
    if !named {
        let unknown = Status::failure(status::REQUESTER, Some(status::UNKNOWN_PRINCIPAL), None);
        return answer(at, &asker, unknown).await;
    }
    end(at, found, |participant| !is_own(participant), Some(asker)).await
}

/// The session that is meant: by its name in assertions, for a browser tells no cookie where another site posts; else the
/// browser's.
fn find(at: &At, request: &LogoutRequest) -> Option<((String, SecretHash), Session)> {
    let state = at.upstreams.read();
    let mut by_index = request.session_indexes.iter().take(10);
    let found = by_index.find_map(|index| state.saml.session_of(&at.provider.name, index));
    found.or_else(|| {
        let key = (at.provider.name.clone(), hash_of(at.browser.as_deref()?));
        let session = state.saml.sessions.get(&key).map(|one| Session::clone(one))?;
        Some((key, session))
    })
}

/// Ends a session, and tells those where it is used.
async fn end(
    at: &At,
    found: Option<((String, SecretHash), Session)>,
    tell: impl Fn(&Participant) -> bool,
    asker: Option<Asker>,
) -> Result<Response, ErrorPage> {
    let (index, participants) = match found {
        Some((key, session)) => {
            at.upstreams.write(|draft| Ok::<_, ErrorPage>(draft.saml.sessions.remove(&key)))?;
            (session.index, session.participants)
        }
        None => Default::default(),
    };
    let left = participants.into_iter().filter(tell).collect();
    let (provider, began) = (at.provider.name.clone(), at.upstreams.now());
    go_on(at, Parting { provider, index, left, asker, partial: false, began }).await
}

/// A service provider has ended the session, or not.
async fn answered(at: &At, message: &Message, response: &StatusResponse) -> Result<Response, ErrorPage> {
    let handle = message.relay_state.as_deref().unwrap_or_default();
    let taken = at.upstreams.write(|draft| {
        let now = draft.now;
        Ok::<_, ErrorPage>(draft.saml.take_parting(handle, &at.provider.name, now))
    })?;
    let parting = taken.ok_or_else(|| at.wrong("Nobody here waits for this LogoutResponse, or no more."))?;
    let partial = parting.partial || !response.status.is_success();
    go_on(at, Parting { partial, ..parting }).await
}

/// Tells the next one, or ends with an answer to who asked.
async fn go_on(at: &At, mut parting: Parting) -> Result<Response, ErrorPage> {
    while let Some(next) = parting.left.pop() {
        match at.provider.logout_of(&next.audience, &next.acs) {
            Some(to) => return tell(at, &next, to, parting).await,
            None => parting.partial = true,
        }
    }
    let Some(asker) = &parting.asker else {
        let detail = if parting.partial {
            "You are signed out here. Not every app could be told."
        } else {
            "You are signed out, here and at the apps that you used."
        };
        return pages::signed_out(at, detail);
    };
    let status = if parting.partial {
        Status::failure(status::RESPONDER, Some(status::PARTIAL_LOGOUT), None)
    } else {
        Status::success()
    };
    answer(at, asker, status).await
}

/// Sends a `LogoutRequest` to a service provider; what is left waits for its answer.
async fn tell(at: &At, to: &Participant, location: (String, bool), parting: Parting) -> Result<Response, ErrorPage> {
    let session_indexes = vec![parting.index.clone()];
    let (id, handle, now) = at.upstreams.write(|draft| {
        let (id, handle) = (new_id(draft.rng()), draft.rng().url_safe(43));
        draft.saml.put_parting(&handle, parting);
        Ok::<_, ErrorPage>((id, handle, draft.now))
    })?;
    let (url, by_post) = location;
    let request = LogoutRequest {
        header: Header {
            id: id.clone(),
            issue_instant: now,
            destination: Some(url.clone()),
            issuer: Some(at.entity_id()),
        },
        not_on_or_after: Some(now.plus_seconds(300)),
        reason: None,
        name_id: to.name_id.clone(),
        session_indexes,
    };
    let xml = request.to_xml();
    let going = Going { kind: Kind::Request, xml: &xml, id: &id, relay_state: Some(&handle), by_post };
    going.send(at, &url).await
}

/// Sends a `LogoutResponse` to who asked.
async fn answer(at: &At, asker: &Asker, status: Status) -> Result<Response, ErrorPage> {
    let (id, now) = at.upstreams.write(|draft| Ok::<_, ErrorPage>((new_id(draft.rng()), draft.now)))?;
    let (url, by_post) = &asker.location;
    let header =
        Header { id: id.clone(), issue_instant: now, destination: Some(url.clone()), issuer: Some(at.entity_id()) };
    let response = StatusResponse { header, in_response_to: Some(asker.request.clone()), status };
    let xml = response.to_logout_response();
    let (relay_state, by_post) = (asker.relay_state.as_deref(), *by_post);
    Going { kind: Kind::Response, xml: &xml, id: &id, relay_state, by_post }.send(at, url).await
}
