//! The tenant log, as tests read it: with the real event codes, newest first.
#![expect(unused_qualifications, reason = "the derived description names what it needs in full")]

use std::time::Duration;

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use tokio::time::timeout;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::harness::control::error::ControlError;
use crate::management::logs;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The longest that a call waits for an event, in seconds.
const LONGEST_WAIT: u64 = 60;

/// How many events are told unless `limit` says.
const USUAL_LIMIT: usize = 100;

/// Which events, and how long to wait for one.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LogsQuery {
    /// The event's code: `s`, `fp`, `seacft`, …
    #[serde(rename = "type")]
    kind: Option<String>,
    user_id: Option<String>,
    client_id: Option<String>,
    /// Only events after the one with this `log_id`.
    after: Option<String>,
    /// How many at most; the newest of those that fit.
    limit: Option<usize>,
    /// How many seconds to wait for an event when there is none yet.
    #[serde(default)]
    wait: u64,
}

/// Events, newest first, each as the Management API shows it.
#[derive(Serialize, ToSchema)]
pub(super) struct LogsView {
    #[schema(value_type = Vec<Object>)]
    logs: Vec<Map<String, Value>>,
}

/// The tenant's log, newest first. With `wait` it answers as soon as an event fits.
#[utoipa::path(get, path = "/logs", tag = "logs", params(LogsQuery), responses((status = 200, description = "The events", body = LogsView), ControlError))]
pub(super) async fn list(
    tenant: Tenant,
    query: Result<Query<LogsQuery>, QueryRejection>,
) -> Result<Json<LogsView>, ControlError> {
    let Query(query) = query.map_err(|error| ControlError::Invalid(error.body_text()))?;
    if query.wait > LONGEST_WAIT {
        return Err(ControlError::Invalid(format!("\"wait\" must be at most {LONGEST_WAIT} seconds")));
    }
    let found = timeout(Duration::from_secs(query.wait), first_found(&tenant, &query)).await;
    Ok(Json(LogsView { logs: found.unwrap_or_default() }))
}

async fn first_found(tenant: &Tenant, query: &LogsQuery) -> Vec<Map<String, Value>> {
    let mut changes = tenant.changes();
    loop {
        let found = query.fitting(&tenant.read());
        // The sender lives in the tenant, which is held here.
        if !found.is_empty() || query.wait == 0 || changes.changed().await.is_err() {
            return found;
        }
    }
}

impl LogsQuery {
    fn fitting(&self, state: &TenantState) -> Vec<Map<String, Value>> {
        let shown = state.logs.iter().rev().map(|(number, event)| (event, logs::view(state, *number, event)));
        let is_newer = |view: &Map<String, Value>| {
            self.after.as_deref().is_none_or(|after| view.get("log_id").and_then(Value::as_str) != Some(after))
        };
        let fits =
            |asked: &Option<String>, there: Option<&str>| asked.as_deref().is_none_or(|asked| there == Some(asked));
        shown
            .take_while(|(_, view)| is_newer(view))
            .filter(|(event, _)| {
                fits(&self.kind, Some(event.kind))
                    && fits(&self.user_id, event.user_id.as_ref().map(UserId::as_str))
                    && fits(&self.client_id, event.client_id.as_ref().map(ClientId::as_str))
            })
            .map(|(_, view)| view)
            .take(self.limit.unwrap_or(USUAL_LIMIT))
            .collect()
    }
}
