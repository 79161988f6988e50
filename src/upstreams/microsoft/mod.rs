//! The fake Microsoft: personal accounts, at the endpoints of version 2 with Microsoft Graph, and at the older Live
//! service; and as Entra ID the people of the fake Active Directory, at both versions. Source: spec/upstreams.md §4.
//!
//! The paths of login.microsoftonline.com, graph.microsoft.com, login.live.com and apis.live.net stand side by side.

mod authorize;
mod claims;
mod dialect;
pub(super) mod directory;
mod discovery;
mod error;
mod graph;
mod live;
mod organization;
mod scopes;
mod session;
mod token;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use axum::routing::post;

use crate::upstreams::accounts::Account;
use crate::upstreams::fake::Fake;
use crate::upstreams::microsoft::dialect::MicrosoftDialect;
use crate::upstreams::microsoft::error::GraphError;
use crate::upstreams::provider::Provider;
use crate::upstreams::sign_in;
use crate::upstreams::state::UpstreamState;

/// The fake Microsoft as a request finds it.
type Microsoft = Fake<MicrosoftDialect>;

/// The account with this id: a personal one, or somebody's of the organization.
pub(super) fn account_of(state: &UpstreamState, id: &str) -> Option<Arc<Account>> {
    let personal = state.of(Provider::Microsoft).accounts.get(id).cloned();
    personal.or_else(|| organization::people::with_id(state, id).map(Arc::new))
}

/// Microsoft's own paths.
pub(super) fn router() -> Router {
    Router::new()
        .route("/{directory}/v2.0/.well-known/openid-configuration", get(discovery::document))
        .route("/{directory}/discovery/v2.0/keys", get(discovery::key_set))
        .route("/{directory}/oauth2/v2.0/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/{directory}/oauth2/v2.0/token", post(token::exchange))
        .route("/{directory}/oauth2/v2.0/logout", get(authorize::sign_out).post(authorize::sign_out))
        .route("/{directory}/.well-known/openid-configuration", get(discovery::document))
        .route("/{directory}/discovery/keys", get(discovery::key_set))
        .route("/{directory}/oauth2/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/{directory}/oauth2/token", post(token::exchange))
        .route("/{directory}/oauth2/logout", get(authorize::sign_out).post(authorize::sign_out))
        .route("/signin/password", post(organization::sign_in::submit))
        .route("/v1.0/me/memberOf", get(organization::graph::member_of))
        .route("/v1.0/me/transitiveMemberOf", get(organization::graph::transitive_member_of))
        .route("/v1.0/me/getMemberGroups", post(organization::graph::own_ids))
        .route("/v1.0/me/getMemberObjects", post(organization::graph::own_ids))
        .route("/v1.0/users/{id}/getMemberGroups", post(organization::graph::ids_of))
        .route("/v1.0/users/{id}/getMemberObjects", post(organization::graph::ids_of))
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
