//! What is remembered of a good login by a directory, for when the directory is down. Source: spec/enterprise.md §2.8.

use crate::domain::password::Password;
use crate::domain::profile::RawProfile;

/// The last good login under a name, as it was typed.
#[derive(Clone, Debug)]
pub(crate) struct DirectoryLogin {
    /// A hash.
    pub(crate) password: Password,
    /// What the mapper gave.
    pub(crate) profile: RawProfile,
}
