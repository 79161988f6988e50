//! The mails and SMS that the tenant sent.
#![expect(unused_qualifications, reason = "the derived description names what it needs in full")]

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use tokio::time::timeout;
use utoipa::IntoParams;

use crate::domain::message::Message;
use crate::harness::control::error::ControlError;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The longest that a call waits for a mail, in seconds.
const LONGEST_WAIT: u64 = 60;

/// Which messages, and how long to wait for one.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OutboxQuery {
    /// The e-mail address, whatever its case, or the phone number.
    to: Option<String>,
    /// `email` or `sms`.
    kind: Option<String>,
    /// `verify_email`, `reset_email`, `blocked_account`, `passwordless_email`, `passwordless_sms`.
    template: Option<String>,
    /// Only mails sent after the one with this id.
    after: Option<String>,
    /// How many seconds to wait for a mail when there is none yet.
    #[serde(default)]
    wait: u64,
}

/// The mails and SMS that the tenant sent, newest first. With `wait` it answers as soon as there is one that fits, or with none
/// when so many seconds of the system's time have passed.
#[utoipa::path(get, path = "/outbox", tag = "outbox", params(OutboxQuery), responses((status = 200, description = "`{messages: […]}`"), ControlError))]
pub(super) async fn list(
    tenant: Tenant,
    query: Result<Query<OutboxQuery>, QueryRejection>,
) -> Result<Json<Value>, ControlError> {
    let Query(query) = query.map_err(|error| ControlError::Invalid(error.body_text()))?;
    if query.wait > LONGEST_WAIT {
        return Err(ControlError::Invalid(format!("\"wait\" must be at most {LONGEST_WAIT} seconds")));
    }
    let found = timeout(Duration::from_secs(query.wait), first_found(&tenant, &query)).await;
    Ok(Json(json!({ "messages": found.unwrap_or_default() })))
}

/// One mail.
#[utoipa::path(get, path = "/outbox/{id}", tag = "outbox", params(("id" = String, Path, description = "Its id")), responses((status = 200, description = "The mail"), ControlError))]
pub(super) async fn read(tenant: Tenant, Path(id): Path<String>) -> Result<Json<Value>, ControlError> {
    let state = tenant.read();
    let found = state.outbox.iter().find(|message| message.id == id);
    let message = found.ok_or(ControlError::NotFound { what: "mail", name: id })?;
    Ok(Json(json!(message)))
}

/// Throws the mails away; their links stay good.
#[utoipa::path(delete, path = "/outbox", tag = "outbox", responses((status = 204, description = "Gone"), ControlError))]
pub(super) async fn clear(tenant: Tenant) -> Result<StatusCode, ControlError> {
    let cleared = tenant.write(|tx| {
        tx.outbox.clear();
        Ok::<_, ControlError>(StatusCode::NO_CONTENT)
    });
    cleared.await
}

/// Waits until a mail fits; without `wait` the first look is the last.
async fn first_found(tenant: &Tenant, query: &OutboxQuery) -> Vec<Arc<Message>> {
    let mut changes = tenant.changes();
    loop {
        let found = query.fitting(&tenant.read());
        // The sender lives in the tenant, which is held here.
        if !found.is_empty() || query.wait == 0 || changes.changed().await.is_err() {
            return found;
        }
    }
}

impl OutboxQuery {
    fn fitting(&self, state: &TenantState) -> Vec<Arc<Message>> {
        let is_before = |message: &&Arc<Message>| self.after.as_ref() != Some(&message.id);
        let fits = |message: &&Arc<Message>| {
            let to = self.to.as_ref().is_none_or(|to| message.to.eq_ignore_ascii_case(to));
            let kind = self.kind.as_ref().is_none_or(|kind| message.kind.name() == kind);
            to && kind && self.template.as_ref().is_none_or(|name| message.template.name() == name)
        };
        state.outbox.iter().rev().take_while(is_before).filter(fits).cloned().collect()
    }
}
