//! Files that their owner alone can read, whole or not there at all.

use std::fs;
use std::io;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::keys::error::KeyError;

/// Makes the directory if it isn't there, and tries to write in it.
///
/// # Errors
/// [`KeyError::Directory`] when either fails.
pub(super) fn check_dir(dir: &Path) -> Result<(), KeyError> {
    let failed = |cause| KeyError::Directory { dir: dir.to_owned(), cause };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    lock(dir).map(drop)
}

/// Waits for the directory's lock; it is given up when the file is dropped.
///
/// # Errors
/// [`KeyError::Directory`] when the lock file can't be written.
pub(super) fn lock(dir: &Path) -> Result<fs::File, KeyError> {
    let failed = |cause| KeyError::Directory { dir: dir.to_owned(), cause };
    let options = fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).clone();
    let file = options.open(dir.join(".lock")).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

/// The file's text; `None` when there is no file.
///
/// # Errors
/// [`KeyError::File`] when there is one that can't be read.
pub(super) fn read(file: &Path) -> Result<Option<String>, KeyError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeyError::File { file: file.to_owned(), cause: error.to_string() }),
    }
}

/// Writes to a temporary name and renames, so that nobody ever reads half a file.
///
/// # Errors
/// [`KeyError::File`] when that fails.
pub(super) fn write(file: &Path, text: &str) -> Result<(), KeyError> {
    let failed = |error: io::Error| KeyError::File { file: file.to_owned(), cause: error.to_string() };
    let temporary = file.with_extension(format!("{}.new", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true).mode(0o600);
    let mut open = options.open(&temporary).map_err(failed)?;
    open.write_all(text.as_bytes()).and_then(|()| open.sync_all()).map_err(failed)?;
    fs::rename(&temporary, file).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_file_is_its_owners_alone() {
        let dir = std::env::temp_dir().join(format!("impostor-files-{}", std::process::id()));
        check_dir(&dir).unwrap();
        let file = dir.join("a.json");
        assert_eq!(read(&file).unwrap(), None);
        write(&file, "text").unwrap();
        assert_eq!(read(&file).unwrap().as_deref(), Some("text"));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_dir_all(&dir).unwrap();
    }
}
