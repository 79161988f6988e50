//! `impostor exec`: a tenant for as long as a command runs.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::process::Stdio;

use clap::Args;
use tokio::process::Child;
use tokio::process::Command;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

use crate::cli::error::CliError;
use crate::cli::home;
use crate::cli::serve;
use crate::harness::environment;
use crate::harness::environment::TrustFiles;
use crate::harness::traveller;
use crate::server::config::Config;
use crate::server::config::Keys;
use crate::server::running::Running;

/// A shell's code for a command that isn't there, and for one that can't be run.
const NOT_FOUND: u8 = 127;
const NOT_EXECUTABLE: u8 = 126;

const EXAMPLES: &str = "\
The command finds in its environment:
  AUTH0_DOMAIN, AUTH0_ISSUER_BASE_URL, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, AUTH0_AUDIENCE
  IMPOSTOR_URL (the tenant over http), IMPOSTOR_TARGET (for impostor features, seed, token, export)
  NODE_EXTRA_CA_CERTS, DENO_CERT, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE

Examples:
  impostor exec -- npm test
  impostor exec --fixture my-tenant --client my-app -- pytest
  impostor exec -- sh -c 'curl $IMPOSTOR_URL/.well-known/openid-configuration'";

/// What to run, and beside which tenant.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExecCommand {
    /// A fixture: `acme` or `blank` (built in), or a folder with a tenant.yaml. The first is the default tenant
    #[arg(
        long = "fixture",
        value_name = "PATH",
        env = "IMPOSTOR_FIXTURE",
        value_delimiter = ',',
        default_value = "acme"
    )]
    fixtures: Vec<String>,
    /// The client whose id and secret the command gets: an id or a name [default: the first that signs people in]
    #[arg(long, value_name = "ID", env = "IMPOSTOR_CLIENT")]
    client: Option<String>,
    /// Another variable for the command; in its value `{url}`, `{https_url}` and `{domain}` stand for the tenant's
    #[arg(long = "env", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// Where keys and certificates are kept [default: `$XDG_DATA_HOME/impostor`]
    #[arg(long, value_name = "DIR", env = "IMPOSTOR_DATA")]
    data: Option<PathBuf>,
    /// Makes ids, codes and made-up people the same every time
    #[arg(long, value_name = "N", env = "IMPOSTOR_SEED")]
    seed: Option<u64>,
    /// A fixture's unknown keys are mistakes, not warnings
    #[arg(long, env = "IMPOSTOR_STRICT")]
    strict: bool,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Serves on a free port, runs the command, stops, and ends with the command's code: 128 and the signal's number if one
/// ended it.
///
/// # Errors
/// The command's own code, silently; 127 and 126 for one that isn't there or can't be run, 1 for a tenant that can't be
/// served, 2 for usage.
pub(crate) fn run(command: ExecCommand) -> Result<(), CliError> {
    serve::log_to_stderr("impostor=warn");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::new(format!("can't start threads: {error}")))?;
    let status = runtime.block_on(exec(command))?;
    match code_of(status) {
        0 => Ok(()),
        code => Err(CliError { message: String::new(), code }),
    }
}

async fn exec(command: ExecCommand) -> Result<ExitStatus, CliError> {
    let extra = command.variables.iter().map(|given| {
        let pair = given.split_once('=').filter(|(name, _)| !name.is_empty());
        pair.ok_or_else(|| CliError::usage(format!("--env must be like NAME=VALUE, not {given}")))
    });
    let extra = extra.collect::<Result<Vec<_>, _>>()?;
    let running = Running::start(Config {
        fixtures: command.fixtures,
        strict: command.strict,
        keys: command.data.map_or_else(|| Keys::Home(home::data_dir()), Keys::Dir),
        seed: command.seed,
        environment: home::variable,
        ..Config::on_a_free_port()
    });
    let running = running.await.map_err(serve::refused)?;
    let client = traveller::client(&running.default_tenant().read(), command.client.as_deref());
    let client = client.map_err(|error| CliError::usage(error.to_string()))?;
    let files =
        TrustFiles::write(&running.ca_pem(), &format!("exec-{}-{}", std::process::id(), running.listen().port()));
    let files = files.map_err(|error| CliError::new(format!("can't write the authorities to trust: {error}")))?;
    let mut process = Command::new(command.command.first().map_or("", String::as_str));
    process.args(command.command.iter().skip(1)).stdin(Stdio::inherit()).kill_on_drop(true);
    process.envs(environment::variables(&running, &client, &files));
    process.envs(extra.into_iter().map(|(name, value)| (name, filled_in(value, &running))));
    let mut child = process.spawn().map_err(|error| not_run(&command.command, &error))?;
    let status = until_it_ends(&mut child).await;
    running.stop().await;
    status.map_err(|error| CliError::new(format!("can't wait for the command: {error}")))
}

fn filled_in(value: &str, running: &Running) -> String {
    let (plain, secure) = (running.address(), running.secure_address());
    value.replace("{url}", plain.base()).replace("{https_url}", secure.base()).replace("{domain}", secure.authority())
}

/// Waits for the command. An interrupt from the terminal reaches it by itself; a SIGTERM is handed on.
async fn until_it_ends(child: &mut Child) -> std::io::Result<ExitStatus> {
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    loop {
        tokio::select! {
            status = child.wait() => return status,
            _ = interrupted.recv() => {}
            _ = terminated.recv() => hand_on(child),
        }
    }
}

fn hand_on(child: &Child) {
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(id) = id {
        // It may have ended meanwhile.
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    }
}

fn not_run(command: &[String], error: &std::io::Error) -> CliError {
    let name = command.first().map_or("", String::as_str);
    match error.kind() {
        std::io::ErrorKind::NotFound => CliError { message: format!("there is no command {name}"), code: NOT_FOUND },
        _ => CliError { message: format!("can't run {name}: {error}"), code: NOT_EXECUTABLE },
    }
}

fn code_of(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
