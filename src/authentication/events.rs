//! The tenant log, as this API writes it. Source: spec/management-api.md §13.

use crate::domain::log::LogEvent;
use crate::time::Timestamp;

/// An event of `kind` with nothing but its time and where it came from; the rest is filled in by struct update.
pub(crate) fn event(kind: &'static str, date: Timestamp, ip: &str) -> LogEvent {
    LogEvent { ip: Some(ip.to_owned()), ..LogEvent::new(kind, date) }
}
