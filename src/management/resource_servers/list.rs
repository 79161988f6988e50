//! `GET /resource-servers` and `GET /resource-servers/{id}`.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::management::apis;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::resource_servers::NO_SUCH_API;
use crate::management::resource_servers::find;
use crate::management::resource_servers::view;
use crate::store::tenant::Tenant;

/// How many APIs a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /resource-servers`; `identifiers`, which may be repeated, chooses among them.
pub(super) async fn list(tenant: Tenant, address: Address, query: Query) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::by_offset(&query, PER_PAGE)?, Fields::of(&query)?);
    let wanted: Vec<_> = query.texts("identifiers").map(|written| apis::kept(written, &tenant, &address)).collect();
    let fits = |api: &&Arc<ResourceServer>| wanted.is_empty() || wanted.contains(&api.identifier.as_str());
    let state = tenant.read();
    let part = page.cut(state.resource_servers.rows().filter(fits).collect(), |api| api.id.as_str());
    Ok(Json(page.answer("resource_servers", part, |api| fields.choose(view(api, &state, &address)))))
}

/// `GET /resource-servers/{id}`: by id, or by identifier.
pub(super) async fn read(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let api = find(&state, (&tenant, &address), &id).ok_or(NO_SUCH_API)?;
    Ok(Json(fields.choose(view(api, &state, &address))))
}
