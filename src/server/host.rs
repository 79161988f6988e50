//! Which hosts are answered, and as whom: the guard against pages that rebind their name to this machine.
//! Source: design page, section 6.

use std::fmt;
use std::net::IpAddr;

/// The authority of a request, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    /// Lower case, without port and brackets.
    pub(crate) name: String,
    pub(crate) port: Option<u16>,
}

impl Host {
    /// Reads `HOST[:PORT]`, as a `Host` header or `:authority` gives it. `None` for anything else, user
    /// information and paths included.
    pub(crate) fn parse(authority: &str) -> Option<Self> {
        let (name, port) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (name, port) = rest.split_once(']')?;
                name.parse::<std::net::Ipv6Addr>().ok()?;
                (name, port)
            }
            None => authority.find(':').map_or((authority, ""), |colon| authority.split_at(colon)),
        };
        let port = match port.strip_prefix(':') {
            Some(digits) => Some(port_number(digits)?),
            None if port.is_empty() => None,
            None => return None,
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let whole = name.split('.').all(|label| !label.is_empty());
        (whole && name.len() <= 253 && name.chars().all(plain)).then_some(Self { name, port })
    }

    /// Loopback names and addresses, `*.localhost`, and single-label names as Docker gives them. A page on the
    /// web cannot be reached by any of them.
    pub(crate) fn is_local(&self) -> bool {
        let is_number = || self.name.starts_with(|first: char| first.is_ascii_digit());
        let is_single_label = || !self.name.contains(['.', ':']) && !is_number();
        self.is_loopback() || self.name.ends_with(".localhost") || is_single_label()
    }

    /// `localhost`, 127.0.0.0/8 or `::1`.
    pub(crate) fn is_loopback(&self) -> bool {
        self.name == "localhost" || self.name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// A port as it is written in an authority: digits alone, and no sign, zero or padding, so that each has one form.
fn port_number(digits: &str) -> Option<u16> {
    let port: u16 = digits.parse().ok()?;
    (port > 0 && port.to_string() == digits).then_some(port)
}

/// `HOST[:PORT]`, in the one form that addresses handed out have.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.contains(':') {
            write!(f, "[{}]", self.name)?;
        } else {
            f.write_str(&self.name)?;
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(authority: &str, expected: Option<(&str, Option<u16>, bool)>) {
        let host = Host::parse(authority);
        let found = host.as_ref().map(|host| (host.name.as_str(), host.port, host.is_local()));
        assert_eq!(found, expected, "{authority}");
    }

    #[test]
    fn hosts_are_told_apart() {
        check("localhost:4480", Some(("localhost", Some(4480), true)));
        check("ACME.localhost", Some(("acme.localhost", None, true)));
        check("127.0.0.1:1", Some(("127.0.0.1", Some(1), true)));
        check("[::1]:4480", Some(("::1", Some(4480), true)));
        check("impostor:4480", Some(("impostor", Some(4480), true)));
        check("10.0.0.1", Some(("10.0.0.1", None, false)));
        check("evil.example", Some(("evil.example", None, false)));
        check("localhost.evil.example", Some(("localhost.evil.example", None, false)));
        check("localhost.:4480", Some(("localhost", Some(4480), true)));
        // An address in disguise, and not one of this machine.
        check("2130706433", Some(("2130706433", None, false)));
        check("0x7f000001", Some(("0x7f000001", None, false)));
    }

    #[test]
    fn what_is_no_authority_is_refused() {
        for wrong in ["", ":80", "a@b", "a/b", "a:b", "a:99999", "[::1", "[x]", "a b", "a:", "[::1]x"] {
            check(wrong, None);
        }
        for wrong in ["a:+80", "a:0", "a:00080", "localhost..", "a..b", ".", ".a"] {
            check(wrong, None);
        }
    }

    #[test]
    fn an_authority_has_one_form() {
        for (authority, expected) in [("LocalHost.:80", "localhost:80"), ("[::1]:4480", "[::1]:4480"), ("a", "a")] {
            assert_eq!(Host::parse(authority).unwrap().to_string(), expected);
        }
    }
}
