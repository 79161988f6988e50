//! `GET /clients` and `GET /clients/{id}`.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::client::Client;
use crate::keys::Keyring;
use crate::management::caller::Caller;
use crate::management::clients::NO_SUCH_CLIENT;
use crate::management::clients::view;
use crate::management::clients::view::Shown;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// How many clients a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /clients`, in the order of their ids. The global client is in the list, too, unless `is_global` says otherwise.
pub(super) async fn list(
    tenant: Tenant,
    keyring: Keyring,
    caller: Caller,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    if query.text("q")?.is_some() {
        return Err(ApiError::NotBuilt("the search of clients (q)".to_owned()));
    }
    let (page, fields) = (Page::of(&query, PER_PAGE)?, Fields::of(&query)?);
    let (is_global, is_first_party) = (query.flag("is_global")?, query.flag("is_first_party")?);
    let (app_types, external_id) = (query.text("app_type")?, query.text("external_client_id")?);
    let fits = |client: &&Arc<Client>| {
        let is_type = |wanted: &str| client.app_type.as_deref() == Some(wanted);
        let is_external = |wanted: &str| client.extra.get("external_client_id").and_then(Value::as_str) == Some(wanted);
        is_global.is_none_or(|wanted| client.global == wanted)
            && is_first_party.is_none_or(|wanted| client.is_first_party == wanted)
            && app_types.is_none_or(|wanted| wanted.split(',').any(is_type))
            && external_id.is_none_or(is_external)
    };
    let shown = Shown::of(&tenant, &keyring).await?;
    let state = tenant.read();
    let part = page.cut(state.clients.rows().filter(fits).collect(), |client| client.client_id.as_str());
    Ok(Json(page.answer("clients", part, |client| view::choose(&fields, shown.to(&caller, client)))))
}

/// `GET /clients/{id}`
pub(super) async fn read(
    tenant: Tenant,
    keyring: Keyring,
    caller: Caller,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let fields = Fields::of(&query)?;
    let shown = Shown::of(&tenant, &keyring).await?;
    let state = tenant.read();
    let client = state.client(&id).ok_or(NO_SUCH_CLIENT)?;
    Ok(Json(view::choose(&fields, shown.to(&caller, client))))
}
