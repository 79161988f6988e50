//! Files that are whole or not there at all; those with keys their owner alone can read.

use std::fs;
use std::io;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::keys::error::KeyError;

/// Who may read a file.
#[derive(Clone, Copy)]
pub(super) enum Readable {
    ByOwner,
    /// Certificates: whoever is to trust them may be another user.
    ByAll,
}

impl Readable {
    fn mode(self) -> u32 {
        match self {
            Self::ByOwner => 0o600,
            Self::ByAll => 0o644,
        }
    }
}

/// Makes the directory if it isn't there, and tries to write in it.
///
/// # Errors
/// [`KeyError::Directory`] when either fails.
pub(super) fn check_dir(dir: &Path) -> Result<(), KeyError> {
    let failed = |cause| KeyError::Directory { dir: dir.to_owned(), cause };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    let probe = dir.join(format!(".probe-{}", std::process::id()));
    fs::write(&probe, "").and_then(|()| fs::remove_file(&probe)).or_else(|error| match error.kind() {
        // Somebody else in this process has just probed, too.
        io::ErrorKind::NotFound if dir.is_dir() => Ok(()),
        _ => Err(failed(error)),
    })
}

/// Waits for the lock of this name; it is given up when the file is dropped.
///
/// # Errors
/// [`KeyError::Directory`] when the lock file can't be written.
pub(super) fn lock(dir: &Path, name: &str) -> Result<fs::File, KeyError> {
    let failed = |cause| KeyError::Directory { dir: dir.to_owned(), cause };
    let options = fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).clone();
    let file = options.open(dir.join(format!(".{name}.lock"))).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

/// The file's text; `None` when there is no file.
///
/// # Errors
/// [`KeyError::Read`] when there is one that can't be read.
pub(super) fn read(file: &Path) -> Result<Option<String>, KeyError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeyError::Read { file: file.to_owned(), cause: error.to_string() }),
    }
}

/// Writes to a temporary name and renames, so that nobody ever reads half a file. The caller holds the file's lock.
///
/// # Errors
/// [`KeyError::Write`] when that fails.
pub(super) fn write(file: &Path, text: &str, readable: Readable) -> Result<(), KeyError> {
    let temporary = file.with_extension(format!("{}.new", std::process::id()));
    // One that a crash left behind may have another mode, or be a link.
    let _ = fs::remove_file(&temporary);
    let whole = fs::OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(readable.mode())
        .open(&temporary)
        .and_then(|mut open| open.write_all(text.as_bytes()).and_then(|()| open.sync_all()))
        .and_then(|()| fs::rename(&temporary, file));
    whole.map_err(|cause| {
        let _ = fs::remove_file(&temporary);
        KeyError::Write { file: file.to_owned(), cause }
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::keys::testing::Folder;

    #[test]
    fn a_key_file_is_its_owners_alone() {
        let dir = Folder::new();
        let file = dir.path().join("a.json");
        assert_eq!(read(&file).unwrap(), None);
        fs::write(file.with_extension(format!("{}.new", std::process::id())), "left by a crash").unwrap();
        write(&file, "text", Readable::ByOwner).unwrap();
        assert_eq!(read(&file).unwrap().as_deref(), Some("text"));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_told() {
        let dir = Folder::new();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let error = check_dir(&file.join("keys")).unwrap_err();
        assert!(error.to_string().starts_with(&format!("keep keys in {}", file.display())), "{error}");
    }
}
