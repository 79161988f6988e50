//! The running server that a command is about.

use std::path::PathBuf;

use clap::Args;

use crate::cli::error::CliError;
use crate::client::control::Control;
use crate::client::error::ClientError;
use crate::client::transport::Transport;
use crate::client::transport::TransportOptions;

/// Which server, and how to be let in.
#[derive(Args)]
pub(crate) struct Target {
    /// The running server, or one of its tenants
    #[arg(long = "target", value_name = "URL", env = "IMPOSTOR_TARGET", default_value = "http://localhost:4480")]
    pub(crate) url: String,
    /// What the server's control API wants where it listens beyond loopback
    #[arg(long, value_name = "KEY", env = "IMPOSTOR_CONTROL_KEY", hide_env_values = true)]
    control_key: Option<String>,
    /// A file with the certificate authorities to trust, for a target behind https
    #[arg(long, value_name = "FILE", env = "IMPOSTOR_CA_FILE")]
    ca_file: Option<PathBuf>,
}

impl Target {
    /// # Errors
    /// With code 2 when the file of authorities or the key is of no use.
    pub(crate) fn transport(&self) -> Result<Transport, CliError> {
        let transport = transport(self.ca_file.as_ref())?;
        match &self.control_key {
            Some(key) => transport.bearing(key).map_err(unusable),
            None => Ok(transport),
        }
    }

    /// # Errors
    /// With code 2 when the address is none, or as [`Target::transport`].
    pub(crate) fn control(&self) -> Result<Control, CliError> {
        Control::at(self.transport()?, &self.url).map_err(unusable)
    }

    /// What is to be said when a call did not go well.
    pub(crate) fn refused(&self, error: ClientError) -> CliError {
        match error {
            ClientError::Unreachable { cause, .. } => CliError::new(format!(
                "no server answers at {}: start one by `impostor serve`, or name it by --target ({cause})",
                self.url
            )),
            other => {
                let message = other.refusal().map_or_else(|| other.to_string(), |refusal| refusal.message.clone());
                CliError::new(message)
            }
        }
    }
}

fn unusable(error: ClientError) -> CliError {
    CliError::usage(error.to_string())
}

/// A transport that trusts the authorities of a file as well.
///
/// # Errors
/// With code 2 when the file can't be read or holds no certificates.
pub(crate) fn transport(ca_file: Option<&PathBuf>) -> Result<Transport, CliError> {
    let mut trusted = Vec::new();
    if let Some(file) = ca_file {
        let unreadable = |error| CliError::usage(format!("can't read {}: {error}", file.display()));
        trusted.push(std::fs::read(file).map_err(unreadable)?);
    }
    Transport::with(TransportOptions { trusted, localhost: None }).map_err(unusable)
}

/// What a command waits for servers on.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| CliError::new(format!("can't start threads: {error}")))
}
