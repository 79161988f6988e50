//! The way through a provider's pages: a request comes, an account is chosen, the answer goes.

use std::sync::Arc;

use axum::extract::RawQuery;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use crate::http::body;
use crate::http::parameters::Parameters;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header::new_id;
use crate::protocols::saml::redirect::Incoming;
use crate::upstreams::page_form::PageForm;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::answer;
use crate::upstreams::saml::answer::Outcome;
use crate::upstreams::saml::pages;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::request;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::saml::state::Dialog;
use crate::upstreams::saml::state::Session;
use crate::upstreams::saml::wrong::Wrong;
use crate::upstreams::state::hash_of;

/// What stands in the way of somebody whose page is of another time or browser.
const STALE: &str = "This page was opened too long ago, used before, or belongs to another browser. Go back to the app and sign in again.";

/// `GET /{name}/sso`: the redirect binding. `wrong` in the query makes this answer wrong.
pub(super) async fn by_redirect(at: At, RawQuery(query): RawQuery) -> Result<Response, ErrorPage> {
    let query = query.unwrap_or_default();
    let incoming = Incoming::read(&query).map_err(|error| at.wrong(&format!("The request can't be read: {error}.")))?;
    if incoming.kind != Kind::Request {
        return Err(at.wrong("There is a SAMLResponse where a SAMLRequest is wanted."));
    }
    let asked = Asked::read(&incoming.xml, &at.url("/sso"), &at.provider).map_err(|error| at.wrong(&error))?;
    let wrong = wrong_of(&at, &query)?;
    begin(&at, Asked { relay_state: incoming.relay_state, wrong: wrong.or(asked.wrong), ..asked }).await
}

/// `POST /{name}/sso`: the POST binding.
pub(super) async fn by_post(at: At, RawQuery(query): RawQuery, body: axum::body::Body) -> Result<Response, ErrorPage> {
    let unread = |error: &dyn std::fmt::Display| at.wrong(&format!("The request can't be read: {error}."));
    let form = body::read(body, body::MOST_BYTES).await.map_err(|error| unread(&error))?;
    let form = Parameters::of_form(&form).map_err(|error| unread(&error))?;
    let message = form.get("SAMLRequest").ok_or_else(|| at.wrong("There is no SAMLRequest."))?;
    let xml = binding::from_post(message).map_err(|error| unread(&error))?;
    let asked = Asked::read(&xml, &at.url("/sso"), &at.provider).map_err(|error| at.wrong(&error))?;
    let wrong = wrong_of(&at, &query.unwrap_or_default())?;
    let relay_state = form.get("RelayState").map(str::to_owned);
    begin(&at, Asked { relay_state, wrong: wrong.or(asked.wrong), ..asked }).await
}

/// `GET /{name}/start?sp=ENTITY&acs=URL`: a login that begins here. `RelayState` and `wrong` may be told too.
pub(super) async fn unasked(at: At, RawQuery(query): RawQuery) -> Result<Response, ErrorPage> {
    let query = query.unwrap_or_default();
    let parameters = Parameters::of_form(query.as_bytes());
    let parameters = parameters.map_err(|error| at.wrong(&format!("The address can't be read: {error}.")))?;
    let audience = parameters.get("sp");
    let audience = audience.ok_or_else(|| at.wrong("There is no `sp`, the entity id of the service provider."))?;
    let acs = request::acs(&at.provider, audience, parameters.get("acs")).map_err(|error| at.wrong(&error))?;
    let asked = Asked {
        audience: audience.to_owned(),
        acs,
        relay_state: parameters.get("RelayState").map(str::to_owned),
        wrong: wrong_of(&at, &query)?.or(at.provider.wrong),
        ..Asked::default()
    };
    begin(&at, asked).await
}

/// What this answer shall do wrong.
fn wrong_of(at: &At, query: &str) -> Result<Option<Wrong>, ErrorPage> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let Some((_, name)) = pairs.find(|(key, _)| key == "wrong") else { return Ok(None) };
    let unknown = || at.wrong(&format!("`wrong` is {name:?}; expected one of {}.", Wrong::names()));
    Wrong::of(&name).map(Some).ok_or_else(unknown)
}

/// Who is signed in goes on at once; else the chooser is shown.
async fn begin(at: &At, asked: Asked) -> Result<Response, ErrorPage> {
    if !asked.force
        && let Some((person, session)) = signed_in(at)
    {
        return answer::send(at, &asked, Outcome::Person(&person, &session)).await;
    }
    if asked.passive {
        return answer::send(at, &asked, Outcome::NoPassive).await;
    }
    let (handle, browser) = at.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let browser = at.browser.clone().unwrap_or_else(|| draft.rng().url_safe(43));
        let (handle, began) = (draft.rng().url_safe(43), draft.now);
        let provider = at.provider.name.clone();
        let dialog = Dialog { provider, browser: hash_of(&browser), asked: asked.clone(), began };
        draft.saml.put_dialog(&handle, dialog);
        Ok((handle, browser))
    })?;
    let mut response = pages::chooser(at, (&handle, &asked), asked.hint.as_deref(), None)?;
    if let Some(cookie) = at.cookie(&browser).filter(|_| at.browser.is_none()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn signed_in(at: &At) -> Option<(Arc<Person>, Session)> {
    let browser = hash_of(at.browser.as_deref()?);
    let state = at.upstreams.read();
    let session = state.saml.sessions.get(&(at.provider.name.clone(), browser))?;
    Some((Arc::clone(at.provider.account(&session.account)?), Session::clone(session)))
}

/// `POST /{name}/signin/chooser`: an account was chosen, or its address typed.
pub(super) async fn choose(at: At, form: PageForm) -> Result<Response, ErrorPage> {
    let browser = hash_of(at.browser.as_deref().unwrap_or_default());
    let state = at.upstreams.read();
    let dialog = state.saml.dialog(&form.flow, (&at.provider.name, browser), at.upstreams.now());
    let asked = dialog.map(|dialog| dialog.asked.clone()).ok_or_else(|| at.wrong(STALE))?;
    let denied = form.action.as_deref() == Some("deny");
    let person = match &form.account {
        Some(id) => at.provider.account(id),
        None => at.provider.account_called(form.identifier.as_deref().unwrap_or_default()),
    };
    let Some(person) = person.filter(|_| !denied) else {
        if !denied {
            let problem = Some("Nobody here has that name or address.");
            return pages::chooser(&at, (&form.flow, &asked), form.identifier.as_deref(), problem);
        }
        close(&at, &form.flow)?;
        return answer::send(&at, &asked, Outcome::Declined).await;
    };
    let browser_key = (at.provider.name.clone(), browser);
    let session = at.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let (index, since) = (new_id(draft.rng()), draft.now);
        let session = Session { account: person.id.clone(), index, since, participants: Vec::new() };
        draft.saml.sessions.put(browser_key.clone(), session.clone());
        draft.saml.close_dialog(&form.flow);
        Ok(session)
    })?;
    answer::send(&at, &asked, Outcome::Person(person, &session)).await
}

fn close(at: &At, flow: &str) -> Result<(), ErrorPage> {
    at.upstreams.write(|draft| {
        draft.saml.close_dialog(flow);
        Ok(())
    })
}
