//! The control API under `/_impostor/`, for tests only: one file a capability. Source: design page, section 6.

mod clock;
mod error;
mod guard;
mod outbox;
mod people;
mod tenants;
mod traces;

use axum::Json;
use axum::Router;
use axum::extract::OriginalUri;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::routing::patch;
use axum::routing::post;
use serde_json::Value;
use serde_json::json;

use crate::harness::control::error::ControlError;
use crate::server::site::Site;

pub(crate) use guard::Access;

/// Every path below `/_impostor`, behind the guards. What `access` asks for, all but `health` need.
pub(crate) fn router(access: Access) -> Router {
    let guarded = Router::new()
        .route("/tenants", get(tenants::list).post(tenants::create))
        .route("/tenants/{name}", get(tenants::read).delete(tenants::delete))
        .route("/reset", post(reset))
        .route("/clock", get(clock::read).put(clock::update))
        .route("/clock/advance", post(clock::advance))
        .route("/outbox", get(outbox::list).delete(outbox::clear))
        .route("/outbox/{id}", get(outbox::read))
        .route("/people", post(people::create))
        .route("/people/{at}/{id}", patch(people::update).delete(people::delete))
        .route("/traces/{id}", get(traces::read))
        .fallback(not_built)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(access, guard::check));
    Router::new().route("/health", get(health).fallback(method_not_allowed)).merge(guarded)
}

/// `GET /_impostor/health`: 200 as soon as requests are answered.
async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `POST /_impostor/reset`: the tenant asked goes back to its fixture (a fork, to what it was forked from) and to the
/// system's time. 204.
async fn reset(site: Site) -> StatusCode {
    site.reset();
    StatusCode::NO_CONTENT
}

async fn not_built(OriginalUri(uri): OriginalUri) -> ControlError {
    ControlError::NotBuilt(uri.path().to_owned())
}

async fn method_not_allowed() -> ControlError {
    ControlError::MethodNotAllowed
}
