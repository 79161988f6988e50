//! Passwords of database users: as given by fixtures, or hashed. Source: spec/profile.md §2.

/// What a password is checked against. Never shown, never logged.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Password {
    /// As a fixture or the harness gave it: it stays so until first needed as a hash (design page, section 7).
    Plain(Box<str>),
    /// bcrypt, `$2a$` or `$2b$`.
    Bcrypt(Box<str>),
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}
