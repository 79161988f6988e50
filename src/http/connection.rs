//! The connection that a request came in over.

use std::net::IpAddr;
use std::net::SocketAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::http::extension::extension;
use crate::http::failure::Failure;

/// Facts about a connection. `X-Forwarded-*` is ignored: this is who really called (design page, section 6).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connection {
    /// TLS.
    pub(crate) secure: bool,
    pub(crate) peer: SocketAddr,
    pub(crate) local: SocketAddr,
}

impl Connection {
    /// The caller's address; one of IPv4 that came over IPv6 is shown as what it is.
    pub(crate) fn ip(&self) -> IpAddr {
        self.peer.ip().to_canonical()
    }
}

impl<S: Sync> FromRequestParts<S> for Connection {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        extension(parts)
    }
}
