//! The fake generic OpenID provider: what a company's own identity provider may be. Its accounts are claims of any
//! shape. Source: spec/upstreams.md §9, OpenID Connect Core.

mod authorize;
mod claims;
mod dialect;
mod discovery;
mod error;
mod logout;
mod scopes;
mod token;
mod userinfo;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use axum::routing::post;

use crate::upstreams::fake::Fake;
use crate::upstreams::oidc::dialect::OidcDialect;
use crate::upstreams::oidc::error::OidcError;
use crate::upstreams::sign_in;

/// The fake provider as a request finds it.
type Oidc = Fake<OidcDialect>;

/// The provider's paths.
pub(super) fn router() -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::document))
        .route("/jwks", get(discovery::key_set))
        .route("/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/token", post(token::exchange))
        .route("/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
        .route("/revoke", post(token::revoke))
        .route("/logout", get(logout::sign_out).post(logout::sign_out))
        .merge(sign_in::router::<OidcDialect>())
        .fallback(|| async { OidcError::NotFound })
}
