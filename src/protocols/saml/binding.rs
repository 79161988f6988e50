//! Messages as a browser carries them. Source: SAML 2.0 Bindings §3.4 (redirect), §3.5 (POST).

use miniz_oxide::inflate;

use crate::protocols::saml::base64;
use crate::protocols::saml::sign::SignError;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::xml::MOST_BYTES;

/// Whether a message asks or answers: the name of the field that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    Response,
}

impl Kind {
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// Why a message can't be taken from a request, or be put into one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BindingError {
    #[error("there is neither a SAMLRequest nor a SAMLResponse")]
    Missing,
    #[error("{0} is given more than once")]
    Doubled(String),
    #[error("the message is not base64")]
    NotBase64,
    #[error("the message can't be inflated, or is longer than {MOST_BYTES} bytes then")]
    NotDeflated,
    #[error("the message is longer than {MOST_BYTES} bytes")]
    TooLong,
    #[error("the message is not UTF-8")]
    NotUtf8,
    #[error("the message has an encoding that nobody here knows")]
    Encoding,
    #[error(transparent)]
    Signature(#[from] SignatureError),
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// The value of the field that carries a message by POST.
pub(crate) fn to_post(xml: &str) -> String {
    crate::keys::digest::base64(xml.as_bytes())
}

/// The message in a field that came by POST.
///
/// # Errors
/// [`BindingError`].
pub(crate) fn from_post(field: &str) -> Result<String, BindingError> {
    // Lines may be broken, so there is a little more than four characters for three bytes.
    if field.len() / 3 * 2 > MOST_BYTES {
        return Err(BindingError::TooLong);
    }
    let bytes = base64::decode(field).ok_or(BindingError::NotBase64)?;
    if bytes.len() > MOST_BYTES {
        return Err(BindingError::TooLong);
    }
    String::from_utf8(bytes).map_err(|_| BindingError::NotUtf8)
}

/// The bytes compressed without a header (RFC 1951).
pub(super) fn deflate(xml: &str) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec(xml.as_bytes(), 6)
}

/// A deflated message; it never becomes longer than a document may be. One that isn't deflated is taken as it is.
pub(super) fn inflated(bytes: Vec<u8>) -> Result<String, BindingError> {
    let plain = if bytes.starts_with(b"<") {
        bytes
    } else {
        let plain = inflate::decompress_to_vec_with_limit(&bytes, MOST_BYTES);
        plain.map_err(|_| BindingError::NotDeflated)?
    };
    String::from_utf8(plain).map_err(|_| BindingError::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posted_message_may_have_broken_lines() {
        let xml = "<r>zo\u{eb}</r>";
        let posted = to_post(xml);
        assert_eq!(from_post(&posted).as_deref(), Ok(xml));
        let (start, end) = posted.split_at(4);
        assert_eq!(from_post(&format!("{start}\r\n{end}\r\n")).as_deref(), Ok(xml));
        assert_eq!(from_post("<r/>"), Err(BindingError::NotBase64));
        assert_eq!(from_post("/w=="), Err(BindingError::NotUtf8));
        assert_eq!(from_post(&"A".repeat(MOST_BYTES * 2)), Err(BindingError::TooLong));
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        let bomb = deflate(&" ".repeat(100 * MOST_BYTES));
        assert!(bomb.len() < MOST_BYTES);
        assert_eq!(inflated(bomb), Err(BindingError::NotDeflated));
        assert_eq!(inflated(b"\x07nonsense".to_vec()), Err(BindingError::NotDeflated));
        assert_eq!(inflated(deflate("<r/>")).as_deref(), Ok("<r/>"));
        assert_eq!(inflated(b"<r/>".to_vec()).as_deref(), Ok("<r/>"));
    }
}
