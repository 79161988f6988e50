//! The fake GitHub. Source: spec/upstreams.md §6.
//!
//! The paths of github.com and api.github.com stand side by side: no two of them are the same.

pub(super) mod account;
mod applications;
mod authorize;
mod dialect;
mod emails;
mod error;
mod scopes;
mod session;
mod token;
mod user;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::any;
use axum::routing::get;
use axum::routing::post;

use crate::upstreams::fake::Fake;
use crate::upstreams::github::dialect::GithubDialect;
use crate::upstreams::github::error::ApiError;
use crate::upstreams::sign_in;

/// The fake GitHub as a request finds it.
type Github = Fake<GithubDialect>;

/// GitHub's own paths.
pub(super) fn router() -> Router {
    let token = post(applications::check).delete(applications::delete_token).patch(applications::reset);
    Router::new()
        .route("/login/oauth/authorize", get(authorize::authorize))
        .route("/login/oauth/access_token", get(token::exchange).post(token::exchange))
        .route("/login/device/code", any(|| async { ApiError::NotBuilt("the device flow") }))
        .route("/user", get(user::user))
        .route("/user/emails", get(emails::all))
        .route("/user/public_emails", get(emails::public))
        .route("/user/orgs", get(user::organizations))
        .route("/applications/{client_id}/token", token)
        .route("/applications/{client_id}/grant", axum::routing::delete(applications::delete_grant))
        .route("/u/{id}", get(user::avatar))
        .merge(sign_in::router::<GithubDialect>())
        .fallback(|| async { ApiError::NotFound("") })
}
