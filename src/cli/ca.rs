//! `impostor ca`: where the certificate authorities lie, and how to trust them. Source: design page, sections 8 and 10;
//! spec/clients.md §1.3.

mod environment;
mod install;

use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;

use crate::cli::error::CliError;
use crate::cli::home;
use crate::keys::ca::Authorities;
use crate::keys::ca::CaFiles;

/// What to tell or to do about the authorities.
#[derive(Args)]
pub(crate) struct CaCommand {
    #[command(subcommand)]
    action: Action,
    /// Where keys and certificates are kept, if not in the home directory
    #[arg(long, global = true, value_name = "DIR", env = "IMPOSTOR_DATA")]
    data: Option<PathBuf>,
}

#[derive(Clone, Copy, Subcommand)]
enum Action {
    /// Print the file with the CA for localhost, the one that a browser may trust
    Path,
    /// Print lines for a shell, so that its programs trust every certificate of this server: eval "$(impostor ca env)"
    Env,
    /// Let this system and its browsers trust the CA for localhost
    Install,
}

/// Tells or does it; the authorities are made if this machine has none yet.
///
/// # Errors
/// With code 1 when there is no place to keep them, or when a store of trusted roots could not be written: what to do
/// instead is printed before.
pub(crate) fn run(command: CaCommand) -> Result<(), CliError> {
    let nowhere = || CliError::new("there is no home directory to keep certificates in; choose one with --data");
    let files = files(&command.data.or_else(home::data_dir).ok_or_else(nowhere)?)?;
    match command.action {
        Action::Path => println!("{}", files.ca.display()),
        Action::Env => print!("{}", environment::lines(&files)),
        Action::Install => return install(&files.ca),
    }
    Ok(())
}

/// The files of the directory's authorities, which are made if they aren't there.
fn files(dir: &Path) -> Result<CaFiles, CliError> {
    let unusable = |cause: &dyn std::fmt::Display| CliError::new(format!("failed to {cause}"));
    let dir = std::path::absolute(dir).map_err(|error| unusable(&error))?;
    Authorities::load_or_make(Some(&dir), |_| false).map_err(|error| unusable(&error))?;
    Ok(CaFiles::of(&dir))
}

fn install(ca: &Path) -> Result<(), CliError> {
    let steps = install::everywhere(ca, home::dir().as_deref());
    for step in &steps {
        println!("{step}");
    }
    if steps.iter().any(install::Step::is_left) { Err(CliError::silent()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::testing::Folder;

    #[test]
    fn the_authorities_are_made_when_first_asked_for() {
        let dir = Folder::new();
        let (first, second) = (files(dir.path()).unwrap(), files(dir.path()).unwrap());
        assert!(first.ca.is_absolute() && first.ca == second.ca);
        let bundle = std::fs::read_to_string(first.bundle).unwrap();
        assert_eq!(bundle.matches("BEGIN CERTIFICATE").count(), 2);
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_told_in_one_sentence() {
        let dir = Folder::new();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let told = files(&file.join("keys")).unwrap_err();
        assert!(told.message.starts_with("failed to keep keys in "), "{told}");
        assert_eq!(told.code, 1);
    }
}
