//! A provider as a request finds it, and its pages.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Response;
use cookie::SameSite;

use crate::http::address::Address;
use crate::http::cookies;
use crate::http::cookies::CookieScope;
use crate::http::cookies::Reach;
use crate::http::extension::extension;
use crate::http::failure::Failure;
use crate::http::faults::behaviours::Behaviour;
use crate::http::faults::behaviours::Behaviours;
use crate::keys::rsa_key::RsaKey;
use crate::upstreams::handle::Upstreams;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::pages::Frame;
use crate::upstreams::pictures;
use crate::upstreams::saml::metadata::failed;
use crate::upstreams::saml::otherwise::CHANGED;
use crate::upstreams::saml::provider::IdentityProvider;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::saml::wrong::Wrong;

/// How many accounts a chooser shows.
const MOST_ACCOUNTS: usize = 1000;

/// A provider at the address where it was asked, with the browser that asks.
pub(super) struct At {
    pub(super) upstreams: Upstreams,
    pub(super) provider: Arc<IdentityProvider>,
    /// The browser's secret, if it has one.
    pub(super) browser: Option<String>,
    /// What it does differently because a test asked for it.
    pub(super) behaviours: Behaviours,
    address: Address,
    scope: CookieScope,
}

#[derive(Template)]
#[template(path = "upstreams/pages/saml.html")]
struct Chooser<'a> {
    frame: Frame,
    app: String,
    flow: &'a str,
    accounts: Vec<&'a Arc<Person>>,
    more: usize,
    typed: &'a str,
    problem: Option<&'a str>,
    /// What the answer will do wrong.
    wrong: Option<Wrong>,
}

impl At {
    /// The address of a path below the provider's; the path begins with a slash.
    pub(super) fn url(&self, path: &str) -> String {
        self.address.url(&format!("{}{path}", self.path()))
    }

    /// What the provider calls itself.
    pub(super) fn entity_id(&self) -> String {
        self.provider.entity_id.clone().unwrap_or_else(|| self.url("/metadata"))
    }

    /// One of the provider's keys; the first is the one in its metadata.
    ///
    /// # Errors
    /// A failure when there is none to be had.
    pub(super) async fn key(&self, slot: u32) -> Result<Arc<RsaKey>, ErrorPage> {
        let key = self.upstreams.keyring().signing_key(&self.provider.key_role(), slot).await.map_err(failed)?;
        key.for_documents().map_err(failed)
    }

    /// The number of the key that signs, and is in the metadata.
    pub(super) fn first_key(&self) -> u32 {
        if self.behaviours.ask_of_all(Behaviour::ChangedKeys).is_some() { CHANGED } else { 0 }
    }

    /// A cookie by which the browser is known again.
    pub(super) fn cookie(&self, browser: &str) -> Option<HeaderValue> {
        let path = self.path();
        let (secure, same_site) = (self.address.is_secure(), Some(SameSite::Lax));
        cookies::set(&self.scope.name(COOKIE), browser, Reach { path: &path, secure, same_site, lifetime: None })
    }

    /// The page that tells what is wrong with a request.
    pub(super) fn wrong(&self, detail: &str) -> ErrorPage {
        self.said((StatusCode::BAD_REQUEST, "Something went wrong"), "This can't go on", detail)
    }

    /// A page that only tells something.
    pub(super) fn said(&self, heading: (StatusCode, &'static str), title: &str, detail: &str) -> ErrorPage {
        ErrorPage::of(self.frame(), heading, title, detail)
    }

    fn path(&self) -> String {
        format!("/_upstreams/saml/{}", self.provider.name)
    }

    fn frame(&self) -> Frame {
        let label = "SAML identity provider";
        Frame { name: "saml", label, path: self.path(), sign_in: "Sign in to your company", agree: "Continue" }
    }
}

const COOKIE: &str = "impostor_saml";

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let upstreams: Upstreams = extension(parts).map_err(Failure::into_response)?;
        let address: Address = extension(parts).map_err(Failure::into_response)?;
        let scope: CookieScope = parts.extensions.get().copied().unwrap_or_default();
        let named = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let named = named.map(|Path(pairs)| pairs.into_iter().find(|(key, _)| key == "name"));
        let name = named.ok().flatten().map(|(_, name)| name).unwrap_or_default();
        let Some(provider) = upstreams.read().saml.providers.get(&name).cloned() else {
            let message =
                format!("There is no SAML identity provider {name:?}: upstreams/saml.yaml names those there are.\n");
            return Err((StatusCode::NOT_FOUND, message).into_response());
        };
        let browser = cookies::value(&parts.headers, &scope.name(COOKIE)).filter(|browser| !browser.is_empty());
        let behaviours = parts.extensions.get().cloned().unwrap_or_default();
        Ok(Self { upstreams, provider, browser, behaviours, address, scope })
    }
}

/// The page where an account is chosen. `problem` is what was wrong with what was typed.
///
/// # Errors
/// A failure of the template.
pub(super) fn chooser(
    at: &At,
    (flow, asked): (&str, &Asked),
    typed: Option<&str>,
    problem: Option<&str>,
) -> Result<Response, ErrorPage> {
    let mut accounts: Vec<&Arc<Person>> = at.provider.accounts.iter().collect();
    let typed = typed.unwrap_or_default();
    let hinted = at.provider.account_called(typed).map(|person| person.id.clone());
    accounts.sort_by_key(|person| hinted.as_ref() != Some(&person.id));
    let more = accounts.len().saturating_sub(MOST_ACCOUNTS);
    accounts.truncate(MOST_ACCOUNTS);
    let (app, wrong) = (asked.audience.clone(), asked.wrong);
    let page = Chooser { frame: at.frame(), app, flow, accounts, more, typed, problem, wrong };
    Ok(pages::answer(StatusCode::OK, &page)?)
}

/// `GET /{name}/signin/avatars/{account}`.
pub(super) async fn avatar(at: At, Path((_, id)): Path<(String, String)>) -> Response {
    match at.provider.account(&id) {
        Some(person) => pictures::of(&person.id, person.label(), 96),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page that says that a person is signed out.
///
/// # Errors
/// A failure of the template.
pub(super) fn signed_out(at: &At, detail: &str) -> Result<Response, ErrorPage> {
    pages::notice_of(at.frame(), "You are signed out", "SAML identity provider", detail)
}
