//! The fake Microsoft: personal accounts, at the endpoints of version 2 with Microsoft Graph, and at the older Live
//! service. Source: spec/upstreams.md §4.
//!
//! The paths of login.microsoftonline.com, graph.microsoft.com, login.live.com and apis.live.net stand side by side.

mod authorize;
mod claims;
mod dialect;
mod directory;
mod discovery;
mod error;
mod graph;
mod live;
mod scopes;
mod session;
mod token;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use axum::routing::post;

use crate::upstreams::fake::Fake;
use crate::upstreams::microsoft::dialect::MicrosoftDialect;
use crate::upstreams::microsoft::error::GraphError;
use crate::upstreams::sign_in;

/// The fake Microsoft as a request finds it.
type Microsoft = Fake<MicrosoftDialect>;

/// Microsoft's own paths.
pub(super) fn router() -> Router {
    Router::new()
        .route("/{directory}/v2.0/.well-known/openid-configuration", get(discovery::document))
        .route("/{directory}/discovery/v2.0/keys", get(discovery::key_set))
        .route("/{directory}/oauth2/v2.0/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/{directory}/oauth2/v2.0/token", post(token::exchange))
        .route("/{directory}/oauth2/v2.0/logout", get(authorize::sign_out).post(authorize::sign_out))
        .route("/oidc/userinfo", get(graph::userinfo).post(graph::userinfo))
        .route("/v1.0/me", get(graph::me))
        .route("/v1.0/me/photo/$value", get(graph::photo))
        .route("/oauth20_authorize.srf", get(live::authorize))
        .route("/oauth20_token.srf", post(live::exchange))
        .route("/oauth20_logout.srf", get(authorize::sign_out))
        .route("/v5.0/me", get(live::me))
        .merge(sign_in::router::<MicrosoftDialect>())
        .fallback(|| async { GraphError::UnknownPath })
}
