//! `impostor export`: a running tenant as a fixture.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::cli::error::CliError;
use crate::cli::target::Target;
use crate::cli::target::runtime;
use crate::client::error::ClientError;
use crate::client::fixture::Fixture;

/// What to write where.
#[derive(Args)]
pub(crate) struct ExportCommand {
    /// The fixture's folder; it is made if it isn't there
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Replace the fixture that is in the folder
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    target: Target,
}

/// Writes the tenant asked as a fixture that loads to the same tenant: secrets, passwords and the people at the fakes
/// included; sessions, codes, tokens, logs and mails not.
///
/// # Errors
/// One sentence: no server there, a folder that isn't empty, a file that can't be written.
pub(crate) fn run(command: ExportCommand) -> Result<(), CliError> {
    let ExportCommand { path, overwrite, target } = command;
    let is_used = fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_some());
    if is_used && !overwrite {
        let told = "is not empty: name another folder, or replace the fixture in it by --overwrite";
        return Err(CliError::new(format!("{} {told}", path.display())));
    }
    let fixture = runtime()?.block_on(target.control()?.fixture()).map_err(|error| refused(&target, error))?;
    if let Some(file) = fixture.files.iter().find(|file| !is_below(&file.path)) {
        return Err(CliError::new(format!("the server names a file outside of the fixture: {}", file.path)));
    }
    let unwritten = |error: io::Error| CliError::new(format!("can't write the fixture: {error}"));
    write(&path, &fixture).map_err(unwritten)?;
    clear(&path, &fixture).map_err(unwritten)?;
    println!("{}: {} files of the tenant {}", path.display(), fixture.files.len(), fixture.name);
    for what in fixture.left_out {
        eprintln!("left out: {what}");
    }
    Ok(())
}

/// A server that isn't an Impostor has no control API.
fn refused(target: &Target, error: ClientError) -> CliError {
    match error.refusal() {
        Some(refusal) if refusal.status == 404 => CliError::new(format!(
            "{} has no control API: only an Impostor can be exported (for a real tenant there is Auth0's Deploy CLI, \
             whose export can be served)",
            target.url
        )),
        _ => target.refused(error),
    }
}

/// What comes from a server names no file elsewhere.
fn is_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn write(folder: &Path, fixture: &Fixture) -> io::Result<()> {
    for file in &fixture.files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &file.content)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    }
    Ok(())
}

/// Takes the files of the fixture before away that would add people to this one.
fn clear(folder: &Path, fixture: &Fixture) -> io::Result<()> {
    let written: BTreeSet<PathBuf> = fixture.files.iter().map(|file| folder.join(&file.path)).collect();
    let upstreams = match fs::read_dir(folder.join("upstreams")) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => Vec::new(),
    };
    let is_known = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "yaml" || kind == "ldif");
    let old = upstreams.into_iter().filter(is_known).chain([folder.join("users.yaml")]);
    for path in old.filter(|path| !written.contains(path) && path.is_file()) {
        fs::remove_file(&path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_folder_are_written() {
        for (path, expected) in [
            ("tenant.yaml", true),
            ("upstreams/google.yaml", true),
            ("", false),
            ("../a", false),
            ("/a", false),
            ("a/../../b", false),
        ] {
            assert_eq!(is_below(path), expected, "{path}");
        }
    }
}
