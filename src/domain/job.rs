//! Jobs: what the Management API does meanwhile. Source: spec/management-api.md §7.

use serde::Serialize;

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
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Pending,
    Completed,
}

impl Job {
    pub(crate) fn is_remembered(&self, now: Timestamp) -> bool {
        now < self.created_at.plus_seconds(REMEMBERED_SECONDS)
    }
}
