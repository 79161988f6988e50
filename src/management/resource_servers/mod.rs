//! `/resource-servers`. Source: spec/management-api.md §11.

mod create;
mod list;
mod remove;
mod shape;
mod system;
mod update;

use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use crate::domain::client::Client;
use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::management::apis;
use crate::management::error::ApiError;
use crate::management::operations::Operations;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/resource-servers", &["read:resource_servers"], list::list)
        .post("/resource-servers", &["create:resource_servers"], create::create)
        .get("/resource-servers/{id}", &["read:resource_servers"], list::read)
        .patch("/resource-servers/{id}", &["update:resource_servers"], update::update)
        .delete("/resource-servers/{id}", &["delete:resource_servers"], remove::remove)
}

pub(super) const NO_SUCH_API: ApiError =
    ApiError::NotFound { message: "The resource server does not exist", code: Some("inexistent_resource_server") };

/// The API that a path names: by its id or by its identifier, which callers encode once or twice.
fn find<'a>(
    state: &'a TenantState,
    (tenant, address): (&Tenant, &Address),
    written: &str,
) -> Option<&'a Arc<ResourceServer>> {
    let named = |identifier: &str| apis::named(state, (tenant, address), identifier);
    state.resource_servers.get(written).or_else(|| named(written)).or_else(|| named(&decoded(written)))
}

/// A text whose percent-encoding is undone once more.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        let byte = escaped.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An API in lists and alone, with the client that is this API when it asks for tokens itself.
fn view(api: &ResourceServer, state: &TenantState, address: &Address) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(api) else { return Map::new() };
    let is_api = |client: &&Arc<Client>| {
        let named = client.extra.get("resource_server_identifier").and_then(Value::as_str);
        named == Some(api.identifier.as_str())
    };
    if let Some(client) = state.clients.rows().find(is_api) {
        view.insert("client_id".to_owned(), client.client_id.as_str().into());
    }
    view.insert("identifier".to_owned(), apis::shown(&api.identifier, address).into());
    view
}

/// What no signature or token of this server could keep to is refused.
fn check_built(api: &ResourceServer) -> Result<(), ApiError> {
    if api.signing_alg == "RS512" {
        return Err(ApiError::NotBuilt("the signing_alg RS512 of a resource server".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_may_be_encoded_twice() {
        assert_eq!(decoded("https%3A%2F%2Fapi.example%2f"), "https://api.example/");
        assert_eq!(decoded("100%, 5%2"), "100%, 5%2");
        assert_eq!(decoded("%C3%A9 é +"), "é é +");
    }
}
