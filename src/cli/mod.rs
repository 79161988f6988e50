//! The commands of the `impostor` program, one file each. Exit codes: 0 fine, 1 what was asked about is not so,
//! 2 usage (design page, section 8).
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to people on its terminal")]

mod app;
mod ca;
mod check;
mod error;
mod exec;
mod export;
mod features;
mod home;
mod seed;
mod serve;
mod target;
mod token;
mod wait;

use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;

use crate::server::limits;

/// A local identity server that passes for an Auth0 tenant, together with the identity providers behind it.
///
/// Without a command it serves. For tests only.
#[derive(Parser)]
#[command(name = "impostor", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::ServeCommand,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a tenant and the identity providers behind it
    Serve(serve::ServeCommand),
    /// Run Gherkin features: the shipped ones, or your own
    Features(features::FeaturesCommand),
    /// Tell every mistake in fixtures, and serve nothing
    Check(check::CheckCommand),
    /// Serve a tenant while a command runs, and tell the command where it is
    Exec(exec::ExecCommand),
    /// Wait until a server is ready
    Wait(wait::WaitCommand),
    /// Print a signed token of anybody, without a login, from a running server
    Token(Box<token::TokenCommand>),
    /// Bring a fixture into a running server over its Management API
    Seed(seed::SeedCommand),
    /// Write a running tenant as a fixture
    Export(export::ExportCommand),
    /// Trust the certificates of this machine's servers
    Ca(ca::CaCommand),
}

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    limits::raise_open_files();
    let cli = Cli::parse();
    let result = match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(command)) => serve::run(command),
        Some(Command::Features(command)) => features::run(command),
        Some(Command::Check(command)) => check::run(command),
        Some(Command::Exec(command)) => exec::run(command),
        Some(Command::Wait(command)) => wait::run(command),
        Some(Command::Token(command)) => token::run(*command),
        Some(Command::Seed(command)) => seed::run(command),
        Some(Command::Export(command)) => export::run(command),
        Some(Command::Ca(command)) => ca::run(command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !error.message.is_empty() {
                eprintln!("impostor: {error}");
            }
            ExitCode::from(error.code)
        }
    }
}
