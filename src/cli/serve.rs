//! `impostor serve`: a tenant and its fakes on one port.

use std::io::IsTerminal as _;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::cli::error::CliError;
use crate::cli::home;
use crate::server::config::Config;
use crate::server::config::Keys;
use crate::server::config::LdapAddress;
use crate::server::config::StartError;
use crate::server::running::Running;
use crate::time::Timestamp;
use crate::time::parse_duration;

/// What to serve and where.
#[derive(Args)]
pub(crate) struct ServeCommand {
    /// A fixture: `acme` or `blank` (built in), or a folder with a tenant.yaml. The first is the default tenant
    #[arg(
        long = "fixture",
        value_name = "PATH",
        env = "IMPOSTOR_FIXTURE",
        value_delimiter = ',',
        default_value = "acme"
    )]
    fixtures: Vec<String>,
    /// HTTP and HTTPS on one port; 0 lets the system pick. Beyond loopback the control API wants a key
    #[arg(long, value_name = "ADDR", env = "IMPOSTOR_LISTEN", default_value = "127.0.0.1:4480")]
    listen: SocketAddr,
    /// LDAP, with StartTLS, of the default tenant's Active Directory; 0 lets the system pick, `off` leaves it out
    /// [default: 127.0.0.1:4389 if that is free]
    #[arg(long, value_name = "ADDR", env = "IMPOSTOR_LDAP")]
    ldap: Option<String>,
    /// The same over TLS from the start [default: 127.0.0.1:4636 if that is free]
    #[arg(long, value_name = "ADDR", env = "IMPOSTOR_LDAPS")]
    ldaps: Option<String>,
    /// The issuer, where a proxy stands in front: `https://login.example:8443/`
    #[arg(long, value_name = "URL", env = "IMPOSTOR_ISSUER")]
    issuer: Option<String>,
    /// A host name to answer to, besides loopback names and single-label ones; several with commas between
    #[arg(long = "host", value_name = "NAME", env = "IMPOSTOR_HOST", value_delimiter = ',')]
    hosts: Vec<String>,
    /// Where keys and certificates are kept [default: `$XDG_DATA_HOME/impostor`]
    #[arg(long, value_name = "DIR", env = "IMPOSTOR_DATA")]
    data: Option<PathBuf>,
    /// Makes ids, codes and made-up people the same every time
    #[arg(long, value_name = "N", env = "IMPOSTOR_SEED")]
    seed: Option<u64>,
    /// Leave out the buttons that sign people in with one click (as `one_click_people: false` in a tenant's `impostor:`
    /// section). Beyond loopback there are none in any case
    #[arg(long, env = "IMPOSTOR_NO_ONE_CLICK_PEOPLE")]
    no_one_click_people: bool,
    /// The clock stands still from the start, at this time in ISO 8601
    #[arg(long, value_name = "TIME", env = "IMPOSTOR_FROZEN_AT")]
    frozen_at: Option<String>,
    /// What the control API wants beyond loopback; made up and printed if not given
    #[arg(long, value_name = "KEY", env = "IMPOSTOR_CONTROL_KEY", hide_env_values = true)]
    control_key: Option<String>,
    /// How long nobody may ask a fork before it is removed: an ISO 8601 duration, or `never`
    #[arg(long, value_name = "DURATION", env = "IMPOSTOR_FORK_IDLE", default_value = "PT30M")]
    fork_idle: String,
    /// A fixture's unknown keys are mistakes, not warnings
    #[arg(long, env = "IMPOSTOR_STRICT")]
    strict: bool,
    /// Print one line of JSON instead of the start screen, for scripts
    #[arg(long, env = "IMPOSTOR_JSON")]
    json: bool,
}

/// Serves until interrupted.
///
/// # Errors
/// One sentence each: a wrong fixture (told in full before), a port in use, a data directory that can't be written.
pub(crate) fn run(command: ServeCommand) -> Result<(), CliError> {
    log_to_stderr("impostor=info");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::new(format!("can't start threads: {error}")))?;
    runtime.block_on(serve(command))
}

/// Has the program tell what happens on its standard error, as much as `IMPOSTOR_LOG` says.
pub(super) fn log_to_stderr(usually: &str) {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("IMPOSTOR_LOG").unwrap_or_else(|_| usually.into()))
        .init();
}

