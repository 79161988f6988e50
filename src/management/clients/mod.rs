//! `/clients` and what hangs below it. Source: spec/management-api.md §10.

mod checks;
mod connections;
mod create;
mod list;
mod remove;
mod secret;
mod shape;
mod update;
mod view;

use crate::management::error::ApiError;
use crate::management::operations::Operations;

/// Scopes that open the reading of clients, each some of it.
const READ: &[&str] = &["read:clients", "read:client_keys", "read:client_credentials", "read:client_summary"];

const UPDATE: &[&str] = &[
    "update:clients",
    "update:client_keys",
    "update:client_credentials",
    "update:client_token_vault_privileged_access",
];

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/clients", READ, list::list)
        .post("/clients", &["create:clients"], create::create)
        .get("/clients/{id}", READ, list::read)
        .patch("/clients/{id}", UPDATE, update::update)
        .delete("/clients/{id}", &["delete:clients"], remove::remove)
        .post("/clients/{id}/rotate-secret", &["update:client_keys"], secret::rotate)
        .get(
            "/clients/{id}/connections",
            &["read:connections", "read:clients", "read:client_summary"],
            connections::list,
        )
}

pub(super) const NO_SUCH_CLIENT: ApiError =
    ApiError::NotFound { message: "The client does not exist", code: Some("inexistent_client") };
