//! Who serves which path. Source: design page, section 6.

use axum::Router;
use axum::routing::get;

use crate::authentication;
use crate::login;
use crate::management;
use crate::server::screen;
use crate::upstreams;

/// Everything that a tenant's address serves; `control` is what the harness serves below `/_impostor`.
pub(crate) fn router(control: Router) -> Router {
    Router::new()
        .route("/", get(screen::page))
        .nest("/api/v2", management::router())
        .nest("/_impostor", control)
        .nest("/_upstreams", upstreams::router())
        .merge(login::router())
        .merge(authentication::router())
}
