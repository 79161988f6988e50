//! The control API under `/_impostor/`, for tests only: one file a capability. Its description (OpenAPI) is made from
//! the handlers. Source: design page, section 6.

mod clock;
pub(crate) mod crossing;
mod description;
mod directory_people;
pub(crate) mod error;
mod events;
mod faults;
mod fixture;
mod guard;
mod issued;
mod journal;
mod login_as;
mod login_view;
mod logins;
mod logs;
mod making;
mod outbox;
mod people;
mod saml_people;
mod snapshots;
mod tenants;
mod tokens;
mod traces;

use axum::Json;
use axum::Router;
use axum::extract::OriginalUri;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::harness::control::error::Empty;
use crate::server::site::Site;
use crate::server::site::let_go;

pub(crate) use guard::Access;

/// The version of the control API: raised when a call changes its meaning. Paths below `/_impostor/v1` are the same ones.
pub(crate) const VERSION: &str = "1";

/// Every path below `/_impostor`, behind the guards. What `access` asks for, all but `health` need.
pub(crate) fn router(access: Access) -> Router {
    let (guarded, described) = operations().split_for_parts();
    let described = description::of(described);
    let guarded = guarded
        .route("/openapi.json", get(async move || Json(described)))
        .fallback(not_built)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(access, guard::check));
    let (open, _) = open_to_all().split_for_parts();
    let all = open.method_not_allowed_fallback(method_not_allowed).merge(guarded);
    Router::new().nest(&format!("/v{VERSION}"), all.clone()).merge(all)
}

/// Every operation behind the guards, with its description; a capability is a line.
fn operations() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(reset))
        .routes(routes!(tenants::list, tenants::create))
        .routes(routes!(tenants::read, tenants::delete))
        .routes(routes!(clock::read, clock::update))
        .routes(routes!(clock::advance))
        .routes(routes!(clock::resume))
        .routes(routes!(snapshots::list, snapshots::create))
        .routes(routes!(snapshots::read, snapshots::delete))
        .routes(routes!(snapshots::restore))
        .routes(routes!(faults::list, faults::create, faults::clear))
        .routes(routes!(faults::read, faults::delete))
        .routes(routes!(fixture::read))
        .routes(routes!(people::list, people::create))
        .routes(routes!(people::read, people::update, people::delete))
        .routes(routes!(events::listen))
        .routes(routes!(issued::list))
        .routes(routes!(journal::list, journal::clear))
        .routes(routes!(journal::read))
        .routes(routes!(journal::verify))
        .routes(routes!(logins::create))
        .routes(routes!(login_as::open))
        .routes(routes!(logs::list))
        .routes(routes!(outbox::list, outbox::clear))
        .routes(routes!(outbox::read))
        .routes(routes!(tokens::create))
        .routes(routes!(traces::read))
}

/// What no key is asked for.
fn open_to_all() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(health))
}

fn health_description() -> OpenApi {
    open_to_all().into_openapi()
}

/// That the server is ready.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
    /// The program's version.
    impostor: &'static str,
    /// The control API's version.
    control: &'static str,
}

/// 200 as soon as requests are answered.
#[utoipa::path(get, path = "/health", tag = "server", responses((status = 200, description = "Ready", body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { status: "ok", impostor: env!("CARGO_PKG_VERSION"), control: VERSION })
}

/// The tenant asked goes back to its fixture (a fork, to what it was forked from), and its clock to how it was set then:
/// to the system's time, if nobody had moved it. Snapshots stay.
#[utoipa::path(post, path = "/reset", tag = "tenants", responses((status = 204, description = "As it began"), ControlError))]
async fn reset(site: Site, _: Body<Empty>) -> StatusCode {
    let_go(site.reset());
    StatusCode::NO_CONTENT
}

async fn not_built(OriginalUri(uri): OriginalUri) -> ControlError {
    ControlError::NotBuilt(uri.path().to_owned())
}

async fn method_not_allowed() -> ControlError {
    ControlError::MethodNotAllowed
}
