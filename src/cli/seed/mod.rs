//! `impostor seed`: brings a fixture into a running server over its Management API, again and again to the same end.
//! Nothing is ever deleted, and a password that somebody has stays.

mod apis;
mod clients;
mod connections;
mod difference;
mod organizations;
mod people;
mod report;
mod roles;
mod seeder;
mod settings;
mod users;

use clap::Args;

use crate::cli::error::CliError;
use crate::cli::home;
use crate::cli::seed::report::Report;
use crate::cli::seed::seeder::Seeder;
use crate::cli::target::Target;
use crate::cli::target::runtime;
use crate::client::management::Management;
use crate::client::management::SECRET_SUFFIX;
use crate::fixtures;
use crate::fixtures::Loaded;
use crate::fixtures::Source;
use crate::time::Clock;

/// What to bring where.
#[derive(Args)]
pub(crate) struct SeedCommand {
    /// The fixture: a folder with a tenant.yaml, or `acme` and `blank`, which are built in
    #[arg(value_name = "PATH")]
    path: String,
    #[command(flatten)]
    target: Target,
    /// A client that may use the target's Management API
    #[arg(long, value_name = "ID", env = "IMPOSTOR_CLIENT_ID", default_value = "acme-management")]
    client_id: String,
    /// Its secret [default: the id, followed by -secret-for-local-tests-only, as in the built-in tenants]
    #[arg(long, value_name = "SECRET", env = "IMPOSTOR_CLIENT_SECRET", hide_env_values = true)]
    client_secret: Option<String>,
    /// Tell what would be created and changed, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Warnings, such as those of unknown keys, are mistakes
    #[arg(long, env = "IMPOSTOR_STRICT")]
    strict: bool,
    /// Tell what was done as JSON
    #[arg(long, env = "IMPOSTOR_JSON")]
    json: bool,
}

/// Brings the fixture and tells what was created, changed and left.
///
/// # Errors
/// With code 1 when the fixture is wrong, the target refuses, or something of the fixture could not be brought: the rest
/// was.
pub(crate) fn run(command: SeedCommand) -> Result<(), CliError> {
    let loaded = load(&command)?;
    let report = runtime()?.block_on(seed(&command, &loaded))?;
    if command.json {
        report.print_json();
    } else {
        report.print(command.dry_run);
    }
    if report.has_failures() { Err(CliError::silent()) } else { Ok(()) }
}

fn load(command: &SeedCommand) -> Result<Loaded, CliError> {
    let loaded = fixtures::load(&Source::of(&command.path), &home::variable, None, Clock::default().now());
    let (told, loaded) = match loaded.and_then(|loaded| loaded.judged(command.strict)) {
        Ok(loaded) => (loaded.warnings.clone(), Ok(loaded)),
        Err(mistakes) => (mistakes, Err(CliError::new("the fixture is wrong: nothing was done"))),
    };
    for finding in told {
        eprintln!("{finding}\n");
    }
    loaded
}

async fn seed(command: &SeedCommand, loaded: &Loaded) -> Result<Report, CliError> {
    let target = &command.target;
    let secret = command.client_secret.clone().unwrap_or_else(|| format!("{}{SECRET_SUFFIX}", command.client_id));
    let management = Management::connect(target.transport()?, &target.url, &command.client_id, &secret).await;
    let management = management.map_err(|error| {
        let failed = target.refused(error);
        CliError::new(format!("{failed} (--client-id and --client-secret say who seeds)"))
    })?;
    let mut seeder = Seeder::new(management, target, command.dry_run)?;
    let brought = async {
        clients::bring(&mut seeder, loaded).await?;
        apis::bring(&mut seeder, loaded).await?;
        connections::bring(&mut seeder, loaded).await?;
        roles::bring(&mut seeder, loaded).await?;
        organizations::bring(&mut seeder, loaded).await?;
        settings::bring(&mut seeder, loaded).await?;
        people::bring(&mut seeder, loaded).await?;
        users::bring(&mut seeder, loaded).await
    };
    brought.await.map_err(|error| target.refused(error))?;
    Ok(seeder.report)
}
