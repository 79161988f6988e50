//! Reading BER as LDAP restricts it: definite lengths, one-byte tags, primitive strings. Source: RFC 4511 §5.1.
//!
//! A reader borrows what it reads and never looks past the end of it; every step consumes bytes, so a message is read in
//! the time that its length allows.

/// The universal tags that LDAP uses.
pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Why bytes are not the BER that was expected. Display completes "the message …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BerError {
    #[error("ends in the middle of an element")]
    Truncated,
    #[error("has an element of indefinite length")]
    IndefiniteLength,
    #[error("has a length of more than four bytes")]
    LongLength,
    #[error("has a tag of more than one byte")]
    LongTag,
    #[error("has an element with tag 0x{found:02x} where 0x{expected:02x} is due")]
    WrongTag { expected: u8, found: u8 },
    #[error("has an integer that is empty or of more than eight bytes")]
    BadInteger,
    #[error("has a boolean that is not one byte")]
    BadBoolean,
    #[error("has text that is not UTF-8")]
    NotText,
}

/// The elements of a BER value that are not read yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element, if there is one.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is: its tag and its content.
    pub(crate) fn any(&mut self) -> Result<(u8, &'a [u8]), BerError> {
        let (header, length) = header(self.rest)?.ok_or(BerError::Truncated)?;
        let tag = self.peek().ok_or(BerError::Truncated)?;
        let (_, content) = self.rest.split_at_checked(header).ok_or(BerError::Truncated)?;
        let (content, rest) = content.split_at_checked(length).ok_or(BerError::Truncated)?;
        self.rest = rest;
        Ok((tag, content))
    }

    /// The content of the next element, which has this tag.
    pub(crate) fn tagged(&mut self, expected: u8) -> Result<&'a [u8], BerError> {
        match self.peek() {
            Some(found) if found != expected => Err(BerError::WrongTag { expected, found }),
            _ => Ok(self.any()?.1),
        }
    }

    /// The content of the next element if it has this tag; otherwise nothing is read.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, BerError> {
        if self.peek() == Some(tag) { Ok(Some(self.any()?.1)) } else { Ok(None) }
    }

    /// The elements within the next element, which has this tag.
    pub(crate) fn within(&mut self, tag: u8) -> Result<Self, BerError> {
        Ok(Self::new(self.tagged(tag)?))
    }

    pub(crate) fn octets(&mut self) -> Result<&'a [u8], BerError> {
        self.tagged(OCTET_STRING)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, BerError> {
        text(self.octets()?)
    }

    pub(crate) fn integer(&mut self) -> Result<i64, BerError> {
        integer(self.tagged(INTEGER)?)
    }

    pub(crate) fn enumerated(&mut self) -> Result<i64, BerError> {
        integer(self.tagged(ENUMERATED)?)
    }

    pub(crate) fn boolean(&mut self) -> Result<bool, BerError> {
        boolean(self.tagged(BOOLEAN)?)
    }
}

/// How long an element's header (tag and length) is, and how long its content will be; `None` while the header is not
/// all there.
pub(crate) fn header(bytes: &[u8]) -> Result<Option<(usize, usize)>, BerError> {
    let Some((tag, rest)) = bytes.split_first() else { return Ok(None) };
    if tag & 0x1f == 0x1f {
        return Err(BerError::LongTag);
    }
    let Some((first, rest)) = rest.split_first() else { return Ok(None) };
    match first {
        0..=0x7f => Ok(Some((2, usize::from(*first)))),
        0x80 => Err(BerError::IndefiniteLength),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7f);
            let Some((length, _)) = rest.split_at_checked(count) else { return Ok(None) };
            let length = length.iter().fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte));
            Ok(Some((2 + count, length)))
        }
        _ => Err(BerError::LongLength),
    }
}

pub(crate) fn text(content: &[u8]) -> Result<&str, BerError> {
    std::str::from_utf8(content).map_err(|_| BerError::NotText)
}

pub(crate) fn integer(content: &[u8]) -> Result<i64, BerError> {
    let first = content.first().ok_or(BerError::BadInteger)?;
    if content.len() > 8 {
        return Err(BerError::BadInteger);
    }
    let sign = if first & 0x80 == 0 { 0 } else { -1 };
    Ok(content.iter().fold(sign, |sum, byte| (sum << 8) | i64::from(*byte)))
}

/// Anything but 0 is true, as BER has it; LDAP's own clients send 255.
pub(crate) fn boolean(content: &[u8]) -> Result<bool, BerError> {
    match content {
        [byte] => Ok(*byte != 0),
        _ => Err(BerError::BadBoolean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_in_short_and_long_form() {
        for bytes in [&b"\x04\x02ab\x05\x00"[..], b"\x04\x81\x02ab\x05\x00", b"\x04\x84\0\0\0\x02ab\x05\x00"] {
            let mut reader = Reader::new(bytes);
            assert_eq!(reader.octets(), Ok(&b"ab"[..]));
            assert_eq!(reader.any(), Ok((5, &b""[..])));
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn what_is_not_ber_of_ldap_is_told() {
        for (bytes, error) in [
            (&b""[..], BerError::Truncated),
            (b"\x04", BerError::Truncated),
            (b"\x04\x03ab", BerError::Truncated),
            (b"\x04\x84\xff\xff\xff\xffab", BerError::Truncated),
            (b"\x04\x82\x01", BerError::Truncated),
            (b"\x04\x80ab\0\0", BerError::IndefiniteLength),
            (b"\x04\x85\0\0\0\0\x01a", BerError::LongLength),
            (b"\x1f\x81\x01a", BerError::LongTag),
            (b"\x02\x01\x05", BerError::WrongTag { expected: 4, found: 2 }),
        ] {
            let read = Reader::new(bytes).octets();
            let expected =
                if bytes.first() == Some(&0x1f) { BerError::WrongTag { expected: 4, found: 0x1f } } else { error };
            assert_eq!(read, Err(expected), "{bytes:x?}");
        }
        assert_eq!(Reader::new(b"\x1f\x81\x01a").any(), Err(BerError::LongTag));
    }

    #[test]
    fn integers_have_one_to_eight_bytes_and_a_sign() {
        for (content, value) in
            [(&b"\x00"[..], 0), (b"\x7f", 127), (b"\x00\x80", 128), (b"\xff", -1), (b"\x80", -128), (b"\x01\x00", 256)]
        {
            assert_eq!(integer(content), Ok(value));
        }
        assert_eq!(integer(b"\x7f\xff\xff\xff\xff\xff\xff\xff"), Ok(i64::MAX));
        assert_eq!(integer(b"\x80\0\0\0\0\0\0\0"), Ok(i64::MIN));
        assert_eq!(integer(b""), Err(BerError::BadInteger));
        assert_eq!(integer(b"\0\0\0\0\0\0\0\0\x01"), Err(BerError::BadInteger));
    }
}
