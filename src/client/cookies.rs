//! A browser's cookies. Source: RFC 6265 §5.

use cookie::{Cookie, Expiration};
use url::Url;

/// What one browser has been told to remember.
///
/// As in real browsers a cookie belongs to a host and a path and not to a port. The jar knows no time: a cookie lives
/// until the server takes it back (with `Max-Age=0` or an `Expires` at the epoch).
#[derive(Debug, Clone, Default)]
pub struct CookieJar {
    cookies: Vec<Kept>,
}

/// A cookie of a [`CookieJar`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remembered<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a str,
    /// The host it is for.
    pub host: &'a str,
    /// The path it is for, and all below.
    pub path: &'a str,
    /// Whether it travels over https alone.
    pub secure: bool,
}

#[derive(Debug, Clone)]
struct Kept {
    name: String,
    value: String,
    host: String,
    and_below: bool,
    path: String,
    secure: bool,
}

impl CookieJar {
    /// Obeys one `Set-Cookie` header that came from `url`.
    pub fn obey(&mut self, url: &Url, set_cookie: &str) {
        let (Some(host), Ok(cookie)) = (url.host_str(), Cookie::parse(set_cookie)) else { return };
        let Some((host, and_below)) = scope(host, cookie.domain()) else { return };
        let secure = cookie.secure().unwrap_or(false);
        if secure && url.scheme() != "https" {
            return;
        }
        let path = cookie.path().filter(|path| path.starts_with('/')).map_or_else(|| default_path(url), str::to_owned);
        let name = cookie.name().to_owned();
        self.cookies.retain(|kept| !(kept.name == name && kept.host == host && kept.path == path));
        if !taken_back(&cookie) {
            self.cookies.push(Kept { name, value: cookie.value().to_owned(), host, and_below, path, secure });
        }
    }

    /// The `Cookie` header for a request to `url`: longer paths first.
    pub fn header(&self, url: &Url) -> Option<String> {
        let mut fitting: Vec<_> = self.cookies.iter().filter(|kept| kept.fits(url)).collect();
        fitting.sort_by_key(|kept| std::cmp::Reverse(kept.path.len()));
        let pairs: Vec<_> = fitting.iter().map(|kept| format!("{}={}", kept.name, kept.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of the cookie of this name that a request to `url` would carry.
    pub fn get(&self, url: &Url, name: &str) -> Option<&str> {
        self.cookies.iter().find(|kept| kept.name == name && kept.fits(url)).map(|kept| kept.value.as_str())
    }

    /// Every cookie, in the order in which they came.
    pub fn all(&self) -> impl Iterator<Item = Remembered<'_>> {
        self.cookies.iter().map(|kept| Remembered {
            name: &kept.name,
            value: &kept.value,
            host: &kept.host,
            path: &kept.path,
            secure: kept.secure,
        })
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.cookies.clear();
    }
}

impl Kept {
    fn fits(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let same_host = host == self.host || (self.and_below && below(host, &self.host));
        same_host && (!self.secure || url.scheme() == "https") && path_fits(url.path(), &self.path)
    }
}

/// The host a cookie is for, and whether hosts below it get it too; nothing if `domain` isn't the sender's to set.
fn scope(sender: &str, domain: Option<&str>) -> Option<(String, bool)> {
    let Some(domain) = domain.map(|domain| domain.trim_start_matches('.').to_ascii_lowercase()) else {
        return Some((sender.to_owned(), false));
    };
    (sender == domain || below(sender, &domain)).then_some((domain, true))
}

fn below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// RFC 6265 §5.1.4: the path up to its last slash.
fn default_path(url: &Url) -> String {
    match url.path().rsplit_once('/') {
        Some((directory, _)) if !directory.is_empty() => directory.to_owned(),
        _ => "/".to_owned(),
    }
}

fn path_fits(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie_path.ends_with('/'))
}

fn taken_back(cookie: &Cookie<'_>) -> bool {
    let by_age = cookie.max_age().is_some_and(|age| age.whole_seconds() <= 0);
    let by_date = match cookie.expires() {
        Some(Expiration::DateTime(at)) => at.year() <= 1970,
        _ => false,
    };
    by_age || by_date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(set: &[(&str, &str)], asked: &str, expected: Option<&str>) {
        let mut jar = CookieJar::default();
        for (url, cookie) in set {
            jar.obey(&Url::parse(url).unwrap(), cookie);
        }
        assert_eq!(jar.header(&Url::parse(asked).unwrap()).as_deref(), expected);
    }

    #[test]
    fn a_cookie_is_for_its_host_and_path_on_every_port() {
        let set = [("http://a.localhost:1/u/login", "did=1; Path=/; HttpOnly")];
        check(&set, "http://a.localhost:2/authorize", Some("did=1"));
        check(&set, "http://b.localhost:1/authorize", None);
        let set = [("http://localhost/_upstreams/google/choose", "s=1")];
        check(&set, "http://localhost/_upstreams/google", Some("s=1"));
        check(&set, "http://localhost/_upstreams/google/consent", Some("s=1"));
        check(&set, "http://localhost/_upstreams/googles", None);
    }

    #[test]
    fn secure_cookies_want_https() {
        check(&[("https://localhost/", "s=1; Secure")], "https://localhost/", Some("s=1"));
        check(&[("https://localhost/", "s=1; Secure")], "http://localhost/", None);
        check(&[("http://localhost/", "s=1; Secure")], "https://localhost/", None);
    }

    #[test]
    fn a_cookie_is_replaced_and_taken_back() {
        let at = "http://localhost/";
        check(&[(at, "s=1; Path=/"), (at, "s=2; Path=/")], at, Some("s=2"));
        check(&[(at, "s=1; Path=/"), (at, "s=; Path=/; Max-Age=0")], at, None);
        check(&[(at, "s=1; Path=/"), (at, "s=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")], at, None);
    }

    #[test]
    fn a_domain_is_the_sender_s_own_or_above_it() {
        check(&[("http://a.acme.example/", "s=1; Domain=acme.example")], "http://b.acme.example/", Some("s=1"));
        check(&[("http://a.acme.example/", "s=1; Domain=other.example")], "http://other.example/", None);
    }
}
