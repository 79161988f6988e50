//! Runs every feature that ships, as `impostor features` does, against a server in this process.
//!
//! `cargo test --test features -- WORDS` runs only scenarios with these words in their name or in their feature's.

#![allow(clippy::print_stderr, reason = "a test without a harness tells by itself what went wrong")]

use impostor::gherkin::options::{RunOptions, Summary};
use impostor::gherkin::run::run;
use impostor::harness::Impostor;
use std::env;
use std::error::Error;
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
    let summary = run(RunOptions { only, ..RunOptions::shipped(impostor.url()) }).await?;
    impostor.stop().await;
    Ok(summary)
}
