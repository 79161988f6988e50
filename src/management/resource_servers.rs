//! `/resource-servers`, read only so far. Source: spec/management-api.md §11.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::domain::resource_server::MANAGEMENT_PATH;
use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::operations::Operations;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How many APIs a page has unless it says.
const PER_PAGE: usize = 50;

const READ: &[&str] = &["read:resource_servers"];

pub(super) fn operations(operations: Operations) -> Operations {
    operations.get("/resource-servers", READ, list).get("/resource-servers/{id}", READ, read)
}

/// `GET /resource-servers`; `identifiers`, which may be repeated, chooses among them.
async fn list(tenant: Tenant, address: Address, query: Query) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::by_offset(&query, PER_PAGE)?, Fields::of(&query)?);
    let wanted: Vec<_> = query.texts("identifiers").collect();
    let fits = |api: &&Arc<ResourceServer>| wanted.is_empty() || wanted.contains(&&*shown_identifier(api, &address));
    let state = tenant.read();
    let part = page.cut(state.resource_servers.rows().filter(fits).collect(), |api| api.id.as_str());
    Ok(Json(page.answer("resource_servers", part, |api| fields.choose(view(api, &address)))))
}

/// `GET /resource-servers/{id}`: by id, or by identifier.
async fn read(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let api = find(&state, &id, &address).ok_or(NO_SUCH_API)?;
    Ok(Json(fields.choose(view(api, &address))))
}

const NO_SUCH_API: ApiError =
    ApiError::NotFound { message: "The resource server does not exist", code: Some("inexistent_resource_server") };

fn find<'a>(state: &'a TenantState, id: &str, address: &Address) -> Option<&'a Arc<ResourceServer>> {
    let is_named = |api: &&Arc<ResourceServer>| shown_identifier(api, address) == id;
    state.resource_servers.get(id).or_else(|| state.resource_servers.rows().find(is_named))
}

/// The Management API goes by the address that it is asked at.
fn shown_identifier(api: &ResourceServer, address: &Address) -> String {
    if api.identifier == MANAGEMENT_IDENTIFIER {
        return format!("{}{MANAGEMENT_PATH}", address.issuer());
    }
    api.identifier.clone()
}

fn view(api: &ResourceServer, address: &Address) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(api) else { return Map::new() };
    view.insert("identifier".to_owned(), shown_identifier(api, address).into());
    view
}
