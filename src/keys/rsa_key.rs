//! An RSA key pair that signs documents and reads what was encrypted for it: what SAML and WS-Federation need, besides
//! the tokens that [`crate::keys::signing_key`] signs. Source: RFC 8017 §8.2 (signatures), §7.1 (OAEP).

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::encoding::Pkcs8V1Der;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::rsa::OaepPrivateDecryptingKey;
use aws_lc_rs::rsa::PrivateDecryptingKey;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use aws_lc_rs::signature::RSA_PKCS1_SHA384;
use aws_lc_rs::signature::RSA_PKCS1_SHA512;
use rsa::pkcs8::DecodePrivateKey as _;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

use crate::keys::error::KeyError;
use crate::keys::hash::Hash;
use crate::keys::x509::Certificate;
use crate::keys::x509::Oaep;

/// What stands before a SHA-1 in what is signed: its `DigestInfo` (RFC 8017 §9.2, note 1).
const SHA1_PREFIX: [u8; 15] =
    [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];

/// A key pair with its certificate, parsed once: keep it, for parsing takes longer than signing.
pub(crate) struct RsaKey {
    pair: KeyPair,
    pkcs8: Vec<u8>,
    certificate: Certificate,
    /// For SHA-1 alone, with which the library of the others doesn't sign.
    sha1: OnceLock<Option<rsa::PrivateKey>>,
    decrypting: OnceLock<Option<OaepPrivateDecryptingKey>>,
}

impl RsaKey {
    /// A private key (PKCS #8) and its certificate, both DER.
    ///
    /// # Errors
    /// [`KeyError::Parse`] when one isn't that.
    pub(crate) fn new(pkcs8: &[u8], certificate: Certificate) -> Result<Self, KeyError> {
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(|error| KeyError::Parse(error.to_string()))?;
        let (sha1, decrypting) = (OnceLock::new(), OnceLock::new());
        Ok(Self { pair, pkcs8: pkcs8.to_owned(), certificate, sha1, decrypting })
    }

    /// A private key in PEM (PKCS #8 or PKCS #1) and its certificate in PEM or base64.
    ///
    /// # Errors
    /// As [`RsaKey::new`].
    pub(crate) fn from_pem(key: &str, certificate: &str) -> Result<Self, KeyError> {
        Self::with_certificate(key, Certificate::from_text(certificate)?)
    }

    /// The same, where the certificate is known already.
    ///
    /// # Errors
    /// As [`RsaKey::new`].
    pub(crate) fn with_certificate(key: &str, certificate: Certificate) -> Result<Self, KeyError> {
        let wrong = |error: &dyn std::fmt::Display| KeyError::Parse(error.to_string());
        match PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| wrong(&error))? {
            PrivateKeyDer::Pkcs8(der) => Self::new(der.secret_pkcs8_der(), certificate),
            PrivateKeyDer::Pkcs1(der) => {
                let pair = KeyPair::from_der(der.secret_pkcs1_der()).map_err(|error| wrong(&error))?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|error| wrong(&error))?;
                Self::new(der.as_ref(), certificate)
            }
            _ => Err(KeyError::Parse("it is no RSA key".to_owned())),
        }
    }

    pub(crate) fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A PKCS #1 v1.5 signature. Takes about 0.8 ms; with SHA-1 several times as long.
    ///
    /// # Errors
    /// [`KeyError::Sign`] when the library can't.
    pub(crate) fn sign(&self, hash: Hash, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let encoding = match hash {
            Hash::Sha1 => return self.sign_sha1(message),
            Hash::Sha256 => &RSA_PKCS1_SHA256,
            Hash::Sha384 => &RSA_PKCS1_SHA384,
            Hash::Sha512 => &RSA_PKCS1_SHA512,
        };
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(encoding, &SystemRandom::new(), message, &mut signature)
            .map_err(|error| KeyError::Sign(error.to_string()))?;
        Ok(signature)
    }

    fn sign_sha1(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = self.sha1.get_or_init(|| rsa::PrivateKey::from_pkcs8_der(&self.pkcs8).ok()).as_ref();
        let key = key.ok_or_else(|| KeyError::Sign("with SHA-1: the key can't be read".to_owned()))?;
        let padding = rsa::Pkcs1v15Sign { hash_len: Some(20), prefix: Box::new(SHA1_PREFIX) };
        key.sign(padding, &Hash::Sha1.of(message)).map_err(|error| KeyError::Sign(error.to_string()))
    }

    /// What was encrypted for this key's certificate; `None` when it wasn't, or was changed.
    pub(crate) fn decrypt(&self, oaep: Oaep, encrypted: &[u8]) -> Option<Vec<u8>> {
        let made = || OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(&self.pkcs8).ok()?).ok();
        let key = self.decrypting.get_or_init(made).as_ref()?;
        let mut plain = vec![0; key.min_output_size()];
        key.decrypt(oaep.algorithm(), encrypted, &mut plain, None).ok().map(|plain| plain.to_vec())
    }
}

impl std::fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RsaKey({})", self.certificate.thumbprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::digest;
    use crate::keys::signing_key::SigningKey;

    #[test]
    fn every_hash_is_signed_and_verified_with() {
        let key = SigningKey::make("impostor-tenant").unwrap().0.for_documents().unwrap();
        for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let signature = key.sign(hash, b"message").unwrap();
            assert!(key.certificate().verifies(hash, b"message", &signature), "{hash:?}");
            assert!(!key.certificate().verifies(hash, b"massage", &signature), "{hash:?}");
        }
        assert!(!key.certificate().verifies(Hash::Sha1, b"message", &key.sign(Hash::Sha256, b"message").unwrap()));
    }

    #[test]
    fn a_secret_is_read_by_its_key_alone() {
        let (key, _) = SigningKey::make("impostor-tenant").unwrap();
        let (other, _) = SigningKey::make("impostor-tenant").unwrap();
        let (key, other) = (key.for_documents().unwrap(), other.for_documents().unwrap());
        for oaep in [Oaep::Sha1, Oaep::Sha256] {
            let encrypted = key.certificate().public_key().encrypt(oaep, b"secret").unwrap();
            assert_eq!(key.decrypt(oaep, &encrypted).as_deref(), Some(&b"secret"[..]));
            assert_eq!(other.decrypt(oaep, &encrypted), None);
            assert_eq!(key.decrypt(oaep, &encrypted[1..]), None);
        }
        assert!(key.certificate().public_key().encrypt(Oaep::Sha1, &[0; 250]).is_err());
    }

    #[test]
    fn keys_and_certificates_are_read_in_the_forms_that_people_paste() {
        let (made, _) = SigningKey::make("impostor-tenant").unwrap();
        let key = made.for_documents().unwrap();
        let body = digest::base64(&key.pkcs8);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let certificate = made.certificate_pem();
        let one_line = digest::base64(made.certificate_der());
        for text in [&certificate, &one_line, &digest::base64(certificate.as_bytes()), &format!(" {one_line}\n")] {
            let read = RsaKey::from_pem(&pem, text).unwrap();
            assert_eq!((read.certificate(), &read.pkcs8), (key.certificate(), &key.pkcs8));
        }
        assert_eq!(key.certificate().subject, "CN=impostor-tenant");
        assert_eq!(key.certificate().not_after.to_string(), "2038-09-10T00:00:00.000Z");
        for wrong in ["", "nonsense!", "AAAA", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"] {
            assert!(RsaKey::from_pem(&pem, wrong).is_err(), "{wrong}");
            assert!(RsaKey::from_pem(wrong, &certificate).is_err(), "{wrong}");
        }
    }
}
