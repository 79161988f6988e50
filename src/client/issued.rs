//! The tokens that the tenant gave to apps, as the control API tells of them.

use crate::client::control::Control;
use crate::client::error::ClientError;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What an app received at once.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Issued {
    /// The id of the journal's entry.
    pub entry: u64,
    /// The app, where its request said so.
    pub client_id: Option<String>,
    /// The claims of the ID token.
    pub id_token: Option<Map<String, Value>>,
    /// The claims of the access token, if it is a JWT.
    pub access_token: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct IssuedList {
    tokens: Vec<Issued>,
}

impl Control {
    /// The claims of the tokens that apps received, newest first.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not answer so.
    pub async fn issued(&self) -> Result<Vec<Issued>, ClientError> {
        let listed: IssuedList = self.transport.send(self.transport.get(&self.url("issued")?)).await?.json()?;
        Ok(listed.tokens)
    }
}