async fn serve(command: ServeCommand) -> Result<(), CliError> {
    let json = command.json;
    let config = config(command)?;
    let running = Running::start(config).await.map_err(refused)?;
    if json {
        println!("{}", ready_line(&running));
    } else {
        println!("{}", running.screen());
    }
    interrupted().await;
    running.stop().await;
    Ok(())
}

/// Mistakes of fixtures are told as `impostor check` tells them, ahead of the sentence; everything else is the sentence.
pub(super) fn refused(error: StartError) -> CliError {
    if let StartError::Fixtures(mistakes) = &error {
        eprintln!("{mistakes}\n");
        return CliError::new("nothing is served, for the fixture is wrong");
    }
    CliError::new(error.to_string())
}

fn config(command: ServeCommand) -> Result<Config, CliError> {
    let issuer = command.issuer.as_deref().map(issuer_base).transpose()?;
    Ok(Config {
        fixtures: command.fixtures,
        strict: command.strict,
        listen: command.listen,
        ldap: ldap_address("--ldap", command.ldap.as_deref(), USUAL_LDAP)?,
        ldaps: ldap_address("--ldaps", command.ldaps.as_deref(), USUAL_LDAPS)?,
        issuer,
        hosts: command.hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
        keys: command.data.map_or_else(|| Keys::Home(home::data_dir()), Keys::Dir),
        seed: command.seed,
        frozen_at: command.frozen_at.as_deref().map(frozen_at).transpose()?,
        one_click_people: !command.no_one_click_people,
        control_key: command.control_key,
        fork_idle: fork_idle(&command.fork_idle)?,
        environment: home::variable,
    })
}

/// Where LDAP is spoken if nothing is said and nobody else is there.
const USUAL_LDAP: u16 = 4389;
const USUAL_LDAPS: u16 = 4636;

/// An address, or `off`; the usual port of loopback, if nothing is said.
fn ldap_address(flag: &str, text: Option<&str>, usual: u16) -> Result<Option<LdapAddress>, CliError> {
    let wrong =
        |text| CliError::usage(format!("{flag} must be an address such as 127.0.0.1:{usual}, or off, not {text}"));
    match text {
        None => Ok(Some(LdapAddress { address: (Ipv4Addr::LOCALHOST, usual).into(), asked_for: false })),
        Some("off") => Ok(None),
        Some(text) => {
            let address = text.parse().map_err(|_| wrong(text))?;
            Ok(Some(LdapAddress { address, asked_for: true }))
        }
    }
}

fn frozen_at(text: &str) -> Result<Timestamp, CliError> {
    let wrong =
        || CliError::usage(format!("--frozen-at must be a time in ISO 8601 such as 2031-05-04T10:00:00Z, not {text}"));
    Timestamp::parse(text).ok_or_else(wrong)
}

fn fork_idle(text: &str) -> Result<Option<Duration>, CliError> {
    if text == "never" {
        return Ok(None);
    }
    let wrong =
        || CliError::usage(format!("--fork-idle must be an ISO 8601 duration such as PT30M, or never, not {text}"));
    parse_duration(text).map(Some).ok_or_else(wrong)
}

/// The base of `--issuer`: http or https, a host, perhaps a port; nothing else.
fn issuer_base(issuer: &str) -> Result<String, CliError> {
    let wrong = || CliError::usage(format!("--issuer must be like https://login.example:8443/, not {issuer}"));
    let url = url::Url::parse(issuer).map_err(|_| wrong())?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let web = matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none();
    if plain && web { Ok(url.origin().ascii_serialization()) } else { Err(wrong()) }
}

/// What a script wants to know when the server is ready.
fn ready_line(running: &Running) -> serde_json::Value {
    json!({
        "issuer": running.address().issuer(),
        "https_issuer": running.secure_address().issuer(),
        "listen": running.listen().to_string(),
        "ldap": running.ldap().ldap_url(),
        "ldaps": running.ldap().ldaps_url(),
        "tenant": running.default_tenant().name(),
        "ca": running.ca_file(),
        "bundle": running.bundle_file(),
        "control_key": running.control_key(),
    })
}

/// Waits for Ctrl-C or SIGTERM.
async fn interrupted() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
