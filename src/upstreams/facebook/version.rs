//! The version of Graph that a path begins with: `/v19.0/me`.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::request::Parts;

/// A version of Graph: major and minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(u16, u16);

impl Version {
    /// What is answered where no version is asked for.
    const NEWEST: Self = Self(19, 0);

    /// The last one that knew the fields which were retired in 2018 (spec/upstreams.md §2).
    pub(super) const LAST_WIDE: Self = Self(2, 12);

    fn parse(segment: &str) -> Option<Self> {
        let (major, minor) = segment.strip_prefix('v')?.split_once('.')?;
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }
}

/// Takes the version off a request's path and leaves it in the request.
pub(super) fn taken_off(mut request: Request) -> Request {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let (segment, rest) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    if let Some(version) = Version::parse(segment)
        && let Ok(uri) = Uri::try_from(format!("/{rest}"))
    {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(version);
    }
    request
}

impl<S: Sync> FromRequestParts<S> for Version {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self::NEWEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn a_version_is_taken_off_and_nothing_else() {
        let check = |path: &str, rest: &str, version: Option<Version>| {
            let request = taken_off(Request::builder().uri(path).body(Body::empty()).unwrap());
            assert_eq!((request.uri().to_string().as_str(), request.extensions().get().copied()), (rest, version));
        };
        check("/v19.0/me?fields=id", "/me?fields=id", Some(Version(19, 0)));
        check("/me?fields=a/b", "/me?fields=a/b", None);
        check("/v2.12/dialog/oauth", "/dialog/oauth", Some(Version::LAST_WIDE));
        check("/vx.1/me", "/vx.1/me", None);
        check("/v1.0", "/v1.0", None);
    }
}
