//! The way through a provider's pages: a request comes, an account is chosen, the answer goes.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use crate::http::parameters::Parameters;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header::new_id;
use crate::upstreams::page_form::PageForm;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::answer;
use crate::upstreams::saml::answer::Outcome;
use crate::upstreams::saml::assertion::is_known_format;
use crate::upstreams::saml::message::Message;
use crate::upstreams::saml::pages;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::request;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::saml::state::Dialog;
use crate::upstreams::saml::state::SESSION;
use crate::upstreams::saml::state::Session;
use crate::upstreams::saml::wrong::Wrong;
use crate::upstreams::state::hash_of;

/// What stands in the way of somebody whose page is of another time or browser.
const STALE: &str = "This page was opened too long ago, used before, or belongs to another browser. Go back to the app and sign in again.";

/// `GET /{name}/sso`: the redirect binding. `wrong` in the query makes this answer wrong.
pub(super) async fn by_redirect(at: At, RawQuery(query): RawQuery) -> Result<Response, ErrorPage> {
    let query = query.unwrap_or_default();
    let message = Message::of_query(&at, &query)?;
    take(&at, message, &query).await
}

/// `POST /{name}/sso`: the POST binding.
pub(super) async fn by_post(at: At, RawQuery(query): RawQuery, body: Body) -> Result<Response, ErrorPage> {
    let message = Message::of_form(&at, body).await?;
    take(&at, message, &query.unwrap_or_default()).await
}

async fn take(at: &At, message: Message, query: &str) -> Result<Response, ErrorPage> {
    if message.kind != Kind::Request {
        return Err(at.wrong("There is a SAMLResponse where a SAMLRequest is wanted."));
    }
    let asked = Asked::read(&message.xml, &at.url("/sso"), &at.provider).map_err(|error| at.wrong(&error))?;
    let (wrong, relay_state) = (wrong_of(at, query)?.or(asked.wrong), message.relay_state.clone());
    let asked = Asked { relay_state, wrong, ..asked };
    if let Err(why) = message.check_signature(&at.provider.certificates_of(&asked.audience)) {
        return answer::send(at, &asked, Outcome::Refused(&format!("The request was refused: {why}."))).await;
    }
    if asked.format.as_deref().is_some_and(|format| !is_known_format(format)) {
        return answer::send(at, &asked, Outcome::NoSuchName).await;
    }
    begin(at, asked).await
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
    if at.upstreams.now() >= session.since.plus(SESSION) {
        return None;
    }
    Some((Arc::clone(at.provider.account(&session.account)?), Session::clone(session)))
}

/// `POST /{name}/signin/chooser`: an account was chosen, or its address typed, or what the answer is to do wrong.
pub(super) async fn choose(at: At, form: PageForm) -> Result<Response, ErrorPage> {
    let browser = hash_of(at.browser.as_deref().unwrap_or_default());
    let state = at.upstreams.read();
    let dialog = state.saml.dialog(&form.flow, (&at.provider.name, browser), at.upstreams.now());
    let dialog = dialog.cloned().ok_or_else(|| at.wrong(STALE))?;
    if let Some(name) = &form.wrong {
        return choose_wrong(&at, &form.flow, (dialog, name));
    }
    let asked = dialog.asked;
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
    let session = at.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let (index, since) = (new_id(draft.rng()), draft.now);
        let session = Session { account: person.id.clone(), index, since, participants: Vec::new() };
        draft.saml.put_session((at.provider.name.clone(), browser), session.clone());
        draft.saml.close_dialog(&form.flow);
        Ok(session)
    })?;
    answer::send(&at, &asked, Outcome::Person(person, &session)).await
}

/// Notes what the answer is to do wrong; an empty name is nothing.
fn choose_wrong(at: &At, flow: &str, (mut dialog, name): (Dialog, &str)) -> Result<Response, ErrorPage> {
    dialog.asked.wrong = Wrong::of(name);
    let asked = dialog.asked.clone();
    at.upstreams.write(|draft| {
        draft.saml.put_dialog(flow, dialog);
        Ok::<_, ErrorPage>(())
    })?;
    pages::chooser(at, (flow, &asked), asked.hint.as_deref(), None)
}

fn close(at: &At, flow: &str) -> Result<(), ErrorPage> {
    at.upstreams.write(|draft| {
        draft.saml.close_dialog(flow);
        Ok(())
    })
}
