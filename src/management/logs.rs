//! `/logs` and `/users/{id}/logs`: the tenant log. Source: spec/management-api.md §13.

use axum::Json;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::log::LogEvent;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::operations::Operations;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How many events a page has unless it says.
const PER_PAGE: usize = 50;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/logs", &["read:logs", "read:logs_users"], list)
        .get("/logs/{id}", &["read:logs", "read:logs_users"], read)
        .get("/users/{id}/logs", &["read:logs", "read:logs_users"], of_user)
}

/// `GET /logs`: newest first, or by `sort=date:1` oldest first; with `from` and `take` in the order of their ids.
async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    if query.text("q")?.is_some() {
        return Err(ApiError::NotBuilt("searching the log".to_owned()));
    }
    let state = tenant.read();
    if query.text("from")?.is_some() || query.text("take")?.is_some() {
        return after(&state, &query).map(Json);
    }
    page(&state, &query, |_| true).map(Json)
}

/// `GET /users/{id}/logs`
async fn of_user(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>, query: Query) -> Result<Json<Value>, ApiError> {
    let is_theirs = |event: &LogEvent| event.user_id.as_ref().is_some_and(|user_id| user_id.as_str() == id);
    page(&tenant.read(), &query, is_theirs).map(Json)
}

/// `GET /logs/{id}`
async fn read(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let found = state.logs.iter().find(|(number, event)| log_id(*number, event) == id);
    let (number, event) = found.ok_or(ApiError::NotFound { message: "Log not found", code: None })?;
    Ok(Json(view(&state, *number, event)))
}

fn page(state: &TenantState, query: &Query, fits: impl Fn(&LogEvent) -> bool) -> Result<Value, ApiError> {
    let (page, fields) = (Page::by_offset(query, PER_PAGE)?, Fields::of(query)?);
    page.check_window()?;
    let mut found: Vec<_> = state.logs.iter().filter(|(_, event)| fits(event)).collect();
    if query.text("sort")? != Some("date:1") {
        found.reverse();
    }
    // Only checkpoints need keys.
    let part = page.cut(found, |_| "");
    Ok(page.answer("logs", part, |(number, event)| fields.choose(view(state, *number, event))))
}

/// The events after the one called `from`, oldest first.
fn after(state: &TenantState, query: &Query) -> Result<Value, ApiError> {
    let take = query.number("take", 1, 100)?.unwrap_or(PER_PAGE);
    let fields = Fields::of(query)?;
    let from = query.text("from")?.unwrap_or_default();
    let later = state.logs.iter().filter(|(number, event)| *log_id(*number, event) > *from).take(take);
    Ok(later.map(|(number, event)| Value::Object(fields.choose(view(state, *number, event)))).collect())
}

/// 55 digits that begin with 900 and grow with time.
fn log_id(number: u64, event: &LogEvent) -> String {
    format!("900{:017}{number:035}", event.date.millis())
}

/// An event as this API shows it.
pub(crate) fn view(state: &TenantState, number: u64, event: &LogEvent) -> Map<String, Value> {
    let id = log_id(number, event);
    let client = event.client_id.as_ref();
    let client_name = client.and_then(|id| state.client(id.as_str())).map(|client| client.name.as_str());
    let connection = event.connection.as_deref().and_then(|name| state.connection_named(name));
    let user = event.user_id.as_ref().and_then(|id| state.users.get(id.as_str()));
    let mut view = json!({
        "date": event.date,
        "type": event.kind,
        "description": event.description,
        "connection": event.connection.as_deref().unwrap_or_default(),
        "connection_id": connection.map_or("", |connection| connection.id.as_str()),
        "client_id": client.map_or("", |id| id.as_str()),
        "client_name": client_name.unwrap_or_default(),
        "ip": event.ip.as_deref().unwrap_or_default(),
        "details": event.details,
        "user_id": event.user_id.as_ref().map_or("", |id| id.as_str()),
        "user_name": user.and_then(|user| user.email.as_deref()).unwrap_or_default(),
        "strategy": connection.map_or("", |connection| connection.strategy.as_str()),
        "log_id": id,
        "_id": id,
        "isMobile": false,
    });
    view.as_object_mut().map(std::mem::take).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn ids_have_55_digits_and_grow() {
        let event = |seconds| LogEvent {
            kind: "s",
            date: Timestamp::from_seconds(seconds),
            description: String::new(),
            client_id: None,
            user_id: None,
            connection: None,
            ip: None,
            details: Map::new(),
        };
        let (first, second) = (log_id(1, &event(100)), log_id(2, &event(100)));
        assert_eq!(first.len(), 55);
        assert!(first < second && second < log_id(1, &event(101)));
    }
}
