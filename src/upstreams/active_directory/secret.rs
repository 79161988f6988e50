//! A password as the directory keeps it: hashed with a salt, cheap to check (real ones keep an unsalted MD4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::keys::digest;

/// How OpenLDAP calls such a hash: SHA-256 of the password and the salt, then the salt.
const SCHEME: &str = "{SSHA256}";

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl Secret {
    pub(crate) fn new(password: &str, salt: [u8; 16]) -> Self {
        Self { salt, hash: hash(&salt, password.as_bytes()) }
    }

    /// Reads `{SSHA256}…` with a salt of 16 bytes; `None` when it is something else.
    pub(crate) fn of_hash(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix(SCHEME)?).ok()?;
        let (hash, salt) = bytes.split_first_chunk()?;
        Some(Self { salt: salt.try_into().ok()?, hash: *hash })
    }

    pub(crate) fn to_hash(&self) -> String {
        format!("{SCHEME}{}", STANDARD.encode([&self.hash[..], &self.salt].concat()))
    }

    pub(crate) fn is(&self, password: &[u8]) -> bool {
        digest::constant_time_eq(&self.hash, &hash(&self.salt, password))
    }
}

fn hash(salt: &[u8; 16], password: &[u8]) -> [u8; 32] {
    digest::sha256(&[password, salt].concat())
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// The password in a value of `unicodePwd`: in quotes, as UTF-16, little end first. Source: MS-ADTS §3.1.1.3.1.5.
pub(crate) fn of_unicode_pwd(value: &[u8]) -> Option<String> {
    let units = value.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).map(u16::from_le_bytes));
    let units: Vec<u16> = units.collect::<Result<_, _>>().ok()?;
    let text = String::from_utf16(&units).ok()?;
    text.strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again() {
        let secret = Secret::new("Passw0rd!", [7; 16]);
        assert!(secret.is(b"Passw0rd!") && !secret.is(b"passw0rd!") && !secret.is(b""));
        assert_ne!(secret, Secret::new("Passw0rd!", [8; 16]));
        assert_eq!(Secret::of_hash(&secret.to_hash()), Some(secret));
        assert_eq!(Secret::of_hash("{SSHA256}AAAA"), None);
    }

    #[test]
    fn unicode_passwords_are_quoted_utf_16() {
        let quoted = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        assert_eq!(of_unicode_pwd(&quoted("\"Žofie1!\"")).as_deref(), Some("Žofie1!"));
        assert_eq!(of_unicode_pwd(&quoted("no quotes")), None);
        assert_eq!(of_unicode_pwd(b"\"odd"), None);
    }
}
