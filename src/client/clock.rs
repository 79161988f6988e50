//! A tenant's clock: stopped, set, moved on, and let run again.

use crate::client::control::Control;
use crate::client::error::ClientError;
use serde::Deserialize;
use serde_json::{Map, json};

/// A tenant's clock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ClockState {
    /// The time there, in ISO 8601.
    pub now: String,
    /// Whether it stands still.
    pub frozen: bool,
}

impl Control {
    /// The tenant's clock.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not answer so.
    pub async fn clock(&self) -> Result<ClockState, ClientError> {
        self.transport.send(self.transport.get(&self.url("clock")?)).await?.json()
    }

    /// Stops the tenant's clock, at `now` (ISO 8601) if given, or lets it run again.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when `now` is no time.
    pub async fn set_clock(&self, frozen: bool, now: Option<&str>) -> Result<ClockState, ClientError> {
        let mut body = Map::from_iter([("frozen".to_owned(), json!(frozen))]);
        body.extend(now.map(|now| ("now".to_owned(), json!(now))));
        self.transport.send(self.transport.put(&self.url("clock")?).json(&body)).await?.json()
    }

    /// Moves the tenant's clock on by an ISO 8601 duration such as `PT25H`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when `by` is no duration.
    pub async fn advance(&self, by: &str) -> Result<ClockState, ClientError> {
        let request = self.transport.post(&self.url("clock/advance")?).json(&json!({ "by": by }));
        self.transport.send(request).await?.json()
    }

    /// Has the tenant's clock show the system's time again.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not.
    pub async fn resume_clock(&self) -> Result<ClockState, ClientError> {
        let request = self.transport.post(&self.url("clock/resume")?).json(&json!({}));
        self.transport.send(request).await?.json()
    }
}
