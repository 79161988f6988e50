//! `impostor check`: every mistake in fixtures is told, and nothing is served.

use clap::Args;

use crate::cli::error::CliError;
use crate::cli::home;
use crate::fixtures;
use crate::fixtures::FixtureError;
use crate::fixtures::Loaded;
use crate::fixtures::Source;
use crate::time::Clock;
use crate::upstreams::provider::Provider;

/// What to check.
#[derive(Args)]
pub(crate) struct CheckCommand {
    /// Fixtures: folders with a tenant.yaml, or `acme` and `blank`, which are built in
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// Warnings, such as those of unknown keys, are mistakes
    #[arg(long, env = "IMPOSTOR_STRICT")]
    strict: bool,
}

/// Tells what is wrong with each fixture, or what it holds.
///
/// # Errors
/// When a fixture has a mistake.
pub(crate) fn run(command: CheckCommand) -> Result<(), CliError> {
    let now = Clock::default().now();
    let mut wrong = 0;
    for path in &command.paths {
        let source = Source::of(path);
        let loaded = fixtures::load(&source, &home::variable, None, now);
        match loaded.and_then(|loaded| loaded.judged(command.strict)) {
            Ok(loaded) => {
                tell(&loaded.warnings);
                println!("{path}: {}", summary(&loaded));
            }
            Err(findings) => {
                wrong += 1;
                tell(&findings);
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => Err(CliError::new("a fixture is wrong")),
        _ => Err(CliError::new(format!("{wrong} fixtures are wrong"))),
    }
}

fn tell(findings: &[FixtureError]) {
    for finding in findings {
        eprintln!("{finding}\n");
    }
}

/// What a fixture holds: `6 clients, 3 connections, …`.
fn summary(loaded: &Loaded) -> String {
    let state = &loaded.state;
    let mut counts = vec![
        counted(state.clients.len(), "client"),
        counted(state.connections.len(), "connection"),
        counted(state.resource_servers.len(), "API"),
        counted(state.roles.len(), "role"),
        counted(state.users.len(), "user"),
    ];
    let accounts = |provider: Provider| {
        let account = format!("{} account", provider.label());
        counted(loaded.upstreams.of(provider).accounts_in_order().len(), &account)
    };
    counts.extend(Provider::ALL.into_iter().map(accounts));
    counts.join(", ")
}

fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixture_is_summed_up_in_a_line() {
        let loaded = fixtures::load(&Source::of("acme"), &|_| None, None, Clock::default().now()).unwrap();
        let loaded = loaded.judged(true).unwrap();
        let summary = summary(&loaded);
        assert!(summary.starts_with("7 clients, "), "{summary}");
        assert!(summary.contains(" connections, 5 APIs, 2 roles, 7 users, 4 Apple accounts, "), "{summary}");
    }
}
