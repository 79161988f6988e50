//! The address that a request was asked at. Source: design page, section 6.

use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::http::extension::extension;
use crate::http::failure::Failure;

/// `SCHEME://HOST[:PORT]` as the client used it, or as `--issuer` fixes it. Every URL handed out starts with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    base: Arc<str>,
}

impl Address {
    /// From a scheme and an authority that were checked.
    pub(crate) fn new(secure: bool, authority: &str) -> Self {
        let scheme = if secure { "https" } else { "http" };
        Self { base: format!("{scheme}://{authority}").into() }
    }

    /// From a base URL; a trailing slash is dropped.
    pub(crate) fn of_base(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').into() }
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
