//! The journal: what crossed the tenant's boundaries; and what a test expects of it.
#![expect(unused_qualifications, reason = "the derived description names what it needs in full")]

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::Serialize;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::harness::control::crossing::Crossing;
use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::http::failure::Failure;
use crate::http::journal::Direction;
use crate::http::journal::Entry;
use crate::http::journal::Journal;
use crate::http::journal::expectation::Expectation;
use crate::http::journal::expectation::Pattern;
use crate::http::journal::near;
use crate::http::journal::near::Verdict;
use crate::server::site::Site;

/// The longest that a call waits for an entry, in seconds.
const LONGEST_WAIT: u64 = 60;

/// How many entries are told unless `limit` says.
const USUAL_LIMIT: usize = 100;

/// How many expectations are held against the journal at once.
const MOST_EXPECTATIONS: usize = 200;

/// Which entries, and how long to wait for one.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct JournalQuery {
    /// `in` (to the tenant and its fakes) or `out` (from the tenant).
    direction: Option<Direction>,
    /// `tenant`, a fake's name, or a host outside.
    party: Option<String>,
    method: Option<String>,
    /// `*` stands for anything.
    path: Option<String>,
    status: Option<u16>,
    client_id: Option<String>,
    /// Only entries written after the one with this id.
    #[serde(default)]
    after: u64,
    /// How many at most; the newest of those that fit.
    limit: Option<usize>,
    /// How many seconds to wait for an entry when there is none yet.
    #[serde(default)]
    wait: u64,
}

/// Entries, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct JournalView {
    entries: Vec<Crossing>,
}

/// What is expected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyRequest {
    expectations: Vec<Expectation>,
    /// Whether the first call of each must come after the first of the one before.
    #[serde(default)]
    in_order: bool,
    /// Only entries written after the one with this id count.
    #[serde(default)]
    after: u64,
}

/// How the expectations fared.
#[derive(Serialize, ToSchema)]
pub(super) struct VerifyView {
    /// Whether all are satisfied.
    satisfied: bool,
    /// One an expectation, in their order.
    verdicts: Vec<Verdict>,
}

/// The crossings, newest first; secrets are masked. With `wait` it answers as soon as one fits.
#[utoipa::path(get, path = "/journal", tag = "journal", params(JournalQuery), responses((status = 200, description = "The entries", body = JournalView), ControlError))]
pub(super) async fn list(
    site: Site,
    query: Result<Query<JournalQuery>, QueryRejection>,
) -> Result<Json<JournalView>, ControlError> {
    let Query(query) = query.map_err(|error| ControlError::Invalid(error.body_text()))?;
    if query.wait > LONGEST_WAIT {
        return Err(ControlError::Invalid(format!("\"wait\" must be at most {LONGEST_WAIT} seconds")));
    }
    let (wait, after, limit) = (query.wait, query.after, query.limit.unwrap_or(USUAL_LIMIT));
    let pattern = query.into_pattern();
    let found = timeout(Duration::from_secs(wait), first_found(&site.journal, &pattern, after, wait)).await;
    let found = found.unwrap_or_default();
    let entries = found.iter().rev().take(limit).map(|entry| Crossing::of(entry)).collect();
    Ok(Json(JournalView { entries }))
}

/// One entry.
#[utoipa::path(get, path = "/journal/{id}", tag = "journal", params(("id" = u64, Path, description = "Its id")), responses((status = 200, description = "The entry", body = Crossing), ControlError))]
pub(super) async fn read(site: Site, Path(id): Path<String>) -> Result<Json<Crossing>, ControlError> {
    let entries = site.journal.entries();
    let found = entries.iter().find(|entry| entry.number.to_string() == id);
    let entry = found.ok_or(ControlError::NotFound { what: "entry", name: id })?;
    Ok(Json(Crossing::of(entry)))
}

/// Forgets all entries. Ids go on.
#[utoipa::path(delete, path = "/journal", tag = "journal", responses((status = 204, description = "Gone"), ControlError))]
pub(super) async fn clear(site: Site) -> StatusCode {
    site.journal.clear();
    StatusCode::NO_CONTENT
}

/// Holds expectations against the journal. What is not satisfied comes with the calls that nearly were what was expected.
#[utoipa::path(post, path = "/journal/verify", tag = "journal", request_body = VerifyRequest, responses((status = 200, description = "How they fared", body = VerifyView), ControlError))]
pub(super) async fn verify(site: Site, Body(request): Body<VerifyRequest>) -> Result<Json<VerifyView>, ControlError> {
    if request.expectations.len() > MOST_EXPECTATIONS {
        return Err(ControlError::Invalid(format!("at most {MOST_EXPECTATIONS} expectations at once")));
    }
    for (place, expectation) in request.expectations.iter().enumerate() {
        let wrong = |error| ControlError::Invalid(format!("expectations[{place}]: {error}"));
        expectation.check().map_err(wrong)?;
    }
    let entries = site.journal.after(request.after);
    let verdicts = spawn_blocking(move || near::verify(&request.expectations, request.in_order, &entries));
    let verdicts = verdicts.await.map_err(|error| ControlError::Internal(Failure::new(error)))?;
    Ok(Json(VerifyView { satisfied: verdicts.iter().all(|verdict| verdict.satisfied), verdicts }))
}

/// Waits until an entry fits; without `wait` the first look is the last.
async fn first_found(journal: &Journal, pattern: &Pattern, after: u64, wait: u64) -> Vec<Arc<Entry>> {
    let mut changes = journal.changes();
    loop {
        let found: Vec<_> = journal.after(after).into_iter().filter(|entry| pattern.fits(entry)).collect();
        // The sender lives in the journal, which is held here.
        if !found.is_empty() || wait == 0 || changes.changed().await.is_err() {
            return found;
        }
    }
}

impl JournalQuery {
    fn into_pattern(self) -> Pattern {
        Pattern {
            direction: self.direction,
            party: self.party,
            method: self.method,
            path: self.path,
            status: self.status,
            client_id: self.client_id,
            ..Pattern::default()
        }
    }
}
