//! What can be wrong with keys. Display texts are fragments that complete "failed to …".

use std::io;
use std::path::PathBuf;

/// Why there is no key, no signature or no certificate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("keep keys in {}: {cause}", dir.display())]
    Directory { dir: PathBuf, cause: io::Error },
    #[error("read the key file {}: {cause}", file.display())]
    File { file: PathBuf, cause: String },
    #[error("make a key: {0}")]
    Make(String),
    #[error("sign: {0}")]
    Sign(String),
}
