//! `/jobs`: mails with a verification link, and imports of users. Source: spec/management-api.md §7.

mod import;
mod imported;
mod posted;
mod verification;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::domain::job::Job;
use crate::management::error::ApiError;
use crate::management::operations::Operations;
use crate::management::parameters::ApiPath;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// How many jobs that may be over are looked at when one is added.
const SWEPT: usize = 8;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .post("/jobs/verification-email", &["update:users"], verification::verify_email)
        .post("/jobs/users-imports", &["create:users"], import::create)
        .get("/jobs/{id}", &["create:users", "read:users"], read)
        .get("/jobs/{id}/errors", &["create:users", "read:users"], errors)
}

/// Adds a job under a new id.
fn add(tx: &mut Tx<'_>, make: impl FnOnce(String) -> Job) -> Job {
    let (now, from) = (tx.now, format!("job_{}", tx.rng().alphanumeric(16)));
    tx.jobs.sweep(&from, SWEPT, |job| job.is_remembered(now));
    let job = make(format!("job_{}", tx.rng().alphanumeric(16)));
    tx.jobs.put(job.id.clone(), job.clone());
    job
}

/// `GET /jobs/{id}`
async fn read(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<Json<Value>, ApiError> {
    let not_found = ApiError::NotFound { message: "Job not found.", code: Some("inexistent_job") };
    let state = tenant.read();
    let job = state.jobs.get(&id).filter(|job| job.is_remembered(tenant.now())).ok_or(not_found)?;
    Ok(Json(json!(**job)))
}

/// `GET /jobs/{id}/errors`: what was wrong with users that were not imported; 204 when nothing was.
async fn errors(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<Response, ApiError> {
    let not_found = ApiError::NotFound { message: "The job does not exist", code: Some("inexistent_job") };
    let state = tenant.read();
    let job = state.jobs.get(&id).filter(|job| job.is_remembered(tenant.now())).ok_or(not_found)?;
    if job.extra.contains_key("status_details") {
        return Ok(Json(json!(**job)).into_response());
    }
    if job.errors.is_empty() {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Ok(Json(&job.errors).into_response())
    }
}
