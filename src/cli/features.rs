//! `impostor features`: runs Gherkin features against a running server, or against one started for them.

use std::fs;
use std::io::Write as _;
use std::io::stdout;
use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;
use clap::builder::RangedU64ValueParser;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::gherkin::options::Format;
use crate::gherkin::options::RunError;
use crate::gherkin::options::RunOptions;
use crate::gherkin::options::Summary;
use crate::gherkin::reference::Reference;
use crate::gherkin::run;
use crate::harness::Impostor;
use crate::harness::environment::TrustFiles;

/// The server that is started for features draws the same ids and people every time.
const SEED: u64 = 1;

/// What to run, against what, and how to tell of it.
#[derive(Args)]
pub(crate) struct FeaturesCommand {
    /// Feature files and folders, or scenarios by their line (`shop.feature:12`); without any, the features that ship with
    /// the program. With --steps: words
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The server to run them against; without it, one with the tenant acme is started in this process
    #[arg(long, value_name = "URL", env = "IMPOSTOR_TARGET")]
    target: Option<String>,
    /// The tenant there that each scenario's own one is forked from
    #[arg(long, value_name = "NAME", env = "IMPOSTOR_TENANT", default_value = "acme", requires = "target")]
    tenant: String,
    /// A file with the certificate authorities to trust, for a target behind https
    #[arg(long, value_name = "FILE", env = "IMPOSTOR_CA_FILE", requires = "target")]
    ca_file: Option<PathBuf>,
    /// What the target's control API wants where it listens beyond loopback
    #[arg(long, value_name = "KEY", env = "IMPOSTOR_CONTROL_KEY", hide_env_values = true)]
    control_key: Option<String>,
    /// Which scenarios, by their tags: "@facebook and not @slow"
    #[arg(long, value_name = "EXPR", env = "IMPOSTOR_TAGS")]
    tags: Option<String>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Pretty, env = "IMPOSTOR_FORMAT")]
    format: ReportFormat,
    /// Where the report goes; without it, to standard output and nothing else is printed
    #[arg(long, value_name = "FILE", env = "IMPOSTOR_REPORT")]
    report: Option<PathBuf>,
    /// How many scenarios run at a time
    #[arg(long, value_name = "N", env = "IMPOSTOR_JOBS", default_value_t = 8, value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    jobs: usize,
    /// Only scenarios with these words in their name or in their feature's
    #[arg(long, value_name = "WORDS", env = "IMPOSTOR_ONLY")]
    only: Option<String>,
    /// Begin nothing any more once a scenario failed
    #[arg(long, env = "IMPOSTOR_FAIL_FAST")]
    fail_fast: bool,
    /// Where the app under test listens, for scenarios that begin with "Given the app under test"
    #[arg(long, value_name = "URL", env = "IMPOSTOR_APP_URL")]
    app_url: Option<String>,
    /// A command that starts the app under test, at --app-url, with the environment of `impostor exec` and `PORT` and `APP_URL`; it
    /// is stopped at the end
    #[arg(long, value_name = "COMMAND", requires = "app_url", conflicts_with = "target")]
    exec: Option<String>,
    /// A fixture for the server that is started: `acme`, `blank`, or a folder with a tenant.yaml
    #[arg(long, value_name = "PATH", env = "IMPOSTOR_FIXTURE", default_value = "acme", conflicts_with = "target")]
    fixture: String,
    /// The client that the app under test is [default: the first that signs people in]
    #[arg(long, value_name = "ID", env = "IMPOSTOR_CLIENT", requires = "exec")]
    client: Option<String>,
    /// Print the sentences that features may use, all or those about some words, and run nothing
    #[arg(long)]
    steps: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ReportFormat {
    /// A line a scenario, for people
    Pretty,
    /// XML, as build servers read test reports
    Junit,
    /// Cucumber's JSON
    Json,
}

/// Runs features.
///
/// # Errors
/// With code 1 when a scenario failed (all is told before), with code 2 when nothing could be run.
pub(crate) fn run(command: FeaturesCommand) -> Result<(), CliError> {
    if command.steps {
        return steps(&command.paths);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::new(format!("can't start threads: {error}")))?;
    let summary = runtime.block_on(features(command))?;
    if summary.failed == 0 { Ok(()) } else { Err(CliError::silent()) }
}

/// Prints the reference.
fn steps(words: &[PathBuf]) -> Result<(), CliError> {
    let words: Vec<_> = words.iter().map(|word| word.display().to_string()).collect();
    let found = Reference::own().about(&words);
    if found.concepts.is_empty() {
        return Err(CliError::new(format!("no step is about {}", words.join(" and "))));
    }
    // A reader that has seen enough (`| head`) is no failure.
    drop(writeln!(stdout(), "{found}"));
    Ok(())
}

/// What runs one scenario again, once its place is appended.
fn rerun(command: &FeaturesCommand) -> String {
    let mut words = vec!["impostor features".to_owned()];
    if let Some(target) = &command.target {
        words.push(format!("--target {target} --tenant {}", command.tenant));
    }
    words.extend(command.ca_file.as_ref().map(|file| format!("--ca-file {}", file.display())));
    words.join(" ")
}

async fn features(command: FeaturesCommand) -> Result<Summary, CliError> {
    let mut trusted = Vec::new();
    if let Some(file) = &command.ca_file {
        let unreadable = |error| CliError::usage(format!("can't read {}: {error}", file.display()));
        trusted.push(fs::read(file).map_err(unreadable)?);
    }
    let rerun = Some(rerun(&command));
    let (target, server) = if let Some(target) = command.target {
        (target, None)
    } else {
        let server = Impostor::builder().seed(SEED).fixture(&command.fixture).start().await;
        let server = server.map_err(|error| CliError::new(error.to_string()))?;
        (server.url(), Some(server))
    };
    let app = match (&server, &command.exec, &command.app_url) {
        (Some(server), Some(exec), Some(url)) => Some(start_app(server, exec, url, command.client.as_deref()).await?),
        _ => None,
    };
    let tenant = server.as_ref().map_or(command.tenant, Impostor::tenant_name);
    let options = RunOptions {
        features: command.paths,
        tenant,
        trusted,
        control_key: command.control_key,
        tags: command.tags,
        only: command.only,
        format: command.format.into(),
        report: command.report,
        quiet: false,
        concurrency: command.jobs,
        fail_fast: command.fail_fast,
        app_url: command.app_url,
        rerun,
        target,
    };
    let summary = run::run(options).await;
    if let Some((app, _files)) = app {
        app.stop().await;
    }
    if let Some(server) = server {
        server.stop().await;
    }
    summary.map_err(|error: RunError| CliError::usage(error.to_string()))
}

async fn start_app(
    server: &Impostor,
    command: &str,
    url: &str,
    client: Option<&str>,
) -> Result<(App, TrustFiles), CliError> {
    let (variables, files) = server.environment(client).map_err(|error| CliError::usage(error.to_string()))?;
    let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value));
    Ok((App::start(command, url, variables).await?, files))
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Pretty => Self::Pretty,
            ReportFormat::Junit => Self::Junit,
            ReportFormat::Json => Self::Json,
        }
    }
}
