//! AD FS as a request finds it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::request::Parts;
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
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::pages::Frame;

const COOKIE: &str = "impostor_adfs";
const PATH: &str = "/_upstreams/adfs";

/// AD FS at the address where it was asked, with the browser that asks.
pub(super) struct Site {
    pub(super) upstreams: Upstreams,
    /// The browser's secret, if it has one.
    pub(super) browser: Option<String>,
    /// What stands after the path, as it came.
    pub(super) query: String,
    /// What it does differently because a test asked for it.
    pub(super) behaviours: Behaviours,
    address: Address,
    scope: CookieScope,
}

impl Site {
    /// Where browsers are sent.
    pub(super) fn passive(&self) -> String {
        self.address.url(&format!("{PATH}/adfs/ls/"))
    }

    /// What tokens say who made them; a name, though it looks like an address.
    pub(super) fn entity_id(&self) -> String {
        format!("http://{}{PATH}/adfs/services/trust", self.address.authority())
    }

    /// What tokens are signed with; `published` where it is the one in the metadata.
    ///
    /// # Errors
    /// A failure when there is no key to be had.
    pub(super) async fn key(&self, published: bool) -> Result<Arc<RsaKey>, ErrorPage> {
        let changed = self.behaviours.ask_of_all(Behaviour::ChangedKeys).is_some();
        let slot = match (published, changed) {
            (false, _) => 1,
            (true, true) => 2,
            (true, false) => 0,
        };
        let key = self.upstreams.keyring().signing_key("adfs", slot).await.map_err(Failure::new)?;
        Ok(key.for_documents().map_err(Failure::new)?)
    }

    /// A cookie by which the browser is known again.
    pub(super) fn cookie(&self, browser: &str) -> Option<HeaderValue> {
        let (secure, same_site) = (self.address.is_secure(), Some(SameSite::Lax));
        let reach = Reach { path: PATH, secure, same_site, lifetime: None };
        cookies::set(&self.scope.name(COOKIE), browser, reach)
    }

    /// The page that tells an error; nobody is sent back to a relying party with one.
    pub(super) fn error(code: &str, detail: &str) -> ErrorPage {
        let heading = (StatusCode::BAD_REQUEST, "An error occurred");
        ErrorPage::of(Self::frame(), heading, code, detail)
    }

    pub(super) fn frame() -> Frame {
        Frame { name: "adfs", label: "AD FS", path: PATH.to_owned(), sign_in: "Sign In", agree: "Sign in" }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Site {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let upstreams: Upstreams = extension(parts)?;
        let address: Address = extension(parts)?;
        let scope: CookieScope = parts.extensions.get().copied().unwrap_or_default();
        let browser = cookies::value(&parts.headers, &scope.name(COOKIE)).filter(|browser| !browser.is_empty());
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let behaviours = parts.extensions.get().cloned().unwrap_or_default();
        Ok(Self { upstreams, browser, query, behaviours, address, scope })
    }
}
