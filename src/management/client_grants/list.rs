//! `GET /client-grants` and `GET /client-grants/{id}`.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::grant::ClientGrant;
use crate::http::address::Address;
use crate::management::apis;
use crate::management::client_grants::NO_SUCH_GRANT;
use crate::management::client_grants::shape::SUBJECT_TYPES;
use crate::management::client_grants::view;
use crate::management::error::ApiError;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// How many grants a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /client-grants`, by offset or by checkpoint; several parameters choose among them.
pub(super) async fn list(tenant: Tenant, address: Address, query: Query) -> Result<Json<Value>, ApiError> {
    let page = Page::of(&query, PER_PAGE)?;
    let audience = query.text("audience")?.map(|written| apis::kept(written, &tenant, &address));
    let (client, any_organization) = (query.text("client_id")?, query.flag("allow_any_organization")?);
    let (subject, default_for) = (query.text("subject_type")?, query.text("default_for")?);
    if let Some(other) = subject.filter(|subject| !SUBJECT_TYPES.contains(subject)) {
        let problem = format!("No enum match for: {other}");
        return Err(ApiError::InvalidQuery { problem, property: "subject_type" });
    }
    let setting = |grant: &ClientGrant, name: &str, wanted: Option<Value>| {
        wanted.is_none_or(|wanted| grant.extra.get(name) == Some(&wanted))
    };
    let fits = |grant: &&Arc<ClientGrant>| {
        audience.is_none_or(|audience| grant.audience == audience)
            && client.is_none_or(|client| grant.client_id.as_str() == client)
            && subject.is_none_or(|subject| grant.is_for(subject))
            && setting(grant, "allow_any_organization", any_organization.map(Value::from))
            && setting(grant, "default_for", default_for.map(Value::from))
    };
    let state = tenant.read();
    let part = page.cut(state.client_grants.rows().filter(fits).collect(), |grant| grant.id.as_str());
    Ok(Json(page.answer("client_grants", part, |grant| view(grant, &address))))
}

/// `GET /client-grants/{id}`
pub(super) async fn read(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    Ok(Json(view(state.client_grants.get(id.as_str()).ok_or(NO_SUCH_GRANT)?, &address)))
}
