//! Imports of users, by a job of the Management API. Source: spec/management-api.md §7.

use std::time::Duration;

use crate::client::error::ClientError;
use crate::client::management::Management;
use serde::Deserialize;
use serde_json::Value;

/// What parts of the body are told apart by.
const BOUNDARY: &str = "impostor-0f1d2c3b4a59687766554433221100";

/// How long the job is waited for, and how often it is asked about.
const PATIENCE: Duration = Duration::from_mins(1);
const PACE: Duration = Duration::from_millis(20);

#[derive(Deserialize)]
struct Job {
    id: String,
    status: String,
}

impl Management {
    /// Imports users into a database, by its id, and waits for the job. Gives what was wrong with those that were not
    /// imported.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when no job is begun, [`ClientError::Unreadable`] when it doesn't end within a minute.
    pub async fn import_users(&self, connection_id: &str, users: &[Value]) -> Result<Vec<String>, ClientError> {
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let job: Job =
            self.post_bytes("jobs/users-imports", &content_type, form(connection_id, users)).await?.json()?;
        let wait = async {
            let mut pace = tokio::time::interval(PACE);
            loop {
                pace.tick().await;
                let job: Job = self.read_as(&format!("jobs/{}", job.id)).await?;
                if matches!(job.status.as_str(), "completed" | "failed") {
                    return Ok::<_, ClientError>(());
                }
            }
        };
        let late = |_| ClientError::Unreadable { url: format!("jobs/{}", job.id), cause: "a job that ends".to_owned() };
        tokio::time::timeout(PATIENCE, wait).await.map_err(late)??;
        let told = self.read(&format!("jobs/{}/errors", job.id)).await?;
        let errors = told.as_array().into_iter().flatten().filter_map(|user| user.get("errors")?.as_array());
        let message = |error: &Value| error.get("message").and_then(Value::as_str).map(str::to_owned);
        Ok(errors.flatten().filter_map(message).collect())
    }
}

/// The body (RFC 7578).
fn form(connection_id: &str, users: &[Value]) -> Vec<u8> {
    let users = Value::from(users.to_vec());
    let field = |name: &str, value: &str| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"users\"; filename=\"users.json\"\r\nContent-Type: \
         application/json\r\n\r\n{users}\r\n--{BOUNDARY}--\r\n"
    );
    [field("connection_id", connection_id), field("send_completion_email", "false"), file].concat().into_bytes()
}
