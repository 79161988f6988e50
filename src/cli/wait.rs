//! `impostor wait`: until a server is ready.

use std::path::PathBuf;

use clap::Args;

use crate::cli::error::CliError;
use crate::cli::target::runtime;
use crate::cli::target::transport;
use crate::client::control::Control;
use crate::time::parse_duration;

/// Which server, and for how long.
#[derive(Args)]
pub(crate) struct WaitCommand {
    /// The server's address
    #[arg(value_name = "URL", env = "IMPOSTOR_TARGET", default_value = "http://localhost:4480")]
    target: String,
    /// For how long at most: an ISO 8601 duration
    #[arg(long, value_name = "DURATION", default_value = "PT30S")]
    timeout: String,
    /// A file with the certificate authorities to trust, for a target behind https
    #[arg(long, value_name = "FILE", env = "IMPOSTOR_CA_FILE")]
    ca_file: Option<PathBuf>,
}

/// Waits until the server answers that it is ready.
///
/// # Errors
/// With code 1 when it isn't ready in time, saying what it said last; with code 2 for usage.
pub(crate) fn run(command: WaitCommand) -> Result<(), CliError> {
    let patience = parse_duration(&command.timeout);
    let patience = patience.ok_or_else(|| {
        CliError::usage(format!("--timeout must be an ISO 8601 duration such as PT30S, not {}", command.timeout))
    })?;
    let control = Control::at(transport(command.ca_file.as_ref())?, &command.target);
    let control = control.map_err(|error| CliError::usage(error.to_string()))?;
    let waited = runtime()?.block_on(control.until_ready(patience));
    waited.map_err(|error| CliError::new(format!("{} is not ready: {error}", command.target)))
}
