//! Who sent a request from a browser: where it was asked, from where, and by which cookies it is known.
//! Source: design page, section 6.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use cookie::SameSite;

use crate::domain::id::BrowserId;
use crate::domain::tenant::TenantSettings;
use crate::http::address::Address;
use crate::http::connection::Connection;
use crate::http::cookies;
use crate::http::cookies::CookieScope;
use crate::http::cookies::Reach;
use crate::http::extension::extension;
use crate::http::failure::Failure;
use crate::http::faults::behaviours::Behaviours;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::store::state::SecretHash;
use crate::time::Rng;

/// The session's cookie.
const SESSION: &str = "auth0";

/// The cookie that a browser is known by; a login is bound to it.
const BROWSER: &str = "did";

/// How long a browser keeps its `did`: a year.
const BROWSER_LIFETIME: Duration = Duration::from_hours(365 * 24);

/// How many cookies of one name are looked at.
const MOST_COOKIES: usize = 4;

/// A request's sender. An extractor; knows nothing of the tenant.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) address: Address,
    pub(crate) ip: String,
    /// What the login is to do differently because a test asked for it.
    pub(crate) behaviours: Behaviours,
    /// What is signed with that tells them why they may not come in.
    pub(crate) keyring: Keyring,
    scope: CookieScope,
    browser: Option<String>,
    /// Of the session cookie and its twin; some may be stale.
    pub(crate) sessions: Vec<SecretHash>,
}

impl Visitor {
    /// Who the browser is; `None` before its first `/authorize`.
    pub(crate) fn browser(&self) -> Option<BrowserId> {
        self.browser.as_deref().map(browser_of)
    }

    /// Who the browser is from now on, and the cookies that tell it, if it has none yet.
    pub(crate) fn browser_or_new(&self, rng: &mut Rng) -> (BrowserId, Vec<HeaderValue>) {
        if let Some(browser) = self.browser() {
            return (browser, Vec::new());
        }
        let secret = rng.url_safe(43);
        (browser_of(&secret), self.cookies(BROWSER, &secret, Some(BROWSER_LIFETIME)))
    }

    /// The cookies of a session that begins.
    pub(crate) fn session_cookies(&self, secret: &str, settings: &TenantSettings) -> Vec<HeaderValue> {
        self.cookies(SESSION, secret, cookie_lifetime(settings))
    }

    /// Takes the session's cookies back.
    pub(crate) fn cleared_session_cookies(&self) -> Vec<HeaderValue> {
        self.cookies(SESSION, "", Some(Duration::ZERO))
    }

    /// Over https as the real service: with a twin for browsers that don't know `SameSite=None`. Over http a
    /// browser would refuse both, so it is one plain cookie.
    fn cookies(&self, name: &str, value: &str, lifetime: Option<Duration>) -> Vec<HeaderValue> {
        let secure = self.address.is_secure();
        let same_site = if secure { SameSite::None } else { SameSite::Lax };
        let reach = Reach { path: "/", secure, same_site: Some(same_site), lifetime };
        let mut cookies = vec![cookies::set(&self.scope.name(name), value, reach)];
        if secure {
            let twin = self.scope.name(&format!("{name}_compat"));
            cookies.push(cookies::set(&twin, value, Reach { same_site: None, ..reach }));
        }
        cookies.into_iter().flatten().collect()
    }
}

/// A browser is kept by the hash of its cookie, as all secrets are.
fn browser_of(cookie: &str) -> BrowserId {
    digest::base64url(&digest::sha256(cookie.as_bytes())).into()
}

/// `session_cookie.mode` is `persistent` unless the tenant says otherwise.
fn cookie_lifetime(settings: &TenantSettings) -> Option<Duration> {
    let mode = settings.extra.get("session_cookie").and_then(|cookie| cookie.get("mode"));
    if mode.is_some_and(|mode| mode == "non-persistent") {
        return None;
    }
    Duration::try_from_secs_f64(settings.session_lifetime * 3600.0).ok()
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Ok(scope) = CookieScope::from_request_parts(parts, state).await;
        let values = |name: &str| {
            let (name, twin) = (scope.name(name), scope.name(&format!("{name}_compat")));
            let mut values: Vec<_> = cookies::values(&parts.headers, &name).take(MOST_COOKIES).collect();
            values.extend(cookies::values(&parts.headers, &twin).take(MOST_COOKIES));
            values
        };
        let browser = values(BROWSER).into_iter().find(|value| value.len() == 43);
        let sessions = values(SESSION).iter().map(|value| digest::sha256(value.as_bytes())).collect();
        let address = Address::from_request_parts(parts, state).await?;
        let ip = Connection::from_request_parts(parts, state).await?.ip().to_string();
        let behaviours = parts.extensions.get().cloned().unwrap_or_default();
        let keyring = extension(parts)?;
        Ok(Self { address, ip, behaviours, keyring, scope, browser, sessions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(secure: bool, scope: CookieScope) -> Visitor {
        let address = Address::new(secure, "localhost:4480");
        let behaviours = Behaviours::default();
        let keyring = Keyring::in_memory();
        Visitor { address, ip: String::new(), behaviours, keyring, scope, browser: None, sessions: Vec::new() }
    }

    #[track_caller]
    fn check(visitor: &Visitor, expected: &[&str]) {
        let cookies = visitor.session_cookies("s", &TenantSettings::default());
        assert_eq!(cookies, expected);
    }

    #[test]
    fn over_https_there_is_a_twin_and_over_http_one_plain_cookie() {
        check(
            &visitor(true, CookieScope::Shared),
            &[
                "auth0=s; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=604800",
                "auth0_compat=s; HttpOnly; Secure; Path=/; Max-Age=604800",
            ],
        );
        check(&visitor(false, CookieScope::Shared), &["auth0=s; HttpOnly; SameSite=Lax; Path=/; Max-Age=604800"]);
    }

    #[test]
    fn a_tenant_of_its_own_port_says_so_in_both_names() {
        let cookies = visitor(true, CookieScope::Port(4481)).session_cookies("s", &TenantSettings::default());
        let names: Vec<_> = cookies.iter().map(|cookie| cookie.to_str().unwrap().split('=').next().unwrap()).collect();
        assert_eq!(names, ["auth0_4481", "auth0_compat_4481"]);
    }

    #[test]
    fn the_cookie_ends_with_the_browser_where_the_tenant_wants_that() {
        let settings = serde_json::json!({ "session_cookie": { "mode": "non-persistent" } });
        let cookies =
            visitor(false, CookieScope::Shared).session_cookies("s", &serde_json::from_value(settings).unwrap());
        assert_eq!(cookies, ["auth0=s; HttpOnly; SameSite=Lax; Path=/"]);
    }
}
