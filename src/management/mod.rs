//! The Management API v2. Source: spec/management-api.md.
//!
//! A resource is a file, or a folder, with an `operations` function whose lines mount its handlers with their scopes.
//! What no line mounts answers 501, if the real service has it ([`operations`]).

mod apis;
mod asked;
mod body;
mod caller;
mod chosen_id;
mod client_grants;
mod clients;
mod connections;
mod cors;
mod error;
mod fields;
mod formats;
mod headers;
mod identity;
mod jobs;
mod keys;
pub(crate) mod logs;
mod operations;
mod organizations;
mod paging;
mod parameters;
mod permissions;
mod refresh_tokens;
mod resource_servers;
mod roles;
mod schema;
mod sessions;
mod tenants;
mod tickets;
mod user_blocks;
mod users;

use axum::Router;
use axum::middleware::from_fn;

use crate::management::operations::Operations;

/// Every operation below `/api/v2`, built or not.
pub(crate) fn router() -> Router {
    built().into_router().layer(from_fn(headers::layer)).layer(from_fn(cors::layer))
}

fn built() -> Operations {
    [
        client_grants::operations,
        clients::operations,
        connections::operations,
        organizations::operations,
        resource_servers::operations,
    ]
    .into_iter()
    .chain([roles::operations, logs::operations, tenants::operations, users::operations, keys::operations])
    .chain([sessions::operations, refresh_tokens::operations])
    .chain([jobs::operations, tickets::operations, user_blocks::operations])
    .fold(Operations::default(), |operations, add| add(operations))
}
