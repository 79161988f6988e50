//! A tenant as the files of a fixture.

use crate::client::control::Control;
use crate::client::error::ClientError;
use serde::Deserialize;

/// A tenant as a fixture: what `impostor export` writes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Fixture {
    /// The tenant's name.
    pub name: String,
    /// The files of its folder.
    pub files: Vec<FixtureFile>,
    /// What a fixture can't say, for a person to read.
    pub left_out: Vec<String>,
}

/// A file of a fixture.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FixtureFile {
    /// Where it belongs in the fixture's folder, with slashes: `upstreams/google.yaml`.
    pub path: String,
    /// Its text.
    pub content: String,
}

impl Control {
    /// The tenant as it is now, in the files of a fixture that loads to the same tenant. It holds the tenant's secrets and
    /// people's passwords, but not what only passes: sessions, codes, tokens, logs, mails.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not answer so.
    pub async fn fixture(&self) -> Result<Fixture, ClientError> {
        self.transport.send(self.transport.get(&self.url("fixture")?)).await?.json()
    }
}
