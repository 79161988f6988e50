//! Base64 as documents and forms carry it: broken into lines anywhere. Source: RFC 4648 §4, RFC 2045 §6.8.

use crate::keys::digest;

/// Reads base64 with white space in it; `None` when it isn't.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return digest::from_base64(text);
    }
    let together: String = text.split_ascii_whitespace().collect();
    digest::from_base64(&together)
}
