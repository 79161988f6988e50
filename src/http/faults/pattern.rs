//! Which endpoint a fault is about: `POST /oauth/token`, `/api/v2/*`, `GET /api/v2/users/{id}`.

use std::fmt;

use axum::http::Method;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error as _;

/// A method, or any, and a path in which `*` stands for anything and `{name}` for one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    method: Option<Method>,
    path: String,
}

/// Why a text names no endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    #[error("\"{0}\" is no endpoint: write a path, with a method before it or not, as in \"POST /oauth/token\"")]
    Malformed(String),
    #[error("\"{0}\" has a query or a fragment; faults go by method and path alone")]
    Query(String),
    #[error("\"{0}\" is the control API, which no fault strikes")]
    Control(String),
}

impl Endpoint {
    /// Reads `[METHOD ]/path`.
    ///
    /// # Errors
    /// [`PatternError`]
    pub(crate) fn parse(text: &str) -> Result<Self, PatternError> {
        let malformed = || PatternError::Malformed(text.to_owned());
        let (method, path) = match text.trim().split_once(' ') {
            Some((method, path)) => (Some(method), path.trim_start()),
            None => (None, text.trim()),
        };
        let method = match method {
            None | Some("*" | "ANY") => None,
            Some(name) if name.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                Some(Method::from_bytes(name.as_bytes()).map_err(|_| malformed())?)
            }
            Some(_) => return Err(malformed()),
        };
        if path.contains(['?', '#']) {
            return Err(PatternError::Query(text.to_owned()));
        }
        if !(path.starts_with('/') || path == "*") || path.contains(char::is_whitespace) {
            return Err(malformed());
        }
        if path.starts_with("/_impostor") {
            return Err(PatternError::Control(text.to_owned()));
        }
        Ok(Self { method, path: path.to_owned() })
    }

    /// Whether a request is to this endpoint. A path is taken as it was sent, without its query.
    pub(crate) fn fits(&self, method: &Method, path: &str) -> bool {
        self.method.as_ref().is_none_or(|own| own == method) && fits(self.path.as_bytes(), path.as_bytes())
    }
}

/// Compares byte by byte; at a wildcard that took too little, it comes back and takes one byte more. `{name}` takes no
/// slash.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (mut rest, mut given) = (pattern, path);
    // What follows the last wildcard, what it stands before, and whether it may take a slash.
    let mut back: Option<(&[u8], &[u8], bool)> = None;
    loop {
        if let Some((after, takes_slash)) = wildcard(rest) {
            back = Some((after, given, takes_slash));
            rest = after;
            continue;
        }
        match (rest.split_first(), given.split_first()) {
            (None, None) => return true,
            (Some((wanted, more_pattern)), Some((found, more_path))) if wanted == found => {
                (rest, given) = (more_pattern, more_path);
                continue;
            }
            _ => {}
        }
        match back {
            Some((after, before, takes_slash)) => match before.split_first() {
                Some((taken, left)) if takes_slash || *taken != b'/' => {
                    back = Some((after, left, takes_slash));
                    (rest, given) = (after, left);
                }
                _ => return false,
            },
            None => return false,
        }
    }
}

/// What follows a wildcard that the pattern begins with, and whether that may take a slash.
fn wildcard(pattern: &[u8]) -> Option<(&[u8], bool)> {
    match pattern.split_first()? {
        (b'*', after) => Some((after, true)),
        (b'{', after) => {
            let end = after.iter().position(|byte| *byte == b'}')?;
            Some((after.split_at_checked(end + 1)?.1, false))
        }
        _ => None,
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.method {
            Some(method) => write!(f, "{method} {}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, request: &str, expected: bool) {
        let (method, path) = request.split_once(' ').unwrap();
        let fits = Endpoint::parse(pattern).unwrap().fits(&method.parse().unwrap(), path);
        assert_eq!(fits, expected, "{pattern:?} {request:?}");
    }

    #[test]
    fn an_endpoint_is_a_method_and_a_path() {
        check("POST /oauth/token", "POST /oauth/token", true);
        check("POST /oauth/token", "GET /oauth/token", false);
        check("/oauth/token", "GET /oauth/token", true);
        check("* /oauth/token", "DELETE /oauth/token", true);
        check("/oauth/token", "POST /oauth/token/", false);
        check("/oauth", "POST /oauth/token", false);
    }

    #[test]
    fn a_star_takes_anything_and_a_name_takes_one_segment() {
        check("/api/v2/*", "GET /api/v2/users/1/roles", true);
        check("/api/v2/*", "GET /api/v2", false);
        check("*", "GET /", true);
        check("/api/v2/*/roles", "GET /api/v2/users/a/b/roles", true);
        check("/api/v2/*/roles", "GET /api/v2/users/a/b/role", false);
        check("GET /api/v2/users/{id}", "GET /api/v2/users/auth0%7C1", true);
        check("GET /api/v2/users/{id}", "GET /api/v2/users/1/roles", false);
        check("GET /api/v2/users/{id}/roles", "GET /api/v2/users/1/roles", true);
        check("/a*b*c", "GET /axxbxxbc", true);
        check("/a*b*c", "GET /axxbxxb", false);
    }

    #[test]
    fn what_is_no_endpoint_is_refused_and_told() {
        for malformed in ["", "token", "post /oauth/token", "POST", "POST  ", "PO ST /a"] {
            assert!(matches!(Endpoint::parse(malformed), Err(PatternError::Malformed(_))), "{malformed:?}");
        }
        assert!(matches!(Endpoint::parse("/authorize?client_id=a"), Err(PatternError::Query(_))));
        assert!(matches!(Endpoint::parse("POST /_impostor/reset"), Err(PatternError::Control(_))));
    }

    #[test]
    fn it_is_written_as_it_was_given() {
        for text in ["POST /oauth/token", "/api/v2/*", "*"] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), text);
        }
    }
}
