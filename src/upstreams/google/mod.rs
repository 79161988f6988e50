//! The fake Google. Source: spec/upstreams.md §1.
//!
//! The paths of all its hosts (accounts.google.com, oauth2.googleapis.com, www.googleapis.com, …) stand side by side:
//! no two of them are the same.

mod authorize;
mod bearer;
mod claims;
mod dialect;
mod discovery;
mod error;
mod scopes;
mod token;
mod tokeninfo;
mod userinfo;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::any;
use axum::routing::get;
use axum::routing::post;

use crate::upstreams::fake::Fake;
use crate::upstreams::google::dialect::GoogleDialect;
use crate::upstreams::google::error::GoogleError;
use crate::upstreams::sign_in;

/// The fake Google as a request finds it.
type Google = Fake<GoogleDialect>;

/// Google's own paths.
pub(super) fn router() -> Router {
    let authorize = get(authorize::authorize).post(authorize::authorize);
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::document))
        .route("/oauth2/v3/certs", get(discovery::key_set))
        .route("/oauth2/v1/certs", get(discovery::certificates))
        .route("/o/oauth2/v2/auth", authorize.clone())
        .route("/o/oauth2/auth", authorize)
        .route("/token", post(token::exchange))
        .route("/oauth2/v4/token", post(token::exchange))
        .route("/o/oauth2/token", post(token::exchange))
        .route("/v1/userinfo", get(userinfo::openid).post(userinfo::openid))
        .route("/oauth2/v3/userinfo", get(userinfo::openid).post(userinfo::openid))
        .route("/oauth2/v2/userinfo", get(userinfo::second).post(userinfo::second))
        .route("/oauth2/v1/userinfo", get(userinfo::second).post(userinfo::second))
        .route("/tokeninfo", get(tokeninfo::inspect).post(tokeninfo::inspect))
        .route("/oauth2/v3/tokeninfo", get(tokeninfo::inspect).post(tokeninfo::inspect))
        .route("/revoke", get(tokeninfo::revoke).post(tokeninfo::revoke))
        .route("/o/oauth2/revoke", get(tokeninfo::revoke).post(tokeninfo::revoke))
        .route("/a/{picture}", get(userinfo::picture))
        .route("/Logout", get(authorize::sign_out))
        .route("/device/code", any(|| async { GoogleError::NotBuilt("the device flow") }))
        .merge(sign_in::router::<GoogleDialect>())
        .fallback(|| async { GoogleError::NotFound })
}
