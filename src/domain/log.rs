//! The tenant log. Source: spec/management-api.md §13.

use serde_json::Map;
use serde_json::Value;

use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::time::Timestamp;

/// One event of the tenant log.
#[derive(Clone, Debug)]
pub(crate) struct LogEvent {
    /// `s`, `f`, `seacft`, …
    pub(crate) kind: &'static str,
    pub(crate) date: Timestamp,
    pub(crate) description: String,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) user_id: Option<UserId>,
    pub(crate) connection: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) details: Map<String, Value>,
}
