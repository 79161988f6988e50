//! `impostor features`: runs Gherkin features against a running server, or against one started for them.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::cli::error::CliError;
use crate::gherkin::options::Format;
use crate::gherkin::options::RunError;
use crate::gherkin::options::RunOptions;
use crate::gherkin::options::Summary;
use crate::gherkin::run;
use crate::harness::Impostor;

/// The server that is started for features draws the same ids and people every time.
const SEED: u64 = 1;

/// What to run, against what, and how to tell of it.
#[derive(Args)]
pub(crate) struct FeaturesCommand {
    /// Feature files and folders; without any, the features that ship with the program
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
    #[arg(long, value_name = "N", env = "IMPOSTOR_JOBS", default_value_t = 8)]
    jobs: usize,
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
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::new(format!("can't start threads: {error}")))?;
    let summary = runtime.block_on(features(command))?;
    if summary.failed == 0 { Ok(()) } else { Err(CliError::silent()) }
}

async fn features(command: FeaturesCommand) -> Result<Summary, CliError> {
    let mut trusted = Vec::new();
    if let Some(file) = &command.ca_file {
        let unreadable = |error| CliError::usage(format!("can't read {}: {error}", file.display()));
        trusted.push(fs::read(file).map_err(unreadable)?);
    }
    let (target, server) = if let Some(target) = command.target {
        (target, None)
    } else {
        let server = Impostor::builder().seed(SEED).start().await;
        let server = server.map_err(|error| CliError::new(error.to_string()))?;
        (server.url(), Some(server))
    };
    let options = RunOptions {
        features: command.paths,
        tenant: command.tenant,
        trusted,
        tags: command.tags,
        only: None,
        format: command.format.into(),
        report: command.report,
        quiet: false,
        concurrency: command.jobs,
        target,
    };
    let summary = run::run(options).await;
    if let Some(server) = server {
        server.stop().await;
    }
    summary.map_err(|error: RunError| CliError::usage(error.to_string()))
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
