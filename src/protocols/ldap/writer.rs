//! Writing BER: into one buffer, forwards. Source: RFC 4511 §5.1.
//!
//! Elements with elements in them get a length of four bytes, filled in when they end, as Active Directory writes them;
//! so nothing is copied or measured twice.

use crate::protocols::ldap::ber::BOOLEAN;
use crate::protocols::ldap::ber::ENUMERATED;
use crate::protocols::ldap::ber::INTEGER;
use crate::protocols::ldap::ber::OCTET_STRING;

/// BER under construction.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Goes on at the end of `bytes`.
    pub(crate) fn onto(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// An element with this tag and what `inner` writes in it.
    pub(crate) fn nested(&mut self, tag: u8, inner: impl FnOnce(&mut Self)) {
        self.bytes.extend_from_slice(&[tag, 0x84, 0, 0, 0, 0]);
        let start = self.bytes.len();
        inner(self);
        // More than four GiB would not fit into the length; nothing that is written here comes near.
        let length = u32::try_from(self.bytes.len() - start).unwrap_or(u32::MAX);
        if let Some(place) = self.bytes.get_mut(start - 4..start) {
            place.copy_from_slice(&length.to_be_bytes());
        }
    }

    /// An element with this tag and these bytes.
    pub(crate) fn tagged(&mut self, tag: u8, content: &[u8]) {
        self.bytes.push(tag);
        let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
        match length.to_be_bytes() {
            [0, 0, 0, short] if short < 0x80 => self.bytes.push(short),
            [0, 0, 0, low] => self.bytes.extend_from_slice(&[0x81, low]),
            [0, 0, high, low] => self.bytes.extend_from_slice(&[0x82, high, low]),
            [a, b, c, d] => self.bytes.extend_from_slice(&[0x84, a, b, c, d]),
        }
        self.bytes.extend_from_slice(content);
    }

    pub(crate) fn octets(&mut self, content: &[u8]) {
        self.tagged(OCTET_STRING, content);
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.tagged(BOOLEAN, &[if value { 0xff } else { 0 }]);
    }

    pub(crate) fn integer(&mut self, value: i64) {
        self.number(INTEGER, value);
    }

    pub(crate) fn enumerated(&mut self, value: i64) {
        self.number(ENUMERATED, value);
    }

    /// In as few bytes as hold it with its sign.
    fn number(&mut self, tag: u8, value: i64) {
        let bytes = value.to_be_bytes();
        let spare = bytes.iter().zip(bytes.iter().skip(1)).take_while(|(byte, next)| match byte {
            0x00 => **next < 0x80,
            0xff => **next >= 0x80,
            _ => false,
        });
        let spare = spare.count();
        self.tagged(tag, bytes.get(spare..).unwrap_or(&bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::ldap::ber::Reader;
    use crate::protocols::ldap::ber::SEQUENCE;

    #[test]
    fn integers_are_as_short_as_they_can_be_and_read_back() {
        for (value, length) in [(0, 1), (127, 1), (128, 2), (-1, 1), (-128, 1), (-129, 2), (65_535, 3), (i64::MIN, 8)] {
            let mut writer = Writer::new();
            writer.integer(value);
            let bytes = writer.into_bytes();
            assert_eq!(bytes.len(), 2 + length, "{value}");
            assert_eq!(Reader::new(&bytes).integer(), Ok(value));
        }
    }

    #[test]
    fn strings_of_every_length_read_back_within_a_sequence() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000] {
            let content = vec![7; length];
            let mut writer = Writer::new();
            writer.nested(SEQUENCE, |writer| {
                writer.octets(&content);
                writer.boolean(true);
            });
            let bytes = writer.into_bytes();
            let mut outer = Reader::new(&bytes);
            let mut inner = outer.within(SEQUENCE).unwrap();
            assert_eq!(inner.octets().unwrap(), content);
            assert_eq!(inner.boolean(), Ok(true));
            assert!(inner.is_empty() && outer.is_empty());
        }
    }
}
