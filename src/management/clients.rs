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
const SUMMARY: &[&str] =
    &["tenant", "client_id", "name", "app_type", "logo_uri", "description", "is_first_party", "global"];

/// What only `read:client_keys` shows.
const KEYS: &[&str] = &["client_secret", "signing_keys", "encryption_key"];

pub(super) fn operations(operations: Operations) -> Operations {
    operations.get("/clients", READ, list).get("/clients/{id}", READ, read)
}

/// `GET /clients`, in the order of their ids. The global client is in the list, too, unless `is_global` says otherwise.
async fn list(tenant: Tenant, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::of(&query, PER_PAGE)?, Fields::of(&query)?);
    let (is_global, is_first_party) = (query.flag("is_global")?, query.flag("is_first_party")?);
    let app_types = query.text("app_type")?;
    let fits = |client: &&Arc<Client>| {
        let is_type = |wanted: &str| client.app_type.as_deref() == Some(wanted);
        is_global.is_none_or(|wanted| client.global == wanted)
            && is_first_party.is_none_or(|wanted| client.is_first_party == wanted)
            && app_types.is_none_or(|wanted| wanted.split(',').any(is_type))
    };
    let state = tenant.read();
    let part = page.cut(state.clients.rows().filter(fits).collect(), |client| client.client_id.as_str());
    Ok(Json(page.answer("clients", part, |client| choose(&fields, view(client, &tenant, &caller)))))
}

/// `GET /clients/{id}`
async fn read(
    tenant: Tenant,
    caller: Caller,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let fields = Fields::of(&query)?;
    let state = tenant.read();
    let client = state.client(&id).ok_or(NO_SUCH_CLIENT)?;
    Ok(Json(choose(&fields, view(client, &tenant, &caller))))
}

pub(super) const NO_SUCH_CLIENT: ApiError =
    ApiError::NotFound { message: "The client does not exist", code: Some("inexistent_client") };

/// The client, as far as the caller may know it.
fn view(client: &Client, tenant: &Tenant, caller: &Caller) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(client) else { return Map::new() };
    view.insert("tenant".to_owned(), tenant.name().into());
    view.insert("global".to_owned(), client.global.into());
    if !caller.has("read:client_keys") {
        view.retain(|name, _| !KEYS.contains(&name.as_str()));
    }
    let sees_all = READ.iter().any(|scope| *scope != "read:client_summary" && caller.has(scope));
    view.retain(|name, _| sees_all || SUMMARY.contains(&name.as_str()));
    view
}

/// The fields asked for; the tenant's name is always among them, as recorded.
fn choose(fields: &Fields, mut view: Map<String, Value>) -> Map<String, Value> {
    view.retain(|name, _| name == "tenant" || fields.show(name));
    view
}
