//! One fake as a request finds it, whoever it fakes.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use cookie::SameSite;

use crate::cell::Draft;
use crate::http::cookies;
use crate::http::cookies::CookieScope;
use crate::http::cookies::Reach;
use crate::http::extension::extension;
use crate::http::failure::Failure;
use crate::http::faults::behaviours::Behaviours;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::dialogs::Request;
use crate::upstreams::grants::Consent;
use crate::upstreams::handle::Base;
use crate::upstreams::handle::Upstreams;
use crate::upstreams::page_form::PageForm;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::FakeState;
use crate::upstreams::state::UpstreamState;

/// What differs between providers while a person signs in.
pub(super) trait Dialect: Send + Sync + Sized + 'static {
    const PROVIDER: Provider;

    /// Whether who signs in takes the place of who was signed in at the browser.
    const ONE_AT_A_TIME: bool;

    /// What is said of a typed address that no account has.
    const NO_SUCH_ACCOUNT: &'static str;

    /// The title of the pages where people sign in.
    const SIGN_IN: &'static str;

    /// What the button that agrees says.
    const AGREE: &'static str;

    /// What the page says first that tells of an app's mistake.
    const BAD_REQUEST: &'static str;

    /// What the person must still be asked for, in the order asked for; empty when the consent page need not be shown.
    fn to_ask(request: &Request, consent: &Consent) -> Vec<Permission>;

    /// What the consent page lets the person change of their name, given and family name.
    fn name_to_edit(_request: &Request, _account: &Account) -> Option<(String, String)> {
        None
    }

    /// Notes what else the person decided on the consent page than permissions.
    fn decided(_state: &mut FakeState, _request: &Request, _account: &Account, _form: &PageForm) {}

    /// Ends a dialog well, inside its write: the address with the code or the token, or what else [`Dialect::send`]
    /// takes. `shown` says that the consent page was; what was decided there is noted already.
    fn answer(draft: &mut Draft<UpstreamState>, request: &Request, account: &Account, shown: bool) -> String;

    /// The page for somebody who has no account of the fake's own, but is known to it otherwise; `None` when they are not.
    fn elsewhere(_fake: &Fake<Self>, _dialog: (&str, &Request), _typed: &str) -> Option<Result<Response, ErrorPage>> {
        None
    }

    /// The address that says that the person cancelled.
    fn cancelled(request: &Request) -> String;

    /// The address that says that the person cancelled before an account was chosen.
    fn cancelled_at_sign_in(request: &Request) -> String {
        Self::cancelled(request)
    }

    /// The address that says that a page would have been needed and none was allowed.
    fn stuck(request: &Request) -> String;

    /// The same, where nobody is signed in.
    fn stuck_at_sign_in(request: &Request) -> String {
        Self::stuck(request)
    }

    /// Sends the person back to the app, by a redirect unless the provider has other ways. What is signed is signed
    /// here: no write waits for it.
    fn send(_fake: &Fake<Self>, back: Back<'_>) -> impl Future<Output = Result<Response, ErrorPage>> + Send {
        std::future::ready(Ok(pages::away(&back.answer)))
    }
}

/// A person on the way back to the app.
pub(super) struct Back<'a> {
    pub(super) request: &'a Request,
    /// What [`Dialect::answer`], or another function of the dialect, made.
    pub(super) answer: String,
    /// Who signed in; nobody when it went wrong.
    pub(super) account: Option<Arc<Account>>,
}

/// A line of a consent page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Permission {
    pub(super) value: String,
    pub(super) text: String,
    /// It can't be declined alone.
    pub(super) fixed: bool,
}

/// A fake at the address where it was asked, with the browser that asks.
pub(super) struct Fake<D> {
    pub(super) upstreams: Upstreams,
    pub(super) base: Base,
    /// The browser's secret, if it has one.
    pub(super) browser: Option<String>,
    /// What it does differently because a test asked for it.
    pub(super) behaviours: Behaviours,
    scope: CookieScope,
    dialect: PhantomData<D>,
}

impl<D: Dialect> Fake<D> {
    /// The state as it is now.
    pub(super) fn read(&self) -> Snapshot {
        Snapshot { state: self.upstreams.read(), provider: D::PROVIDER }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.upstreams.now()
    }

    /// `HOST[:PORT]` that the fake was asked at.
    pub(super) fn authority(&self) -> String {
        self.base.address().authority().to_owned()
    }

    /// A cookie that lets the browser be known again; scoped to the fake's paths. Always `None` for a text that
    /// can't be a cookie, which `browser` never is.
    pub(super) fn cookie(&self, browser: &str) -> Option<axum::http::HeaderValue> {
        cookies::set(&cookie_name::<D>(self.scope), browser, self.reach())
    }

    /// Takes the cookie back.
    pub(super) fn no_cookie(&self) -> Option<axum::http::HeaderValue> {
        cookies::clear(&cookie_name::<D>(self.scope), self.reach())
    }

    fn reach(&self) -> Reach<'_> {
        let path = if self.base.path().is_empty() { "/" } else { self.base.path() };
        Reach { path, secure: self.base.address().is_secure(), same_site: Some(SameSite::Lax), lifetime: None }
    }
}

fn cookie_name<D: Dialect>(scope: CookieScope) -> String {
    scope.name(&format!("impostor_{}", D::PROVIDER.as_str()))
}

/// One fake's state, as it was when it was read.
pub(super) struct Snapshot {
    state: Arc<UpstreamState>,
    provider: Provider,
}

impl std::ops::Deref for Snapshot {
    type Target = FakeState;

    fn deref(&self) -> &FakeState {
        self.state.of(self.provider)
    }
}

impl<D: Dialect, S: Sync> FromRequestParts<S> for Fake<D> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let scope: CookieScope = parts.extensions.get().copied().unwrap_or_default();
        let browser = cookies::value(&parts.headers, &cookie_name::<D>(scope)).filter(|browser| !browser.is_empty());
        Ok(Self {
            upstreams: extension(parts)?,
            base: Base::of(parts, D::PROVIDER)?,
            browser,
            behaviours: parts.extensions.get().cloned().unwrap_or_default(),
            scope,
            dialect: PhantomData,
        })
    }
}
