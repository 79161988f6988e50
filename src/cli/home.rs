//! What a command takes from its environment.

use std::path::PathBuf;

/// A variable of the environment.
#[expect(clippy::disallowed_methods, reason = "commands read the environment and hand it on")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where keys are kept unless `--data` says otherwise: `$XDG_DATA_HOME/impostor`, else `~/.local/share/impostor` (XDG Base
/// Directory Specification). A relative `XDG_DATA_HOME` is ignored, as there.
pub(crate) fn data_dir() -> Option<PathBuf> {
    let data = absolute("XDG_DATA_HOME").or_else(|| dir().map(|home| home.join(".local/share")));
    data.map(|data| data.join("impostor"))
}

/// The home directory.
pub(crate) fn dir() -> Option<PathBuf> {
    absolute("HOME")
}

fn absolute(name: &str) -> Option<PathBuf> {
    variable(name).map(PathBuf::from).filter(|path| path.is_absolute())
}
