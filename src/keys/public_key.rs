//! Somebody's RSA key without the private half: it encrypts for its owner. Source: RFC 5280 §4.1.2.7, RFC 8017 §7.1.

use aws_lc_rs::rsa::OaepPublicEncryptingKey;
use aws_lc_rs::rsa::PublicEncryptingKey;
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject as _;

use crate::keys::digest;
use crate::keys::error::KeyError;
use crate::keys::x509::Oaep;

/// How long a key may be at most, in bytes.
const MOST_BYTES: usize = 16 * 1024;

/// A public key, read once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey(Vec<u8>);

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`KeyError::Parse`] when it is none, or of a key that isn't RSA.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let wrong = |cause: &str| KeyError::Parse(format!("the public key {cause}"));
        if der.len() > MOST_BYTES {
            return Err(wrong("is too long"));
        }
        PublicEncryptingKey::from_der(der).map_err(|_| wrong("isn't RSA"))?;
        Ok(Self(der.to_owned()))
    }

    /// Reads PEM, or base64 of DER in one line or many.
    ///
    /// # Errors
    /// As [`PublicKey::from_der`].
    pub(crate) fn from_text(text: &str) -> Result<Self, KeyError> {
        if text.contains("-----BEGIN") {
            let der = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes());
            return Self::from_der(&der.map_err(|error| KeyError::Parse(format!("the public key: {error}")))?);
        }
        let base64: String = text.split_ascii_whitespace().collect();
        let der = digest::from_base64(&base64);
        Self::from_der(&der.ok_or_else(|| KeyError::Parse("the public key is neither PEM nor base64".to_owned()))?)
    }

    /// As `SubjectPublicKeyInfo`.
    pub(crate) fn der(&self) -> &[u8] {
        &self.0
    }

    /// A short secret, to be read by the key's owner alone.
    ///
    /// # Errors
    /// [`KeyError::Parse`] when the key is too short for the secret.
    pub(crate) fn encrypt(&self, oaep: Oaep, secret: &[u8]) -> Result<Vec<u8>, KeyError> {
        let encrypt = || {
            let key = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(&self.0).ok()?).ok()?;
            let mut encrypted = vec![0; key.ciphertext_size()];
            let length = key.encrypt(oaep.algorithm(), secret, &mut encrypted, None).ok()?.len();
            encrypted.truncate(length);
            Some(encrypted)
        };
        encrypt().ok_or_else(|| KeyError::Parse("the public key can't encrypt".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_the_forms_that_people_paste_and_nonsense_is_not() {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        let pem = pair.public_key_pem();
        let key = PublicKey::from_text(&pem).unwrap();
        assert_eq!(PublicKey::from_text(&digest::base64(key.der())).unwrap(), key);
        let curve = rcgen::KeyPair::generate().unwrap().public_key_pem();
        for wrong in ["", "nonsense", "AAAA", pem.split_at(80).0, &curve] {
            assert!(PublicKey::from_text(wrong).is_err(), "{wrong}");
        }
    }
}
