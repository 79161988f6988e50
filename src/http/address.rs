//! The address that a request was asked at. Source: design page, section 6.

use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use url::Url;

use crate::http::extension::extension;
use crate::http::failure::Failure;

/// `SCHEME://HOST[:PORT]` as the client used it, or as `--issuer` fixes it. Every URL handed out starts with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    base: Arc<str>,
    /// The loopback names on its port belong to somebody else: a tenant that goes by its own name alone.
    by_name_alone: bool,
}

impl Address {
    /// From a scheme and an authority that were checked.
    pub(crate) fn new(secure: bool, authority: &str) -> Self {
        let scheme = if secure { "https" } else { "http" };
        Self { base: format!("{scheme}://{authority}").into(), by_name_alone: false }
    }

    /// From a base URL; a trailing slash is dropped.
    pub(crate) fn of_base(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').into(), by_name_alone: false }
    }

    /// The address of a tenant that shares its port with the one that answers at loopback names.
    #[must_use]
    pub(crate) fn by_name_alone(self) -> Self {
        Self { by_name_alone: true, ..self }
    }

    /// Another address of the same tenant, from its issuer.
    #[must_use]
    pub(crate) fn at(&self, issuer: &str) -> Self {
        Self { by_name_alone: self.by_name_alone, ..Self::of_base(issuer) }
    }

    /// Without a trailing slash.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The issuer: always with the trailing slash.
    pub(crate) fn issuer(&self) -> String {
        format!("{}/", self.base)
    }

    /// The URL of a path below it; `path` starts with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.base.starts_with("https://")
    }

    /// Whether `issuer` is another address of who was asked at this one: under either scheme, by a name that `is_own`
    /// knows, or by a loopback name on the same port, unless those are somebody else's.
    pub(crate) fn is_also(&self, issuer: &str, is_own: impl Fn(&str) -> bool) -> bool {
        if issuer.strip_suffix('/') == Some(&*self.base) {
            return true;
        }
        let (Ok(asked), Ok(other)) = (Url::parse(&self.base), Url::parse(issuer)) else { return false };
        let plain = matches!(other.scheme(), "http" | "https") && other.path() == "/" && issuer.ends_with('/');
        let Some(host) = other.host_str().filter(|_| plain && other.username().is_empty()) else { return false };
        let is_loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&host) && other.port() == asked.port();
        (is_loopback && !self.by_name_alone) || is_own(host)
    }

    /// The authority without its port.
    pub(crate) fn host(&self) -> &str {
        let authority = self.authority();
        let port = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        port.map_or(authority, |(host, _)| host)
    }

    /// `HOST[:PORT]`.
    pub(crate) fn authority(&self) -> &str {
        self.base.split_once("://").map_or(&*self.base, |(_, authority)| authority)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        extension(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, issuer: &str, expected: bool) {
        let is_own = |host: &str| host == "acme.localhost";
        assert_eq!(Address::of_base(asked).is_also(issuer, is_own), expected, "{asked} {issuer}");
    }

    #[test]
    fn one_who_answers_at_several_names_is_known_by_each() {
        check("http://localhost:4480", "http://localhost:4480/", true);
        check("http://localhost:4480", "https://127.0.0.1:4480/", true);
        check("http://localhost:4480", "https://acme.localhost:9000/", true);
        check("https://tenant.example", "https://tenant.example/", true);
    }

    #[test]
    fn loopback_names_are_of_one_tenant_on_a_port() {
        let asked = Address::of_base("http://by-name.localhost:4480").by_name_alone();
        let is_own = |host: &str| host == "by-name.localhost";
        assert!(!asked.is_also("http://localhost:4480/", is_own));
        assert!(asked.is_also("https://by-name.localhost:4480/", is_own));
        assert!(!asked.at("http://by-name.localhost:4480/").is_also("http://127.0.0.1:4480/", is_own));
    }

    #[test]
    fn a_neighbour_on_another_port_is_somebody_else() {
        check("http://localhost:4480", "http://localhost:4481/", false);
        check("http://localhost:4480", "https://evil.example/", false);
        check("http://localhost:4480", "http://localhost:4480", false);
        check("http://localhost:4480", "http://localhost:4480/x/", false);
        check("http://localhost:4480", "http://acme.localhost@localhost:4480/", false);
        check("http://localhost:4480", "garbage", false);
    }
}
