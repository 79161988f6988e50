//! Digests for scripts' `require('crypto')`. Bytes go in and out as hexadecimal digits.

use aws_lc_rs::digest;
use aws_lc_rs::hmac;
use md5::Digest as _;

/// The digest of `data`, by Node's name of the algorithm; nothing for an algorithm that isn't known.
pub(super) fn hash(algorithm: &str, data: &str) -> Option<String> {
    let data = from_hex(data)?;
    let by = |algorithm| digest::digest(algorithm, &data).as_ref().to_vec();
    let digest = match plain(algorithm).as_str() {
        "md5" => md5::Md5::digest(&data).to_vec(),
        "sha1" => by(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        "sha256" => by(&digest::SHA256),
        "sha384" => by(&digest::SHA384),
        "sha512" => by(&digest::SHA512),
        _ => return None,
    };
    Some(to_hex(&digest))
}

/// The keyed digest of `data`; nothing for an algorithm that isn't known.
pub(super) fn hmac(algorithm: &str, key: &str, data: &str) -> Option<String> {
    let algorithm = match plain(algorithm).as_str() {
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => hmac::HMAC_SHA256,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => return None,
    };
    let key = hmac::Key::new(algorithm, &from_hex(key)?);
    Some(to_hex(hmac::sign(&key, &from_hex(data)?).as_ref()))
}

/// `SHA-256`, `RSA-SHA256` and `sha256` are one.
fn plain(algorithm: &str) -> String {
    algorithm.to_ascii_lowercase().trim_start_matches("rsa-").replace('-', "")
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    let bytes = pairs.iter().filter_map(|[high, low]| u8::try_from(high * 16 + low).ok()).collect();
    rest.is_empty().then_some(bytes)
}

fn to_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_the_standards() {
        assert_eq!(hash("MD5", "").as_deref(), Some("d41d8cd98f00b204e9800998ecf8427e"));
        assert_eq!(hash("sha-1", "616263").as_deref(), Some("a9993e364706816aba3e25717850c26c9cd0d89d"));
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash("RSA-SHA256", "616263").as_deref(), Some(sha256));
        // RFC 4231 §4.3.
        let hmac256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let data = to_hex(b"what do ya want for nothing?");
        assert_eq!(hmac("sha256", &to_hex(b"Jefe"), &data).as_deref(), Some(hmac256));
        assert_eq!(
            (hash("whirl", ""), hmac("md4", "", ""), hash("md5", "0"), hash("md5", "é")),
            (None, None, None, None)
        );
    }
}
