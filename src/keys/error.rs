//! What can be wrong with keys. Display texts are fragments that complete "failed to …".

use std::io;
use std::path::PathBuf;

/// Why there is no key, no signature or no certificate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("keep keys in {}: {cause}", dir.display())]
    Directory { dir: PathBuf, cause: io::Error },
    #[error("read {}: {cause}", file.display())]
    Read { file: PathBuf, cause: String },
    #[error("write {}: {cause}", file.display())]
    Write { file: PathBuf, cause: io::Error },
    #[error("make a key: {0}")]
    Make(String),
    /// A key that somebody gave us.
    #[error("read the key: {0}")]
    Parse(String),
    #[error("sign: {0}")]
    Sign(String),
}
