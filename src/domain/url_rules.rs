//! Which URLs a client may name: callbacks, logout URLs, origins. Source: spec/authentication-api.md §2 and §5, design page
//! section 7 (loopback).

use url::Host;
use url::Url;

use crate::domain::client::Client;

/// A URL that an administrator lists can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a URL that a browser may be sent to")]
pub(crate) struct UnsafeUrl(pub(crate) String);

/// Refuses on save what would run as a script.
///
/// # Errors
/// [`UnsafeUrl`] for `javascript:`, `data:`, `vbscript:` and what has no scheme.
pub(crate) fn check_url_to_save(url: &str) -> Result<(), UnsafeUrl> {
    // Browsers pass over white space and control characters in front of a scheme, and line breaks and tabs inside it.
    let plain: String = url.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let scheme = plain.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        None | Some("javascript" | "data" | "vbscript" | "") => Err(UnsafeUrl(url.to_owned())),
        Some(_) => Ok(()),
    }
}

/// Refuses on save what no answer could be sent to: also what has a fragment (RFC 6749 §3.1.2).
///
/// # Errors
/// As [`check_url_to_save`].
pub(crate) fn check_callback_to_save(url: &str) -> Result<(), UnsafeUrl> {
    if url.contains('#') { Err(UnsafeUrl(url.to_owned())) } else { check_url_to_save(url) }
}

impl Client {
    /// Whether it registered the callback. The query counts: the match is exact. One with a fragment is nobody's
    /// (RFC 6749 §3.1.2).
    pub(crate) fn allows_callback(&self, uri: &str) -> bool {
        !uri.contains('#') && self.callbacks.iter().flatten().any(|listed| matches(listed, uri, Query::Counts))
    }

    /// Whether a page of this origin may get answers in frames (`web_message`).
    pub(crate) fn allows_web_origin(&self, origin: &str) -> bool {
        self.web_origins.iter().flatten().any(|listed| matches_origin(listed, origin))
    }

    /// Whether a page of this origin may call the Authentication API: web origins, allowed origins, and the
    /// origins of callbacks.
    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        let listed = [&self.web_origins, &self.allowed_origins, &self.callbacks];
        listed.into_iter().flatten().flatten().any(|listed| matches_origin(listed, origin))
    }
}

/// Whether a list of logout URLs, a client's or the tenant's, has it. Query and fragment are ignored (spec/authentication-api.md §5).
pub(crate) fn allows_logout_url(listed: &[String], uri: &str) -> bool {
    listed.iter().any(|listed| matches(listed, uri, Query::Ignored))
}

/// The same for a logout by OpenID Connect, where the query counts.
pub(crate) fn allows_post_logout_redirect(listed: &[String], uri: &str) -> bool {
    listed.iter().any(|listed| matches(listed, uri, Query::Counts))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Query {
    Counts,
    Ignored,
}

/// A listed URL taken apart: `SCHEME://HOST[:PORT]PATH`, where host and port may be patterns.
struct Listed<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
    /// With query and fragment.
    path: &'a str,
}

impl<'a> Listed<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        (!authority.contains('@')).then_some(Self { scheme, host, port, path })
    }

    /// Whether it stands for more than one host or port.
    fn is_open(&self) -> bool {
        self.host.starts_with("*.") || self.port == Some("*")
    }

    fn is_loopback(&self) -> bool {
        matches!(self.host, "localhost" | "127.0.0.1" | "[::1]") || self.host.ends_with(".localhost")
    }
}

fn matches(listed: &str, uri: &str, query: Query) -> bool {
    if listed == uri {
        return check_url_to_save(uri).is_ok();
    }
    // Browsers read some characters as others: what isn't plain never matches a pattern.
    let plain = uri.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let (Some(pattern), Ok(url), true) = (Listed::parse(listed), Url::parse(uri), plain) else { return false };
    if !matches_authority(&pattern, &url) {
        return false;
    }
    let raw_path = raw_path(uri);
    let (listed_path, path) = match query {
        Query::Counts => (pattern.path, raw_path),
        Query::Ignored => (without_query(pattern.path), without_query(raw_path)),
    };
    let (listed_path, path) = (or_slash(listed_path), or_slash(path));
    match listed_path.strip_suffix('*') {
        // As written and as a browser reads it: `/app/../` is not below `/app/`.
        Some(prefix) if pattern.is_loopback() && prefix.ends_with('/') => {
            path.starts_with(prefix) && url.path().starts_with(prefix)
        }
        _ => (query == Query::Ignored || pattern.is_open()) && listed_path == path,
    }
}

fn matches_origin(listed: &str, origin: &str) -> bool {
    let (Some(pattern), Ok(url)) = (Listed::parse(listed), Url::parse(origin)) else { return false };
    matches_authority(&pattern, &url)
}

/// Scheme, host and port. `*` stands for a sub-domain label, and on loopback hosts for a port.
fn matches_authority(pattern: &Listed<'_>, url: &Url) -> bool {
    let (Some(host), true) = (url.host(), url.username().is_empty() && url.password().is_none()) else { return false };
    let port_matches = match pattern.port {
        Some("*") => pattern.is_loopback(),
        Some(port) => port.parse().ok() == url.port_or_known_default(),
        None => url.port().is_none(),
    };
    pattern.scheme.eq_ignore_ascii_case(url.scheme()) && port_matches && matches_host(pattern.host, &host)
}

