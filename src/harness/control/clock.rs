//! The tenant's clock: read, frozen, set, advanced.

use axum::Json;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::harness::control::error::Empty;
use crate::store::tenant::Tenant;
use crate::time::Clock;
use crate::time::Timestamp;
use crate::time::parse_duration;

/// What the clock is to show, and whether it stands.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockRequest {
    frozen: Option<bool>,
    /// ISO 8601.
    #[schema(value_type = Option<String>, format = DateTime)]
    now: Option<Timestamp>,
}

/// How far the clock moves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvanceRequest {
    /// An ISO 8601 duration: `PT25H`.
    by: String,
}

/// The tenant's time.
#[derive(Serialize, ToSchema)]
pub(super) struct ClockView {
    /// ISO 8601.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
    /// Whether it stands still.
    frozen: bool,
}

/// The tenant's time, and whether it stands still.
#[utoipa::path(get, path = "/clock", tag = "clock", responses((status = 200, description = "The clock", body = ClockView), ControlError))]
pub(super) async fn read(tenant: Tenant) -> Json<ClockView> {
    view(tenant.clock())
}

/// Sets the time, if given, and lets the clock stand or run from there. What is not given stays as it is.
#[utoipa::path(put, path = "/clock", tag = "clock", request_body = ClockRequest, responses((status = 200, description = "The clock", body = ClockView), ControlError))]
pub(super) async fn update(tenant: Tenant, Body(request): Body<ClockRequest>) -> Json<ClockView> {
    let clock = tenant.clock();
    let now = request.now.unwrap_or_else(|| clock.now());
    if request.frozen.unwrap_or_else(|| clock.is_frozen()) {
        clock.freeze(now);
    } else {
        clock.run_from(now);
    }
    view(clock)
}

/// Moves the clock forward, frozen or not.
#[utoipa::path(post, path = "/clock/advance", tag = "clock", request_body = AdvanceRequest, responses((status = 200, description = "The clock", body = ClockView), ControlError))]
pub(super) async fn advance(
    tenant: Tenant,
    Body(request): Body<AdvanceRequest>,
) -> Result<Json<ClockView>, ControlError> {
    let by = parse_duration(&request.by).ok_or_else(|| {
        ControlError::Invalid(
            "\"by\" must be an ISO 8601 duration of weeks, days, hours, minutes, seconds: PT25H".to_owned(),
        )
    })?;
    tenant.clock().advance(by);
    Ok(view(tenant.clock()))
}

/// The clock shows the system's time again, and runs with it.
#[utoipa::path(post, path = "/clock/resume", tag = "clock", responses((status = 200, description = "The clock", body = ClockView), ControlError))]
pub(super) async fn resume(tenant: Tenant, _: Body<Empty>) -> Json<ClockView> {
    tenant.clock().reset();
    view(tenant.clock())
}

fn view(clock: &Clock) -> Json<ClockView> {
    Json(ClockView { now: clock.now(), frozen: clock.is_frozen() })
}
