//! The page where an organization's people type their name and password. What they are asked for, an administrator has
//! agreed to for all of them: there is no page of permissions. Source: spec/upstreams.md §4.

use std::convert::Infallible;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use crate::cell::Draft;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Dialog;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Dialect as _;
use crate::upstreams::microsoft::Microsoft;
use crate::upstreams::microsoft::dialect::MicrosoftDialect;
use crate::upstreams::microsoft::error::SignInError;
use crate::upstreams::microsoft::organization::Organization;
use crate::upstreams::microsoft::organization::people;
use crate::upstreams::page_form::PageForm;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::pages::Frame;
use crate::upstreams::provider::Provider;
use crate::upstreams::sign_in;
use crate::upstreams::sign_in::Prompt;
use crate::upstreams::state::UpstreamState;
use crate::upstreams::state::hash_of;

/// The longest name and password that anybody has.
const MOST_BYTES: usize = 1024;

#[derive(Template)]
#[template(path = "upstreams/pages/entra.html")]
struct Page<'a> {
    frame: Frame,
    app: String,
    flow: &'a str,
    typed: &'a str,
    problem: Option<&'a SignInError>,
}

/// How a person gets on.
enum Next {
    /// Back to the app with an answer.
    App(String),
    /// To the page with this handle.
    Page(String),
}

/// Whether a request is for somebody of the organization: nobody else may come in, or the hint names them, or they are
/// who signed in at the browser last.
pub(in crate::upstreams::microsoft) fn is_for(microsoft: &Microsoft, request: &Request, hint: Option<&str>) -> bool {
    let state = microsoft.upstreams.read();
    let Some(organization) = Organization::of(&state) else { return false };
    match (request.domain.as_deref(), hint) {
        (Some(domain), _) => domain == organization.id,
        (None, Some(hint)) => people::called(&state, hint).is_some(),
        (None, None) => {
            let browser = microsoft.browser.as_deref().unwrap_or_default();
            let browser = state.of(Provider::Microsoft).browsers.get(&hash_of(browser));
            let last = browser.and_then(|browser| browser.accounts.first());
            last.is_some_and(|id| people::with_id(&state, id).is_some())
        }
    }
}

/// Begins a dialog for a request that was checked. Who is signed in is taken without asking.
pub(in crate::upstreams::microsoft) async fn begin(
    microsoft: &Microsoft,
    request: &Request,
    (prompt, hint): (Prompt, Option<&str>),
) -> Result<Response, ErrorPage> {
    if microsoft.declines(request, None) {
        return Ok(pages::away(&MicrosoftDialect::cancelled_at_sign_in(request)));
    }
    let Ok((next, browser)) = microsoft.upstreams.write(|draft| -> Result<_, Infallible> {
        let browser = microsoft.browser.clone().unwrap_or_else(|| draft.rng().url_safe(43));
        let asks = prompt == Prompt::Account;
        let known = if asks { None } else { people::signed_in(draft, (&browser, hint), draft.now) };
        let next = match known {
            Some(person) => Next::App(answered(microsoft, draft, (request, &person))),
            None if prompt == Prompt::Never => Next::App(MicrosoftDialect::stuck_at_sign_in(request)),
            None => {
                let (handle, now) = (draft.rng().url_safe(43), draft.now);
                let dialog = Dialog::new(hash_of(&browser), request.clone(), None, now);
                draft.of_mut(Provider::Microsoft).put_dialog(&handle, dialog, now);
                Next::Page(handle)
            }
        };
        Ok((next, browser))
    });
    let mut response = match next {
        Next::App(answer) => pages::away(&answer),
        Next::Page(handle) => page(microsoft, (&handle, request), hint.unwrap_or_default(), None)?,
    };
    if let Some(cookie) = microsoft.cookie(&browser).filter(|_| microsoft.browser.is_none()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /signin/password`: a name and a password.
pub(in crate::upstreams::microsoft) async fn submit(
    microsoft: Microsoft,
    form: PageForm,
) -> Result<Response, ErrorPage> {
    let dialog = sign_in::dialog(&microsoft, &form)?;
    let request = &dialog.request;
    if form.action.as_deref() == Some("deny") {
        return sign_in::deny(&microsoft, &form, request, MicrosoftDialect::cancelled_at_sign_in(request)).await;
    }
    let typed = form.identifier.as_deref().unwrap_or_default();
    let password = form.password.as_deref().unwrap_or_default();
    // What is noted of a wrong password stays.
    let Ok(answer) = microsoft.upstreams.write(|draft| -> Result<_, Infallible> {
        let now = draft.now;
        if typed.len().max(password.len()) > MOST_BYTES || !takes(draft, request) {
            return Ok(Err(SignInError::UnknownUser));
        }
        Ok(people::authenticate(draft, (typed, password), now).map(|person| {
            let state = draft.of_mut(Provider::Microsoft);
            state.sign_in(dialog.browser, &person.id, MicrosoftDialect::ONE_AT_A_TIME);
            state.close_dialog(&form.flow);
            answered(&microsoft, draft, (request, &person))
        }))
    });
    match answer {
        Ok(answer) => Ok(pages::away(&answer)),
        Err(refusal) => page(&microsoft, (&form.flow, request), typed, Some(&refusal)),
    }
}

/// The page, with what was wrong with what was typed.
pub(in crate::upstreams::microsoft) fn page(
    microsoft: &Microsoft,
    (flow, request): (&str, &Request),
    typed: &str,
    problem: Option<&SignInError>,
) -> Result<Response, ErrorPage> {
    let frame = Frame { sign_in: "Sign in to your account", ..pages::frame(microsoft) };
    let page = Page { frame, app: pages::app_name(microsoft, request), flow, typed, problem };
    Ok(pages::answer(StatusCode::OK, &page)?)
}

/// Whether an organization's people may be signed in for what the app asked.
fn takes(state: &UpstreamState, request: &Request) -> bool {
    let wanted = request.domain.as_deref();
    Organization::of(state).is_some_and(|organization| wanted.is_none_or(|wanted| wanted == organization.id))
}

fn answered(
    microsoft: &Microsoft,
    draft: &mut Draft<UpstreamState>,
    (request, person): (&Request, &Account),
) -> String {
    if microsoft.declines(request, Some(person)) {
        return MicrosoftDialect::cancelled(request);
    }
    MicrosoftDialect::answer(draft, request, person, false)
}
