//! The control API's own description, OpenAPI 3.1: what the handlers say of themselves under one title.

use utoipa::openapi::InfoBuilder;
use utoipa::openapi::OpenApi;
use utoipa::openapi::ServerBuilder;

use crate::harness::control::VERSION;
use crate::harness::control::health_description;

/// What is served as `openapi.json`.
pub(super) fn of(mut described: OpenApi) -> OpenApi {
    described.merge(health_description());
    described.info = InfoBuilder::new()
        .title("Impostor's control API")
        .description(Some(
            "For tests: a call concerns the tenant whose address is asked. Bodies are JSON. When the server listens \
             beyond loopback, every call but `health` wants the control key as a bearer token.",
        ))
        .version(VERSION)
        .build();
    described.servers = Some(vec![ServerBuilder::new().url("/_impostor").build()]);
    described
}
