//! The fake Sign in with Apple. Source: spec/upstreams.md §5.

mod authorize;
mod claims;
mod client_secret;
mod dialect;
mod discovery;
mod error;
mod scopes;
mod token;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use axum::routing::post;

use crate::upstreams::apple::dialect::AppleDialect;
use crate::upstreams::apple::error::AppleError;
use crate::upstreams::fake::Fake;
use crate::upstreams::sign_in;

/// The fake Apple as a request finds it.
type Apple = Fake<AppleDialect>;

/// Apple's own paths.
pub(super) fn router() -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::document))
        .route("/auth/keys", get(discovery::key_set))
        .route("/auth/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/auth/token", post(token::exchange))
        .route("/auth/revoke", post(token::revoke))
        .merge(sign_in::router::<AppleDialect>())
        .fallback(|| async { AppleError::NotFound })
}
