//! The `impostor` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    impostor::cli::main()
}
