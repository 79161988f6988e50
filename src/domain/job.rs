//! Jobs: what the Management API does meanwhile. Source: spec/management-api.md §7.

use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::time::Timestamp;

/// How long a job can be asked about, in seconds: a day.
const REMEMBERED_SECONDS: i64 = 24 * 3600;

/// A job that is done. Serialized as the Management API shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Job {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) status: Status,
    pub(crate) created_at: Timestamp,
    /// `job_` and 16 letters and digits.
    pub(crate) id: String,
    /// What only its kind has.
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
    /// Of an import: what was wrong, as `GET /jobs/{id}/errors` tells it.
    #[serde(skip)]
    pub(crate) errors: Vec<Value>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Pending,
    Completed,
    Failed,
}

impl Job {
    pub(crate) fn new(kind: &'static str, status: Status, created_at: Timestamp, id: String) -> Self {
        Self { kind, status, created_at, id, extra: Map::new(), errors: Vec::new() }
    }

    pub(crate) fn is_remembered(&self, now: Timestamp) -> bool {
        now < self.created_at.plus_seconds(REMEMBERED_SECONDS)
    }
}
