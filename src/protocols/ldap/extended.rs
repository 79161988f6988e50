//! Extended operations: their OIDs and what is in their values. Source: RFC 4511 §4.14 (`StartTLS`), 3062 (password
//! modify), 4532 (who am I).

use crate::protocols::ldap::ber;
use crate::protocols::ldap::ber::BerError;
use crate::protocols::ldap::ber::Reader;
use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::writer::Writer;

pub(crate) const NOTICE_OF_DISCONNECTION: &str = "1.3.6.1.4.1.1466.20036";
pub(crate) const START_TLS: &str = "1.3.6.1.4.1.1466.20037";
pub(crate) const WHO_AM_I: &str = "1.3.6.1.4.1.4203.1.11.3";
pub(crate) const PASSWORD_MODIFY: &str = "1.3.6.1.4.1.4203.1.11.1";

/// What a client asks the password modify operation for. Source: RFC 3062 §2.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct PasswordModify {
    /// Whose password, by name; the bound one's if not given.
    pub(crate) user: Option<String>,
    pub(crate) old: Option<Vec<u8>>,
    /// The server makes one up if not given.
    pub(crate) new: Option<Vec<u8>>,
}

impl PasswordModify {
    /// Reads the value of the request; there may be none.
    ///
    /// # Errors
    /// [`BerError`] when it is not what the RFC says.
    pub(crate) fn read(value: Option<&[u8]>) -> Result<Self, BerError> {
        let Some(value) = value else { return Ok(Self::default()) };
        let mut inner = Reader::new(value).within(SEQUENCE)?;
        let user = inner.optional(0x80)?.map(ber::text).transpose()?.map(str::to_owned);
        let old = inner.optional(0x81)?.map(<[u8]>::to_owned);
        Ok(Self { user, old, new: inner.optional(0x82)?.map(<[u8]>::to_owned) })
    }
}

/// The value of the answer when the server made up a password.
pub(crate) fn generated_password(password: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.nested(SEQUENCE, |writer| writer.tagged(0x80, password));
    writer.into_bytes()
}

/// Without the passwords.
impl std::fmt::Debug for PasswordModify {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PasswordModify({:?})", self.user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_password_modify_may_be_missing() {
        assert_eq!(PasswordModify::read(None), Ok(PasswordModify::default()));
        assert_eq!(PasswordModify::read(Some(b"\x30\x00")), Ok(PasswordModify::default()));
        let read = PasswordModify::read(Some(b"\x30\x0b\x80\x03u:x\x81\x01o\x82\x01n")).unwrap();
        assert_eq!(read.user.as_deref(), Some("u:x"));
        assert_eq!((read.old.as_deref(), read.new.as_deref()), (Some(&b"o"[..]), Some(&b"n"[..])));
        assert_eq!(PasswordModify::read(Some(b"\x30\x05\x80")), Err(BerError::Truncated));
    }

    #[test]
    fn a_generated_password_is_told_under_its_own_tag() {
        assert_eq!(generated_password(b"ab"), b"\x30\x84\0\0\0\x04\x80\x02ab");
    }
}
