//! `/connections` and what hangs below it. Source: spec/management-api.md §9.

mod clients;
mod create;
mod list;
mod remove;
mod shape;
mod status;
mod update;
mod users;
mod view;

use serde_json::Map;
use serde_json::Value;

use crate::connections::adfs;
use crate::connections::samlp;
use crate::domain::connection::Connection;
use crate::domain::connection::rules::OptionsError;
use crate::domain::strategy::Strategy;
use crate::http::outgoing::Outgoing;
use crate::management::error::ApiError;
use crate::management::operations::Operations;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/connections", &["read:connections"], list::list)
        .post("/connections", &["create:connections"], create::create)
        .get("/connections/{id}", &["read:connections"], list::read)
        .patch("/connections/{id}", &["update:connections"], update::update)
        .delete("/connections/{id}", &["delete:connections"], remove::remove)
        .get("/connections/{id}/clients", &["read:connections"], clients::list)
        .patch("/connections/{id}/clients", &["update:connections"], clients::update)
        .get("/connections/{id}/status", &["read:connections"], status::check)
        .delete("/connections/{id}/users", &["delete:users"], users::remove)
}

const NO_SUCH_CONNECTION: ApiError =
    ApiError::NotFound { message: "The connection does not exist", code: Some("inexistent_connection") };

/// Fills in what the options of a SAML or AD FS connection leave to metadata.
async fn import(strategy: Strategy, options: &mut Map<String, Value>, outgoing: &Outgoing) -> Result<(), ApiError> {
    let filled = match strategy.as_str() {
        "adfs" => adfs::import::complete(options, outgoing).await,
        _ if strategy.is_saml() => samlp::import::complete(options, outgoing).await,
        _ => return Ok(()),
    };
    // Our own text: the real service's is not recorded.
    filled.map_err(|error| ApiError::refused("invalid_body", error))
}

/// Rules across the properties of a connection.
fn check(connection: &Connection) -> Result<(), ApiError> {
    let asks_for_other_apps = connection.extra.contains_key("cross_app_access_requesting_app");
    if asks_for_other_apps && !matches!(connection.strategy.as_str(), "oidc" | "okta") {
        let message = "Cross App Access Requesting App is not supported for this connection.";
        return Err(ApiError::refused("operation_not_supported", message));
    }
    Ok(crate::domain::connection::rules::check(connection.strategy, &connection.options)?)
}

impl From<OptionsError> for ApiError {
    fn from(error: OptionsError) -> Self {
        Self::refused("invalid_body", error.to_string())
    }
}
