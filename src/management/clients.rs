//! `/clients`, read only so far. Source: spec/management-api.md §10.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::client::Client;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::operations::Operations;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// How many clients a page has unless it says.
const PER_PAGE: usize = 50;

const READ: &[&str] = &["read:clients", "read:client_keys", "read:client_credentials", "read:client_summary"];

/// What `read:client_summary` alone shows of a client.
const SUMMARY: &[&str] = &["client_id", "name", "app_type", "logo_uri", "description", "is_first_party"];

/// What only `read:client_keys` shows.
const KEYS: &[&str] = &["client_secret", "signing_keys", "encryption_key"];

pub(super) fn operations(operations: Operations) -> Operations {
    operations.get("/clients", READ, list).get("/clients/{id}", READ, read)
}

/// `GET /clients`, in the order of their ids. The global client is in the list, too, unless `is_global` says otherwise.
async fn list(tenant: Tenant, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::of(&query, PER_PAGE)?, Fields::of(&query)?);
    let (is_global, is_first_party) = (query.flag("is_global")?, query.flag("is_first_party")?);
    let fits = |client: &&Arc<Client>| {
        is_global.is_none_or(|wanted| client.global == wanted)
            && is_first_party.is_none_or(|wanted| client.is_first_party == wanted)
            && query
                .text("app_type")
                .is_none_or(|types| types.split(',').any(|wanted| client.app_type.as_deref() == Some(wanted)))
    };
    let state = tenant.read();
    let found: Vec<_> = state.clients.rows().filter(fits).collect();
    let total = found.len();
    let shown =
        page.cut(found.into_iter()).into_iter().map(|client| fields.choose(view(client, &tenant, &caller))).collect();
    Ok(Json(page.answer("clients", shown, total)))
}

/// `GET /clients/{id}`
async fn read(
    tenant: Tenant,
    caller: Caller,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let message = "The client does not exist";
    let client = state.client(&id).ok_or(ApiError::NotFound { message, code: Some("inexistent_client") })?;
    Ok(Json(Fields::of(&query)?.choose(view(client, &tenant, &caller))))
}

/// The client, as far as the caller may know it.
fn view(client: &Client, tenant: &Tenant, caller: &Caller) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(client) else { return Map::new() };
    view.insert("tenant".to_owned(), tenant.name().into());
    view.insert("global".to_owned(), client.global.into());
    if !caller.has("read:client_keys") {
        view.retain(|name, _| !KEYS.contains(&name.as_str()));
    }
    if !READ.iter().any(|scope| *scope != "read:client_summary" && caller.has(scope)) {
        view.retain(|name, _| SUMMARY.contains(&name.as_str()));
    }
    view
}
