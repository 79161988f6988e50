//! The algorithms that signatures and encryption may use, by their names; nothing else is ever taken.
//! Source: RFC 6931 §2, XML Signature 1.1 §6, XML Encryption 1.1 §5.

use bergshamra_c14n::C14nMode;

use crate::keys::block_cipher::BlockCipher;
use crate::keys::hash::Hash;
use crate::keys::x509::Oaep;

const SIGNATURES: [(Hash, &str); 4] = [
    (Hash::Sha1, "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
    (Hash::Sha256, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
    (Hash::Sha384, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"),
    (Hash::Sha512, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"),
];

const DIGESTS: [(Hash, &str); 4] = [
    (Hash::Sha1, "http://www.w3.org/2000/09/xmldsig#sha1"),
    (Hash::Sha256, "http://www.w3.org/2001/04/xmlenc#sha256"),
    (Hash::Sha384, "http://www.w3.org/2001/04/xmldsig-more#sha384"),
    (Hash::Sha512, "http://www.w3.org/2001/04/xmlenc#sha512"),
];

const CIPHERS: [(BlockCipher, &str); 4] = [
    (BlockCipher::Aes128Cbc, "http://www.w3.org/2001/04/xmlenc#aes128-cbc"),
    (BlockCipher::Aes256Cbc, "http://www.w3.org/2001/04/xmlenc#aes256-cbc"),
    (BlockCipher::Aes128Gcm, "http://www.w3.org/2009/xmlenc11#aes128-gcm"),
    (BlockCipher::Aes256Gcm, "http://www.w3.org/2009/xmlenc11#aes256-gcm"),
];

pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(super) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// OAEP whose mask is always made with SHA-1, and the newer name that says which hash makes it.
pub(super) const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
pub(super) const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const MGF1: [(Hash, &str); 2] = [
    (Hash::Sha1, "http://www.w3.org/2009/xmlenc11#mgf1sha1"),
    (Hash::Sha256, "http://www.w3.org/2009/xmlenc11#mgf1sha256"),
];

/// Whether signatures and digests with SHA-1 are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sha1 {
    #[default]
    Refused,
    Accepted,
}

/// The name of the RSA signature with a hash.
pub(crate) fn signature_uri(hash: Hash) -> &'static str {
    name(&SIGNATURES, hash)
}

pub(crate) fn digest_uri(hash: Hash) -> &'static str {
    name(&DIGESTS, hash)
}

pub(crate) fn cipher_uri(cipher: BlockCipher) -> &'static str {
    name(&CIPHERS, cipher)
}

/// The hash of a signature that is taken; `None` for any other.
pub(crate) fn signature(uri: &str, sha1: Sha1) -> Option<Hash> {
    find(&SIGNATURES, uri).filter(|hash| *hash != Hash::Sha1 || sha1 == Sha1::Accepted)
}

pub(super) fn digest(uri: &str, sha1: Sha1) -> Option<Hash> {
    find(&DIGESTS, uri).filter(|hash| *hash != Hash::Sha1 || sha1 == Sha1::Accepted)
}

pub(super) fn cipher(uri: &str) -> Option<BlockCipher> {
    find(&CIPHERS, uri)
}

/// How a key was encrypted, by the method's name, its digest's and its mask's. SHA-1 is no danger there.
pub(super) fn oaep(method: &str, digest: Option<&str>, mask: Option<&str>) -> Option<Oaep> {
    let digest = digest.map_or(Some(Hash::Sha1), |uri| find(&DIGESTS, uri))?;
    let mask = match (method, mask) {
        (OAEP_MGF1P, _) | (OAEP, None) => Hash::Sha1,
        (OAEP, Some(uri)) => find(&MGF1, uri)?,
        _ => return None,
    };
    match (digest, mask) {
        (Hash::Sha1, Hash::Sha1) => Some(Oaep::Sha1),
        (Hash::Sha256, Hash::Sha256) => Some(Oaep::Sha256),
        _ => None,
    }
}

/// The exclusive canonicalizations, which SAML wants (Core §5.4.3), with and without comments.
pub(super) fn exclusive_c14n(uri: &str) -> Option<C14nMode> {
    C14nMode::from_uri(uri).filter(C14nMode::is_exclusive)
}

fn name<T: Copy + PartialEq>(table: &[(T, &'static str)], wanted: T) -> &'static str {
    table.iter().find(|(value, _)| *value == wanted).map_or("", |(_, uri)| uri)
}

fn find<T: Copy>(table: &[(T, &'static str)], wanted: &str) -> Option<T> {
    table.iter().find(|(_, uri)| *uri == wanted).map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_as_it_is_written_and_sha1_only_when_asked_for() {
        for (hash, _) in SIGNATURES {
            assert_eq!(signature(signature_uri(hash), Sha1::Accepted), Some(hash));
            assert_eq!(digest(digest_uri(hash), Sha1::Accepted), Some(hash));
        }
        assert_eq!(signature(signature_uri(Hash::Sha1), Sha1::default()), None);
        assert_eq!(digest(digest_uri(Hash::Sha1), Sha1::default()), None);
        assert_eq!(signature("http://www.w3.org/2000/09/xmldsig#hmac-sha1", Sha1::Accepted), None);
        assert_eq!(exclusive_c14n("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"), None);
        assert_eq!(cipher("http://www.w3.org/2001/04/xmlenc#tripledes-cbc"), None);
    }

    #[test]
    fn a_mask_is_of_sha1_where_nothing_else_is_said() {
        let (sha1, sha256) = (digest_uri(Hash::Sha1), digest_uri(Hash::Sha256));
        let mask = "http://www.w3.org/2009/xmlenc11#mgf1sha256";
        assert_eq!(oaep(OAEP_MGF1P, None, None), Some(Oaep::Sha1));
        assert_eq!(oaep(OAEP_MGF1P, Some(sha1), None), Some(Oaep::Sha1));
        assert_eq!(oaep(OAEP, Some(sha256), Some(mask)), Some(Oaep::Sha256));
        assert_eq!(oaep(OAEP, Some(sha256), None), None);
        assert_eq!(oaep("http://www.w3.org/2001/04/xmlenc#rsa-1_5", None, None), None);
    }
}
