//! Passwords of database users: as given by fixtures, or hashed. Source: spec/profile.md §2.

/// What a password is checked against. Never shown, never logged.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Password {
    /// As a fixture or the harness gave it: it stays so until first needed as a hash (design page, section 7).
    Plain(Box<str>),
    /// bcrypt, `$2a$` or `$2b$`.
    Bcrypt(Box<str>),
}

/// bcrypt's work factor, as the real service's.
const COST: u32 = 10;

/// bcrypt reads no more of a password than this, in bytes.
pub(crate) const MOST_BYTES: usize = 72;

impl Password {
    /// Hashes a password. Takes some 60 ms: never on an async thread.
    pub(crate) fn hash(given: &str) -> Option<Self> {
        bcrypt::hash(given, COST).ok().map(|hash| Self::Bcrypt(hash.into()))
    }

    /// Whether it is this password. With a hash it takes some 60 ms: never on an async thread.
    pub(crate) fn check(&self, given: &str) -> bool {
        match self {
            Self::Plain(plain) => is_same(plain.as_bytes(), given.as_bytes()),
            Self::Bcrypt(hash) => bcrypt::verify(given, hash).unwrap_or(false),
        }
    }
}

/// Whether the texts are the same, in a time that tells nothing but their lengths.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |differing, (one, other)| differing | (one ^ other));
    one.len() == other.len() && differing == 0
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_good_for_its_password_alone() {
        let hash = Password::Bcrypt(bcrypt::hash("secret", 4).unwrap().into());
        assert!(hash.check("secret") && !hash.check("Secret"));
        assert!(!Password::Bcrypt("garbage".into()).check("garbage"));
        let plain = Password::Plain("secret".into());
        assert!(plain.check("secret") && !plain.check("secreT") && !plain.check("secret ") && !plain.check(""));
    }
}
