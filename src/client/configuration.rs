//! The tenant's configuration over the Management API: what an administrator's script creates, changes and deletes.

use crate::client::error::ClientError;
use crate::client::management::Management;
use reqwest::Method;
use serde_json::Value;

impl Management {
    /// Creates something in a collection, such as `connections` or `clients`.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when it is not acceptable.
    pub async fn create_in(&self, collection: &str, body: &Value) -> Result<Value, ClientError> {
        self.call(Method::POST, &[collection], Some(body)).await?.json()
    }

    /// Changes something of a collection by its id.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the change is not acceptable.
    pub async fn update_in(&self, collection: &str, id: &str, change: &Value) -> Result<Value, ClientError> {
        self.call(Method::PATCH, &[collection, id], Some(change)).await?.json()
    }

    /// Deletes something of a collection by its id.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the caller may not.
    pub async fn delete_in(&self, collection: &str, id: &str) -> Result<(), ClientError> {
        self.call(Method::DELETE, &[collection, id], None).await?.success().map(drop)
    }

    /// Lets a client use a connection, or no longer.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is no such connection or client.
    pub async fn let_use(&self, connection_id: &str, client_id: &str, status: bool) -> Result<(), ClientError> {
        let change = serde_json::json!([{ "client_id": client_id, "status": status }]);
        self.call(Method::PATCH, &["connections", connection_id, "clients"], Some(&change)).await?.success().map(drop)
    }

    /// Gives a client a new secret; answers with the client.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when there is no such client.
    pub async fn rotate_secret(&self, client_id: &str) -> Result<Value, ClientError> {
        self.call(Method::POST, &["clients", client_id, "rotate-secret"], None).await?.json()
    }
}
