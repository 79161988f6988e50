//! The fake Facebook. Source: spec/upstreams.md §2.
//!
//! Every path may begin with a version (`/v19.0/me`); the paths of all its hosts stand side by side.

mod app;
mod debug;
mod dialect;
mod dialog;
mod error;
mod fields;
mod graph;
mod permissions;
mod person;
mod picture;
mod session;
mod token;
mod version;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::any;
use axum::routing::delete;
use axum::routing::get;
use tower::ServiceExt as _;

use crate::upstreams::facebook::dialect::FacebookDialect;
use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::fake::Fake;
use crate::upstreams::sign_in;

/// The fake Facebook as a request finds it.
type Facebook = Fake<FacebookDialect>;

/// Facebook's own paths, with or without a version.
pub(super) fn router() -> Router {
    let dialog = get(dialog::open).post(dialog::open);
    let paths = Router::new()
        .route("/dialog/oauth", dialog)
        .route("/oauth/access_token", get(token::exchange).post(token::exchange))
        .route("/debug_token", get(debug::inspect))
        .route("/platform/profilepic/", get(picture::file))
        .route("/{node}", get(graph::node))
        .route("/{node}/permissions", get(permissions::list).delete(permissions::withdraw).post(permissions::posted))
        .route("/{node}/permissions/{permission}", delete(permissions::withdraw_one))
        .route("/{node}/picture", get(picture::of_node))
        .route("/device/login", any(|| async { GraphError::NotBuilt("the device flow") }))
        .route("/device/login_status", any(|| async { GraphError::NotBuilt("the device flow") }))
        .merge(sign_in::router::<FacebookDialect>())
        .fallback(|| async { GraphError::UnknownPath });
    Router::new().route_service("/{*path}", paths.map_request(version::taken_off))
}
