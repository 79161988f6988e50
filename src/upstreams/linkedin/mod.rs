//! The fake LinkedIn: OpenID Connect, and the two older ages of its API. Source: spec/upstreams.md §3.
//!
//! The paths of www.linkedin.com and api.linkedin.com stand side by side: no two of them are the same.

pub(super) mod account;
mod authorize;
mod claims;
mod dialect;
mod discovery;
mod error;
mod inspection;
mod legacy;
mod people;
mod scopes;
mod session;
mod token;
mod userinfo;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use axum::routing::post;

use crate::upstreams::fake::Fake;
use crate::upstreams::linkedin::dialect::LinkedinDialect;
use crate::upstreams::linkedin::error::ApiError;
use crate::upstreams::sign_in;

/// The fake LinkedIn as a request finds it.
type Linkedin = Fake<LinkedinDialect>;

/// LinkedIn's own paths.
pub(super) fn router() -> Router {
    Router::new()
        .route("/oauth/.well-known/openid-configuration", get(discovery::document))
        .route("/oauth/openid/jwks", get(discovery::key_set))
        .route("/oauth/v2/authorization", get(authorize::authorize))
        .route("/oauth/v2/accessToken", post(token::exchange))
        .route("/oauth/v2/introspectToken", post(inspection::introspect))
        .route("/oauth/v2/revoke", post(inspection::revoke))
        .route("/v2/userinfo", get(userinfo::userinfo))
        .route("/v2/me", get(legacy::me))
        .route("/v2/emailAddress", get(legacy::email_address))
        .route("/v1/people/{selection}", get(people::people))
        .route("/dms/image/{id}", get(userinfo::picture))
        .merge(sign_in::router::<LinkedinDialect>())
        .fallback(|| async { ApiError::NotFound })
}