fn matches_host(pattern: &str, host: &Host<&str>) -> bool {
    let host = host.to_string();
    match pattern.strip_prefix("*.") {
        // One label, and only below a domain of at least two.
        Some(domain) if domain.contains('.') => {
            let label = host.strip_suffix(&domain.to_ascii_lowercase()).and_then(|label| label.strip_suffix('.'));
            label.is_some_and(|label| !label.is_empty() && !label.contains('.'))
        }
        Some(_) => false,
        None => pattern.eq_ignore_ascii_case(&host),
    }
}

/// Path, query and fragment as they were written, not as a parser tidied them.
fn raw_path(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or("", |(_, rest)| rest);
    rest.find(['/', '?', '#']).map_or("", |begin| rest.split_at(begin).1)
}

fn without_query(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

fn or_slash(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(listed: &str, uri: &str, allowed: bool) {
        let client = serde_json::json!({ "client_id": "a", "callbacks": [listed] });
        let client: Client = serde_json::from_value(client).unwrap();
        assert_eq!(client.allows_callback(uri), allowed, "{listed} {uri}");
    }

    #[test]
    fn a_callback_matches_exactly() {
        check("https://app.example/cb", "https://app.example/cb", true);
        check("https://app.example/cb", "https://app.example/cb?x=1", false);
        check("https://app.example/cb", "https://app.example/cb/", false);
        check("https://app.example/cb", "http://app.example/cb", false);
        check("https://app.example/cb", "https://app.example:8443/cb", false);
        check("https://app.example/*", "https://app.example/cb", false);
        check("https://app.example/cb", "https://APP.example/cb", false);
        check("https://app.example/cb", "https://app.example:443/cb", false);
        check("https://app.example", "https://app.example/", false);
        check("com.acme.app://callback", "com.acme.app://callback", true);
        check("javascript:alert(1)", "javascript:alert(1)", false);
        check("https://app.example/cb#x", "https://app.example/cb#x", false);
        check("http://localhost:*/*", "http://localhost:3000/cb#x", false);
    }

    #[test]
    fn a_star_stands_for_one_label_below_a_domain() {
        check("https://*.acme.example/cb", "https://a.acme.example/cb", true);
        check("https://*.acme.example/cb", "https://a.b.acme.example/cb", false);
        check("https://*.acme.example/cb", "https://acme.example/cb", false);
        check("https://*.acme.example/cb", "https://evilacme.example/cb", false);
        check("https://*.example/cb", "https://a.example/cb", false);
    }

    #[test]
    fn on_loopback_ports_and_paths_may_be_open() {
        check("http://localhost:*/*", "http://localhost:3000/callback?a=b", true);
        check("http://localhost:*/*", "http://localhost/", true);
        check("http://localhost:*/*", "http://localhost:3000", true);
        check("http://localhost:*/app/*", "http://localhost:3000/app/../cb", false);
        check("http://localhost:*/app/*", "http://localhost:3000/app/%2e%2e/cb", false);
        check("http://localhost:*", "http://localhost:3000", true);
        check("http://[::1]:*/*", "http://[::1]:3000/cb", true);
        check("http://localhost:*/*", "https://localhost:3000/", false);
        check("http://localhost:*/*", "http://localhost.evil.example:3000/", false);
        check("http://localhost:*/*", "http://localhost:3000@evil.example/", false);
        check("http://localhost:*/*", "http://user@localhost:3000/", false);
        check("http://localhost:*/*", "http://localhost\\@evil.example/", false);
        check("http://127.0.0.1:*/*", "http://127.0.0.1:8080/x", true);
        check("https://app.example:*/cb", "https://app.example:1/cb", false);
    }

    #[test]
    fn logout_urls_are_matched_without_their_query() {
        let listed = ["https://app.example/bye".to_owned()];
        assert!(allows_logout_url(&listed, "https://APP.example/bye?a=b#c"));
        assert!(!allows_logout_url(&listed, "https://app.example/Bye"));
    }

    #[test]
    fn what_runs_as_a_script_is_not_saved() {
        for good in ["https://app.example", "com.acme.app://cb", "http://localhost:*/*"] {
            assert_eq!(check_url_to_save(good), Ok(()), "{good}");
        }
        for bad in
            ["javascript:alert(1)", " JavaScript:x", "java\tscript:x", "\u{1}javascript:x", "data:text/html,x", "/cb"]
        {
            assert!(check_url_to_save(bad).is_err(), "{bad}");
        }
        assert!(check_callback_to_save("https://app.example/cb#x").is_err());
    }

    #[test]
    fn origins_of_callbacks_count() {
        let client = serde_json::json!({ "client_id": "a", "callbacks": ["http://localhost:*/*"], "web_origins": ["https://app.example"] });
        let client: Client = serde_json::from_value(client).unwrap();
        assert!(client.allows_origin("http://localhost:3000") && client.allows_web_origin("https://app.example"));
        assert!(!client.allows_web_origin("http://localhost:3000") && !client.allows_origin("null"));
    }
}
