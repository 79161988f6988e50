//! Where one message ends and the next begins in a stream of bytes. Source: RFC 4511 §4.1.1, §5.2.

use crate::protocols::ldap::ber::BerError;
use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::ber::header;

/// Why a stream can't go on. Display completes "the stream …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("does not begin with a message of LDAP")]
    NotLdap,
    #[error("has a message of {length} bytes, and {most} are the most")]
    TooLong { length: usize, most: usize },
    #[error("{0}")]
    Ber(#[from] BerError),
}

/// How many of the `bytes` are the first message, header included; `None` until it is all there. Known from the header
/// on: a message longer than `most` is refused before it is read.
///
/// # Errors
/// [`FrameError`]: nothing after this can be understood.
pub(crate) fn first_message(bytes: &[u8], most: usize) -> Result<Option<usize>, FrameError> {
    if bytes.first().is_some_and(|tag| *tag != SEQUENCE) {
        return Err(FrameError::NotLdap);
    }
    let Some((head, content)) = header(bytes)? else { return Ok(None) };
    let length = head.saturating_add(content);
    if length > most {
        return Err(FrameError::TooLong { length, most });
    }
    Ok((bytes.len() >= length).then_some(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_cut_out_when_it_is_all_there() {
        let bytes = b"\x30\x03\x02\x01\x01\x30\x00";
        for end in 0..5 {
            assert_eq!(first_message(&bytes[..end], 100), Ok(None), "{end}");
        }
        assert_eq!(first_message(&bytes[..5], 100), Ok(Some(5)));
        assert_eq!(first_message(bytes, 100), Ok(Some(5)));
        assert_eq!(first_message(&bytes[5..], 100), Ok(Some(2)));
    }

    #[test]
    fn a_stream_of_something_else_or_too_much_is_refused_at_its_header() {
        assert_eq!(first_message(b"GET / HTTP/1.1", 100), Err(FrameError::NotLdap));
        assert_eq!(first_message(b"\x16\x03\x01", 100), Err(FrameError::NotLdap));
        assert_eq!(first_message(b"\x30\x80", 100), Err(FrameError::Ber(BerError::IndefiniteLength)));
        let long = FrameError::TooLong { length: 0xffff_ffff + 6, most: 100 };
        assert_eq!(first_message(b"\x30\x84\xff\xff\xff\xff", 100), Err(long));
    }
}
