//! The way through a fake's pages: choose an account, agree or not, go back to the app.

use std::sync::Arc;

use axum::Router;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;

use crate::cell::Draft;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Dialog;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Back;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Fake;
use crate::upstreams::fake::Permission;
use crate::upstreams::page_form::PageForm;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::pictures;
use crate::upstreams::state::FakeState;
use crate::upstreams::state::UpstreamState;
use crate::upstreams::state::hash_of;

/// The pages that every fake has.
pub(super) fn router<D: Dialect>() -> Router {
    Router::new()
        .route("/signin/chooser", post(choose::<D>))
        .route("/signin/consent", get(ask::<D>).post(decide::<D>))
        .route("/signin/pages.css", get(pages::stylesheet))
        .route("/signin/avatars/{id}", get(pictures::avatar::<D>))
}

/// What may be shown to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    AsNeeded,
    /// The person chooses an account even if one is signed in.
    Account,
    /// Nothing (`prompt=none`).
    Never,
}

/// How a person gets on.
enum Next {
    /// Back to the app with an answer; who signed in, if somebody did.
    App(String, Option<Arc<Account>>),
    /// To the page with this handle.
    Chooser(String),
    Consent(String),
}

/// Begins a dialog for a request that was checked. An account that is signed in (`hint` names one of several) is
/// taken without asking if nothing new is asked for.
pub(super) async fn begin<D: Dialect>(
    fake: &Fake<D>,
    request: &Request,
    (prompt, hint): (Prompt, Option<&str>),
) -> Result<Response, ErrorPage> {
    if fake.declines(request, None) {
        let answer = D::cancelled_at_sign_in(request);
        return D::send(fake, Back { request, answer, account: None }).await;
    }
    let (next, browser) = fake.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let browser = fake.browser.clone().unwrap_or_else(|| draft.rng().url_safe(43));
        let chosen = (prompt != Prompt::Account).then(|| signed_in(draft.of(D::PROVIDER), &browser, (request, hint)));
        let next = match chosen.flatten() {
            Some(account) if fake.declines(request, Some(&account)) => Next::App(D::cancelled(request), None),
            Some(account) if !asks::<D>(draft, request, &account) => {
                Next::App(D::answer(draft, request, &account, false), Some(account))
            }
            None if prompt == Prompt::Never => Next::App(D::stuck_at_sign_in(request), None),
            Some(_) if prompt == Prompt::Never => Next::App(D::stuck(request), None),
            chosen => {
                let (handle, now) = (draft.rng().url_safe(43), draft.now);
                let chosen = chosen.map(|account| account.id.clone());
                let dialog = Dialog::new(hash_of(&browser), request.clone(), chosen, now);
                let shown = if dialog.account.is_some() { Next::Consent } else { Next::Chooser };
                draft.of_mut(D::PROVIDER).put_dialog(&handle, dialog, now);
                shown(handle)
            }
        };
        Ok((next, browser))
    })?;
    let mut response = match next {
        Next::Chooser(handle) => pages::chooser(fake, (&handle, request), hint, None)?,
        Next::Consent(handle) => pages::away(&consent_address(fake, &handle)),
        Next::App(answer, account) => D::send(fake, Back { request, answer, account }).await?,
    };
    if let Some(cookie) = fake.cookie(&browser).filter(|_| fake.browser.is_none()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /signin/chooser`: an account was chosen, or its address typed.
async fn choose<D: Dialect>(fake: Fake<D>, form: PageForm) -> Result<Response, ErrorPage> {
    let dialog = dialog(&fake, &form)?;
    if form.action.as_deref() == Some("deny") {
        return deny(&fake, &form, &dialog.request, D::cancelled_at_sign_in(&dialog.request)).await;
    }
    let Some(account) = named(&fake, &form).filter(|account| dialog.request.takes(account)) else {
        let typed = form.identifier.as_deref();
        let elsewhere = D::elsewhere(&fake, (&form.flow, &dialog.request), typed.unwrap_or_default());
        if let Some(page) = elsewhere {
            return page;
        }
        return pages::chooser(&fake, (&form.flow, &dialog.request), typed, Some(D::NO_SUCH_ACCOUNT));
    };
    if fake.declines(&dialog.request, Some(&account)) {
        return deny(&fake, &form, &dialog.request, D::cancelled(&dialog.request)).await;
    }
    let next = fake.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let asks = asks::<D>(draft, &dialog.request, &account);
        let state = draft.of_mut(D::PROVIDER);
        state.sign_in(dialog.browser, &account.id, D::ONE_AT_A_TIME);
        if asks {
            state.put_dialog(&form.flow, dialog.chosen(&account.id), fake.now());
            return Ok(None);
        }
        state.close_dialog(&form.flow);
        Ok(Some(D::answer(draft, &dialog.request, &account, false)))
    })?;
    match next {
        Some(answer) => D::send(&fake, Back { request: &dialog.request, answer, account: Some(account) }).await,
        None => Ok(pages::away(&consent_address(&fake, &form.flow))),
    }
}

/// The account that was pressed, or whose name was typed.
fn named<D: Dialect>(fake: &Fake<D>, form: &PageForm) -> Option<Arc<Account>> {
    let state = fake.read();
    let found = match &form.account {
        Some(id) => state.accounts.get(id),
        None => state.account_called(form.identifier.as_deref().unwrap_or_default()),
    };
    found.cloned()
}

/// `GET /signin/consent?flow=`: what the app asks for.
async fn ask<D: Dialect>(fake: Fake<D>, form: PageForm) -> Result<Response, ErrorPage> {
    let dialog = dialog(&fake, &form)?;
    let account = chosen(&fake, &dialog)?;
    pages::consent(&fake, (&form.flow, &dialog.request), &account)
}

/// `POST /signin/consent`: what the person agrees to.
async fn decide<D: Dialect>(fake: Fake<D>, form: PageForm) -> Result<Response, ErrorPage> {
    let dialog = dialog(&fake, &form)?;
    let account = chosen(&fake, &dialog)?;
    match form.action.as_deref() {
        Some("accept") => {}
        Some("deny") => return deny(&fake, &form, &dialog.request, D::cancelled(&dialog.request)).await,
        Some("switch") => return pages::chooser(&fake, (&form.flow, &dialog.request), None, None),
        _ => return Err(ErrorPage::stale(&fake)),
    }
    let answer = fake.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let state = draft.of_mut(D::PROVIDER);
        let client_id = &dialog.request.client_id;
        let asked = D::to_ask(&dialog.request, &state.consent(client_id, &account.id));
        let (given, declined): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|permission| permission.fixed || form.permissions.contains(&permission.value));
        state.decide(client_id, &account.id, &values(given), &values(declined));
        D::decided(state, &dialog.request, &account, &form);
        state.close_dialog(&form.flow);
        Ok(D::answer(draft, &dialog.request, &account, true))
    })?;
    D::send(&fake, Back { request: &dialog.request, answer, account: Some(account) }).await
}

/// Ends a dialog with an answer that is no.
pub(super) async fn deny<D: Dialect>(
    fake: &Fake<D>,
    form: &PageForm,
    request: &Request,
    answer: String,
) -> Result<Response, ErrorPage> {
    let Ok(()) = fake.upstreams.write(|draft| -> Result<_, std::convert::Infallible> {
        draft.of_mut(D::PROVIDER).close_dialog(&form.flow);
        Ok(())
    });
    D::send(fake, Back { request, answer, account: None }).await
}

/// The dialog that a form belongs to, if this browser began it and it was not left lying.
pub(super) fn dialog<D: Dialect>(fake: &Fake<D>, form: &PageForm) -> Result<Dialog, ErrorPage> {
    let browser = fake.browser.as_deref().unwrap_or_default();
    fake.read().dialog(&form.flow, browser, fake.now()).ok_or_else(|| ErrorPage::stale(fake))
}

fn chosen<D: Dialect>(fake: &Fake<D>, dialog: &Dialog) -> Result<Arc<Account>, ErrorPage> {
    let state = fake.read();
    let account = dialog.account.as_ref().and_then(|id| state.accounts.get(id));
    account.cloned().ok_or_else(|| ErrorPage::stale(fake))
}

/// The account signed in at the browser that may be taken: the one that `hint` names, or the only one.
fn signed_in(state: &FakeState, browser: &str, (request, hint): (&Request, Option<&str>)) -> Option<Arc<Account>> {
    let accounts = state.signed_in(browser);
    let mut fitting = accounts.iter().filter_map(|id| state.accounts.get(id)).filter(|account| request.takes(account));
    match hint {
        Some(hint) => fitting.find(|account| account.is_called(hint)).cloned(),
        None => fitting.next().filter(|_| fitting.next().is_none()).cloned(),
    }
}

/// Whether the consent page must be shown.
fn asks<D: Dialect>(draft: &Draft<UpstreamState>, request: &Request, account: &Account) -> bool {
    let consent = draft.of(D::PROVIDER).consent(&request.client_id, &account.id);
    !D::to_ask(request, &consent).is_empty()
}

/// Without the authority: the person stays at the host that was asked.
fn consent_address<D: Dialect>(fake: &Fake<D>, handle: &str) -> String {
    format!("{}/signin/consent?flow={handle}", fake.base.path())
}

fn values(permissions: Vec<Permission>) -> Vec<String> {
    permissions.into_iter().map(|permission| permission.value).collect()
}
