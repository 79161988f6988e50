//! Snapshots: what a tenant is now, to go back to later.

use crate::client::control::Control;
use crate::client::error::ClientError;
use serde::Deserialize;
use serde_json::{Map, json};

/// What a tenant was at a moment: its state, people at the fakes included, and how its clock was set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Snapshot {
    /// Its id.
    pub id: String,
    /// The name it was given, which can stand in the place of its id.
    pub name: Option<String>,
    /// When it was made, by the tenant's clock, in ISO 8601.
    pub at: String,
    /// Whether the clock stood still.
    pub frozen: bool,
}

#[derive(Deserialize)]
struct SnapshotList {
    snapshots: Vec<Snapshot>,
}

impl Control {
    /// Keeps what the tenant is now, under `name` if given. It takes no time, whatever the tenant's size.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the name is taken or there are 100 snapshots already.
    pub async fn snapshot(&self, name: Option<&str>) -> Result<Snapshot, ClientError> {
        let body: Map<_, _> = name.map(|name| ("name".to_owned(), json!(name))).into_iter().collect();
        self.transport.send(self.transport.post(&self.url("snapshots")?).json(&body)).await?.json()
    }

    /// The tenant's snapshots, oldest first.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not answer so.
    pub async fn snapshots(&self) -> Result<Vec<Snapshot>, ClientError> {
        let listed: SnapshotList = self.transport.send(self.transport.get(&self.url("snapshots")?)).await?.json()?;
        Ok(listed.snapshots)
    }

    /// Has the tenant be what it was when the snapshot of this id or name was made.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the tenant has no such snapshot.
    pub async fn restore(&self, snapshot: &str) -> Result<Snapshot, ClientError> {
        let url = self.below(&["snapshots", snapshot, "restore"])?;
        self.transport.send(self.transport.post(&url).json(&json!({}))).await?.json()
    }

    /// Forgets a snapshot, by its id or name; one that is gone already is as well.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not.
    pub async fn delete_snapshot(&self, snapshot: &str) -> Result<(), ClientError> {
        let request = self.transport.delete(&self.below(&["snapshots", snapshot])?);
        self.transport.send(request).await?.success().map(drop)
    }
}
