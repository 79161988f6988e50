//! The hashes that documents are signed with. Source: RFC 6931 §2, XML Signature 1.1 §6.

use aws_lc_rs::digest;

/// A hash by its name in the standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    /// Broken for signatures: made and taken only where somebody asks for it.
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash of some bytes.
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes).as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::digest::hex;

    #[test]
    fn hashes_are_those_of_the_standards() {
        let check = |hash: Hash, begins: &str, bytes: usize| {
            let found = hash.of(b"abc");
            assert!(hex(&found).starts_with(begins) && found.len() == bytes, "{hash:?}");
        };
        check(Hash::Sha1, "a9993e36", 20);
        check(Hash::Sha256, "ba7816bf", 32);
        check(Hash::Sha384, "cb00753f", 48);
        check(Hash::Sha512, "ddaf35a1", 64);
    }
}
