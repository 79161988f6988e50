//! `/organizations/{id}/enabled_connections`: with which connections people sign in to an organization.
//! Source: spec/management-api.md §12.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::ConnectionId;
use crate::domain::organization::EnabledConnection;
use crate::domain::organization::Organization;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::error::ApiError;
use crate::management::organizations::NO_SUCH_ORGANIZATION;
use crate::management::organizations::shape;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::schema::Call;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// How many a page has unless it says.
const PER_PAGE: usize = 50;

/// As recorded.
const NO_SUCH_CONNECTION: ApiError = ApiError::NotFound { message: "No connection found by that id", code: None };

const ENABLED_ALREADY: ApiError =
    ApiError::Conflict { message: "The organization connection already exists.", code: Some("conflict") };

/// `GET /organizations/{id}/enabled_connections`, in the order in which they were enabled.
pub(super) async fn list(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::of(&query, PER_PAGE)?;
    let state = tenant.read();
    let organization = state.organizations.get(id.as_str()).ok_or(NO_SUCH_ORGANIZATION)?;
    let there = |enabled: &&EnabledConnection| state.connections.get(enabled.connection_id.as_str()).is_some();
    let enabled = organization.connections.iter().filter(there).collect();
    let part = page.cut(enabled, |enabled| enabled.connection_id.as_str());
    Ok(Json(page.answer("enabled_connections", part, |enabled| view(&state, enabled))))
}

/// `GET /organizations/{id}/enabled_connections/{connectionId}`.
pub(super) async fn read(
    tenant: Tenant,
    ApiPath((id, connection)): ApiPath<(String, String)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let organization = state.organizations.get(id.as_str()).ok_or(NO_SUCH_ORGANIZATION)?;
    let enabled = organization.connection(&ConnectionId::from(connection)).ok_or(NO_SUCH_CONNECTION)?;
    Ok(Json(view(&state, enabled)))
}

/// `POST /organizations/{id}/enabled_connections`: 201 with what was enabled.
pub(super) async fn add(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let body = body.check(&shape::ENABLED_CONNECTION, Call::Create)?;
    let added = tenant.write(|tx| {
        let mut organization = of_id(tx, &id)?;
        let enabled = enabled_by(tx, &body)?;
        if organization.connection(&enabled.connection_id).is_some() {
            return Err(ENABLED_ALREADY);
        }
        organization.connections.push(enabled.clone());
        tx.organizations.put(organization.id.clone(), organization);
        Ok(view(tx, &enabled))
    });
    Ok((StatusCode::CREATED, Json(added.await?)))
}

/// `PATCH /organizations/{id}/enabled_connections/{connectionId}`: what is given is replaced.
pub(super) async fn update(
    tenant: Tenant,
    ApiPath((id, connection)): ApiPath<(String, String)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let body = body.check(&shape::ENABLED_CONNECTION, Call::Update)?;
    let connection = ConnectionId::from(connection);
    let updated = tenant.write(|tx| {
        let mut organization = of_id(tx, &id)?;
        let mut enabled = organization.connections.iter_mut();
        let enabled = enabled.find(|enabled| enabled.connection_id == connection).ok_or(NO_SUCH_CONNECTION)?;
        set(enabled, &body);
        let enabled = enabled.clone();
        tx.organizations.put(organization.id.clone(), organization);
        Ok::<_, ApiError>(view(tx, &enabled))
    });
    Ok(Json(updated.await?))
}

/// `DELETE /organizations/{id}/enabled_connections/{connectionId}`: 204, also for one that is not enabled.
pub(super) async fn remove(
    tenant: Tenant,
    ApiPath((id, connection)): ApiPath<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let connection = ConnectionId::from(connection);
    let removed = tenant.write(|tx| {
        let mut organization = of_id(tx, &id)?;
        organization.connections.retain(|enabled| enabled.connection_id != connection);
        tx.organizations.put(organization.id.clone(), organization);
        Ok::<_, ApiError>(StatusCode::NO_CONTENT)
    });
    removed.await
}

/// What one item of a body enables, with the real service's defaults.
///
/// # Errors
/// 404 when the connection is not there.
pub(super) fn enabled_by(state: &TenantState, body: &Checked) -> Result<EnabledConnection, ApiError> {
    let connection = body.text("connection_id").and_then(|id| state.connections.get(id)).ok_or(NO_SUCH_CONNECTION)?;
    let mut enabled = EnabledConnection::of(connection.id.clone());
    set(&mut enabled, body);
    Ok(enabled)
}

fn set(enabled: &mut EnabledConnection, body: &Checked) {
    let flags = [
        ("assign_membership_on_login", &mut enabled.assign_membership_on_login),
        ("is_signup_enabled", &mut enabled.is_signup_enabled),
        ("show_as_button", &mut enabled.show_as_button),
    ];
    for (name, flag) in flags {
        *flag = body.flag(name).unwrap_or(*flag);
    }
}

fn of_id(tx: &Tx<'_>, id: &str) -> Result<Organization, ApiError> {
    tx.organizations.get(id).map(|organization| Organization::clone(organization)).ok_or(NO_SUCH_ORGANIZATION)
}

/// `is_signup_enabled` is told of databases alone, as recorded.
fn view(state: &TenantState, enabled: &EnabledConnection) -> Map<String, Value> {
    let connection = state.connections.get(enabled.connection_id.as_str());
    let database = connection.is_some_and(|connection| connection.strategy.is_database());
    let mut view = Map::new();
    view.insert("connection_id".to_owned(), enabled.connection_id.as_str().into());
    view.insert("assign_membership_on_login".to_owned(), enabled.assign_membership_on_login.into());
    if database {
        view.insert("is_signup_enabled".to_owned(), enabled.is_signup_enabled.into());
    }
    view.insert("show_as_button".to_owned(), enabled.show_as_button.into());
    let about = connection.map(|connection| json!({ "name": connection.name, "strategy": connection.strategy }));
    view.insert("connection".to_owned(), about.unwrap_or_default());
    view
}
