//! Runs every feature that ships, as `impostor features` does, against a server in this process; then those of a tenant
//! that is kept as files, as a team keeps its own.
//!
//! `cargo test --test features -- WORDS` runs only scenarios with these words in their name or in their feature's.

#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test without a harness tells by itself what went wrong"
)]

use impostor::gherkin::options::{RunError, RunOptions, Summary};
use impostor::gherkin::run::run;
use impostor::harness::Impostor;
use std::env;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// Any will do: with one, every run draws the same ids and makes up the same people.
const SEED: u64 = 1;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS; // For test runners that ask first: there is nothing here that they could run one by one.
    }
    let only = arguments.into_iter().find(|argument| !argument.starts_with('-'));
    match run_features(only).await {
        Ok(summary) if summary.failed == 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run_features(only: Option<String>) -> Result<Summary, Box<dyn Error>> {
    let impostor = Impostor::builder().seed(SEED).strict().start().await?;
    let shipped = run(RunOptions { only: only.clone(), ..RunOptions::shipped(impostor.url()) }).await;
    impostor.stop().await;

    let chosen = only.is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/own-tenant");
    let fixture = folder.display().to_string();
    let impostor = Impostor::builder().seed(SEED).strict().fixture(fixture).start().await?;
    let options = RunOptions::shipped(impostor.url());
    let own = RunOptions { only, features: vec![folder.join("features")], tenant: "own-tenant".to_owned(), ..options };
    let own = run(own).await;
    impostor.stop().await;

    let (shipped, own) = match (shipped, own) {
        // The words were those of a scenario in one of the two.
        (Ok(shipped), Err(RunError::Nothing(_))) if chosen => return Ok(shipped),
        (Err(RunError::Nothing(_)), Ok(own)) if chosen => return Ok(own),
        (shipped, own) => (shipped?, own?),
    };
    let both = Summary {
        features: shipped.features + own.features,
        passed: shipped.passed + own.passed,
        failed: shipped.failed + own.failed,
        steps: shipped.steps + own.steps,
    };
    println!("both together:\n{both}");
    Ok(both)
}
