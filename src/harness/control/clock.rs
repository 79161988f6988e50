//! The tenant's clock: read, frozen, set, advanced.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::store::tenant::Tenant;
use crate::time::Clock;
use crate::time::Timestamp;
use crate::time::parse_duration;

/// `PUT /_impostor/clock`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockRequest {
    frozen: Option<bool>,
    now: Option<Timestamp>,
}

/// `POST /_impostor/clock/advance`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvanceRequest {
    /// An ISO 8601 duration: `PT25H`.
    by: String,
}

/// `GET /_impostor/clock` → `{"now", "frozen"}`.
pub(super) async fn read(tenant: Tenant) -> Json<Value> {
    view(tenant.clock())
}

/// `PUT /_impostor/clock {"frozen"?, "now"?}`: sets the time, if given, and lets the clock stand or run from there.
/// What is not given stays as it is.
pub(super) async fn update(tenant: Tenant, Body(request): Body<ClockRequest>) -> Json<Value> {
    let clock = tenant.clock();
    let now = request.now.unwrap_or_else(|| clock.now());
    if request.frozen.unwrap_or_else(|| clock.is_frozen()) {
        clock.freeze(now);
    } else {
        clock.run_from(now);
    }
    view(clock)
}

/// `POST /_impostor/clock/advance {"by": "PT25H"}`: moves the clock forward, frozen or not.
pub(super) async fn advance(tenant: Tenant, Body(request): Body<AdvanceRequest>) -> Result<Json<Value>, ControlError> {
    let by = parse_duration(&request.by).ok_or_else(|| {
        ControlError::Invalid(
            "\"by\" must be an ISO 8601 duration of weeks, days, hours, minutes, seconds: PT25H".to_owned(),
        )
    })?;
    tenant.clock().advance(by);
    Ok(view(tenant.clock()))
}

fn view(clock: &Clock) -> Json<Value> {
    Json(json!({ "now": clock.now(), "frozen": clock.is_frozen() }))
}
