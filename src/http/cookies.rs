//! Cookies of requests and answers. Source: design page, section 6; RFC 6265.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use cookie::Cookie;
use cookie::SameSite;

/// Whom a cookie's name must tell apart: cookies ignore ports, so who was chosen by a listener of its own
/// says the port in them. The server puts it into each request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CookieScope {
    /// Names as the real service has them.
    #[default]
    Shared,
    /// `NAME_PORT`.
    Port(u16),
}

impl CookieScope {
    /// The name that a cookie has in this scope.
    pub(crate) fn name(self, name: &str) -> String {
        match self {
            Self::Shared => name.to_owned(),
            Self::Port(port) => format!("{name}_{port}"),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for CookieScope {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}

/// The values that a request has for a cookie, first sent first. What can't be read as a cookie is passed over.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let pairs = headers.get_all(COOKIE).into_iter().filter_map(|header| header.to_str().ok());
    let cookies = pairs.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.filter(move |cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// The first value that a request has for a cookie.
pub(crate) fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    values(headers, name).next()
}

/// Where and when a browser may send a cookie back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach<'a> {
    pub(crate) path: &'a str,
    pub(crate) secure: bool,
    pub(crate) same_site: Option<SameSite>,
    /// None ends with the browser's session.
    pub(crate) lifetime: Option<Duration>,
}

/// A `Set-Cookie` header; always `HttpOnly`. `None` when name or value can't stand in a header.
pub(crate) fn set(name: &str, value: &str, reach: Reach<'_>) -> Option<HeaderValue> {
    let mut cookie = Cookie::build((name, value)).path(reach.path).http_only(true).secure(reach.secure).build();
    cookie.set_same_site(reach.same_site);
    if let Some(lifetime) = reach.lifetime {
        cookie.set_max_age(time::Duration::try_from(lifetime).unwrap_or(time::Duration::MAX));
    }
    HeaderValue::try_from(cookie.to_string()).ok()
}

/// A `Set-Cookie` header that takes a cookie back; `path` as when it was set.
pub(crate) fn clear(name: &str, reach: Reach<'_>) -> Option<HeaderValue> {
    set(name, "", Reach { lifetime: Some(Duration::ZERO), ..reach })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cookies: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(COOKIE, HeaderValue::from_static(cookie));
        }
        headers
    }

    #[test]
    fn broken_cookies_are_passed_over() {
        let headers = request(&["=; auth0; ;;did=1; auth0=a%zz; x", "auth0=b"]);
        assert_eq!(values(&headers, "auth0").collect::<Vec<_>>(), ["a%zz", "b"]);
        assert_eq!(value(&headers, "did").as_deref(), Some("1"));
        assert_eq!(value(&headers, "none"), None);
    }

    #[test]
    fn a_tenant_of_its_own_port_has_cookies_of_its_own() {
        assert_eq!(CookieScope::Shared.name("auth0"), "auth0");
        assert_eq!(CookieScope::Port(4481).name("auth0"), "auth0_4481");
    }

    #[test]
    fn attributes_are_written_out() {
        let reach =
            Reach { path: "/", secure: true, same_site: Some(SameSite::None), lifetime: Some(Duration::from_mins(1)) };
        assert_eq!(set("did", "x", reach).unwrap(), "did=x; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=60");
        let plain = Reach { secure: false, same_site: Some(SameSite::Lax), lifetime: None, ..reach };
        assert_eq!(set("did", "x", plain).unwrap(), "did=x; HttpOnly; SameSite=Lax; Path=/");
        assert_eq!(clear("did", plain).unwrap(), "did=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
        assert_eq!(set("did", "x\n", plain), None);
    }
}
