//! The pages of the fakes: account chooser, consent, error. No scripts, nothing from elsewhere.

use std::sync::Arc;

use askama::Template;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::CONTENT_TYPE;
use axum::http::header::LOCATION;
use axum::http::header::X_FRAME_OPTIONS;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use url::Url;

use crate::http::failure::Failure;
use crate::http::html::page_headers;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Fake;
use crate::upstreams::fake::Permission;

/// No `form-action`: browsers hold it against the redirect to the app that follows a form.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How many accounts a chooser shows.
const MOST_ACCOUNTS: usize = 1000;

/// What every page of a fake shares.
pub(super) struct Frame {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// Before every path.
    pub(super) path: String,
    /// The title of the pages where people sign in.
    pub(super) sign_in: &'static str,
    /// What the button that agrees says.
    pub(super) agree: &'static str,
}

#[derive(Template)]
#[template(path = "upstreams/pages/chooser.html")]
struct Chooser<'a> {
    frame: Frame,
    app: String,
    flow: &'a str,
    accounts: Vec<&'a Arc<Account>>,
    /// How many others there are, to be typed.
    more: usize,
    typed: &'a str,
    problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "upstreams/pages/consent.html")]
struct Consent<'a> {
    frame: Frame,
    app: String,
    flow: &'a str,
    account: &'a Account,
    /// Given and family name, where the person may change what the app is told.
    name: Option<(String, String)>,
    lines: Vec<Line>,
}

struct Line {
    permission: Permission,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "upstreams/pages/error.html")]
struct ErrorTemplate<'a> {
    frame: Frame,
    heading: &'a str,
    title: &'a str,
    detail: &'a str,
}

/// What is shown instead of going on: nobody is sent anywhere.
pub(super) enum ErrorPage {
    Told(Box<Told>),
    Failure(Failure),
}

pub(super) struct Told {
    frame: Frame,
    status: StatusCode,
    heading: &'static str,
    title: String,
    detail: String,
}

/// The page where an account is chosen. `typed` is what was typed or hinted, `problem` what was wrong with it.
pub(super) fn chooser<D: Dialect>(
    fake: &Fake<D>,
    (flow, request): (&str, &Request),
    typed: Option<&str>,
    problem: Option<&str>,
) -> Result<Response, ErrorPage> {
    let state = fake.read();
    let mut accounts = state.accounts_in_order();
    accounts.retain(|account| request.takes(account));
    let typed = typed.unwrap_or_default();
    // The one that the app hints at comes first; the others stay in their order.
    accounts.sort_by_key(|account| !account.is_called(typed));
    let more = accounts.len().saturating_sub(MOST_ACCOUNTS);
    accounts.truncate(MOST_ACCOUNTS);
    let page = Chooser { frame: frame(fake), app: app_name(fake, request), flow, accounts, more, typed, problem };
    Ok(answer(StatusCode::OK, &page)?)
}

/// The page where permissions are given.
pub(super) fn consent<D: Dialect>(
    fake: &Fake<D>,
    (flow, request): (&str, &Request),
    account: &Account,
) -> Result<Response, ErrorPage> {
    let asked = D::to_ask(request, &fake.read().consent(&request.client_id, &account.id));
    let lines = asked.into_iter().map(|permission| {
        let ticked = permission.fixed || account.gives(&permission.value);
        Line { permission, ticked }
    });
    let (name, lines) = (D::name_to_edit(request, account), lines.collect());
    let page = Consent { frame: frame(fake), app: app_name(fake, request), flow, account, name, lines };
    Ok(answer(StatusCode::OK, &page)?)
}

/// A page that only tells something.
pub(super) fn notice<D: Dialect>(fake: &Fake<D>, heading: &str, detail: &str) -> Result<Response, ErrorPage> {
    notice_of(frame(fake), heading, D::PROVIDER.label(), detail)
}

/// The same for a fake that has a frame of its own.
pub(super) fn notice_of(frame: Frame, heading: &str, title: &str, detail: &str) -> Result<Response, ErrorPage> {
    Ok(answer(StatusCode::OK, &ErrorTemplate { frame, heading, title, detail })?)
}

/// `GET /signin/pages.css`.
pub(super) async fn stylesheet() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("pages/pages.css")).into_response()
}

/// Sends the person on. Nothing of it is kept.
pub(super) fn away(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)], page_headers(POLICY)).into_response(),
        Err(_) => Failure::new("send a person on: the address can't stand in a header").into_response(),
    }
}

/// A page with the headers that all have.
///
/// # Errors
/// A [`Failure`] of the template.
pub(super) fn answer(status: StatusCode, page: &impl Template) -> Result<Response, Failure> {
    let page = page.render().map_err(|error| Failure::new(format!("render a page: {error}")))?;
    let no_sniff = (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    let deny = (X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    Ok((status, page_headers(POLICY), [no_sniff, deny], Html(page)).into_response())
}

pub(super) fn frame<D: Dialect>(fake: &Fake<D>) -> Frame {
    let path = fake.base.path().to_owned();
    Frame { name: D::PROVIDER.as_str(), label: D::PROVIDER.label(), path, sign_in: D::SIGN_IN, agree: D::AGREE }
}

/// What the app is called: its registered name, or the host that it has people sent back to.
pub(super) fn app_name<D: Dialect>(fake: &Fake<D>, request: &Request) -> String {
    let name = fake.read().client(&request.client_id).and_then(|client| client.name);
    let host = || Url::parse(&request.redirect_uri).ok().and_then(|url| url.host_str().map(str::to_owned));
    name.or_else(host).unwrap_or_default()
}

impl ErrorPage {
    /// `title` is what the provider calls the error, `detail` says what is wrong.
    pub(super) fn new<D: Dialect>(fake: &Fake<D>, status: StatusCode, title: &str, detail: &str) -> Self {
        Self::of(frame(fake), (status, D::BAD_REQUEST), title, detail)
    }

    /// The same for a fake that has a frame of its own.
    pub(super) fn of(frame: Frame, (status, heading): (StatusCode, &'static str), title: &str, detail: &str) -> Self {
        let (title, detail) = (title.to_owned(), detail.to_owned());
        Self::Told(Box::new(Told { frame, status, heading, title, detail }))
    }

    /// For a form of a page that was left lying, or of another browser.
    pub(super) fn stale<D: Dialect>(fake: &Fake<D>) -> Self {
        let mut page = Self::new(
            fake,
            StatusCode::BAD_REQUEST,
            "This page is out of date",
            "It was opened too long ago, used before, or belongs to another browser. Go back to the app and sign in again.",
        );
        if let Self::Told(told) = &mut page {
            told.heading = "Something went wrong";
        }
        page
    }
}

impl From<Failure> for ErrorPage {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        let told = match self {
            Self::Failure(failure) => return failure.into_response(),
            Self::Told(told) => *told,
        };
        let page = ErrorTemplate { frame: told.frame, heading: told.heading, title: &told.title, detail: &told.detail };
        answer(told.status, &page).unwrap_or_else(IntoResponse::into_response)
    }
}
