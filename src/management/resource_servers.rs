//! `/resource-servers`, read only so far. Source: spec/management-api.md §11.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::domain::resource_server::MANAGEMENT_PATH;
use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::management::error::ApiError;
use crate::management::operations::Operations;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// How many APIs a page has unless it says.
const PER_PAGE: usize = 50;

pub(super) fn operations(operations: Operations) -> Operations {
    operations.get("/resource-servers", &["read:resource_servers"], list).get(
        "/resource-servers/{id}",
        &["read:resource_servers"],
        read,
    )
}

/// `GET /resource-servers`; `identifiers` chooses among them.
async fn list(tenant: Tenant, address: Address, query: Query) -> Result<Json<Value>, ApiError> {
    let page = Page::of(&query, PER_PAGE)?;
    let state = tenant.read();
    let named = |api: &ResourceServer| {
        query.text("identifiers").is_none_or(|names| names.split(',').any(|name| name == identifier(api, &address)))
    };
    let found: Vec<_> = state.resource_servers.rows().filter(|api| named(api)).collect();
    let total = found.len();
    let shown = page.cut(found.into_iter()).into_iter().map(|api| view(api, &address)).collect();
    Ok(Json(page.answer("resource_servers", shown, total)))
}

/// `GET /resource-servers/{id}`: by id, or by identifier.
async fn read(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let is_named = |api: &&std::sync::Arc<ResourceServer>| identifier(api, &address) == id;
    let api = state.resource_servers.get(id.as_str()).or_else(|| state.resource_servers.rows().find(is_named));
    let message = "The resource server does not exist";
    let api = api.ok_or(ApiError::NotFound { message, code: Some("inexistent_resource_server") })?;
    Ok(Json(view(api, &address)))
}

/// The Management API goes by the address that it is asked at.
fn identifier(api: &ResourceServer, address: &Address) -> String {
    if api.identifier == MANAGEMENT_IDENTIFIER {
        return format!("{}{MANAGEMENT_PATH}", address.issuer());
    }
    api.identifier.clone()
}

fn view(api: &ResourceServer, address: &Address) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(api) else { return Map::new() };
    view.insert("identifier".to_owned(), identifier(api, address).into());
    view
}
