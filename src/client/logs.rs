//! The tenant log, with the real service's event codes.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::client::control::Control;
use crate::client::error::ClientError;

#[derive(Deserialize)]
struct Logs {
    logs: Vec<Map<String, Value>>,
}

impl Control {
    /// The tenant's log, newest first, each event as the Management API shows it; `query` is what follows the `?`: `type`
    /// (`s`, `fp`, …), `user_id`, `client_id`, `after` (a `log_id`), `limit`, `wait` (seconds).
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the query is wrong.
    pub async fn logs(&self, query: &[(&str, &str)]) -> Result<Vec<Map<String, Value>>, ClientError> {
        let mut url = self.url("logs")?;
        url.query_pairs_mut().extend_pairs(query);
        let listed: Logs = self.transport.send(self.transport.get(&url)).await?.json()?;
        Ok(listed.logs)
    }
}
