//! Somebody's certificate: the RSA key in it verifies signatures and encrypts for its owner. It is pinned, so neither
//! its issuer nor its dates are asked for. Source: RFC 5280 §4.1.

use aws_lc_rs::rsa::OAEP_SHA1_MGF1SHA1;
use aws_lc_rs::rsa::OAEP_SHA256_MGF1SHA256;
use aws_lc_rs::rsa::OaepAlgorithm;
use aws_lc_rs::signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY;
use aws_lc_rs::signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY;
use aws_lc_rs::signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY;
use aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA384;
use aws_lc_rs::signature::RsaParameters;
use aws_lc_rs::signature::UnparsedPublicKey;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::FromDer as _;
use x509_parser::prelude::X509Certificate;

use crate::keys::digest;
use crate::keys::error::KeyError;
use crate::keys::hash::Hash;
use crate::keys::public_key::PublicKey;
use crate::time::Timestamp;

/// How long a certificate may be at most, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// How a short secret is encrypted for a key (RFC 8017 §7.1): the hash, which also makes the mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oaep {
    Sha1,
    Sha256,
}

impl Oaep {
    pub(super) fn algorithm(self) -> &'static OaepAlgorithm {
        match self {
            Self::Sha1 => &OAEP_SHA1_MGF1SHA1,
            Self::Sha256 => &OAEP_SHA256_MGF1SHA256,
        }
    }
}

/// A certificate, read once.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    public_key: PublicKey,
    /// The owner's name, as RFC 4514 writes it: `CN=idp.example`.
    pub(crate) subject: String,
    pub(crate) not_after: Timestamp,
}

impl Certificate {
    /// Reads DER.
    ///
    /// # Errors
    /// [`KeyError::Parse`] when it is no certificate, or of a key that isn't RSA.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let wrong = |cause: &str| KeyError::Parse(format!("the certificate {cause}"));
        if der.len() > MOST_BYTES {
            return Err(wrong("is too long"));
        }
        let (rest, read) = X509Certificate::from_der(der).map_err(|_| wrong("is not X.509"))?;
        if !rest.is_empty() {
            return Err(wrong("is followed by something"));
        }
        let public_key = PublicKey::from_der(read.public_key().raw);
        let public_key = public_key.map_err(|_| wrong("is of a key that isn't RSA"))?;
        let not_after = Timestamp::from_millis(read.validity().not_after.timestamp().saturating_mul(1000));
        Ok(Self { der: der.to_owned(), public_key, subject: read.subject().to_string(), not_after })
    }

    /// Reads the forms that people paste: PEM, base64 of DER in one line or many, and base64 of PEM.
    ///
    /// # Errors
    /// As [`Certificate::from_der`].
    pub(crate) fn from_text(text: &str) -> Result<Self, KeyError> {
        if text.contains("-----BEGIN") {
            let der = CertificateDer::from_pem_slice(text.as_bytes());
            return Self::from_der(&der.map_err(|error| KeyError::Parse(format!("the certificate: {error}")))?);
        }
        let base64: String = text.split_ascii_whitespace().collect();
        let bytes = digest::from_base64(&base64);
        let bytes = bytes.ok_or_else(|| KeyError::Parse("the certificate is neither PEM nor base64".to_owned()))?;
        match std::str::from_utf8(&bytes) {
            Ok(pem) if pem.contains("-----BEGIN") => Self::from_text(pem),
            _ => Self::from_der(&bytes),
        }
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// The SHA-1 of the certificate in lower-case hexadecimal digits, as connections list them.
    pub(crate) fn thumbprint(&self) -> String {
        digest::hex(&digest::sha1(&self.der))
    }

    /// Whether the owner of this certificate's key signed `message` (PKCS #1 v1.5).
    pub(crate) fn verifies(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        // Sample identity providers still have keys of 1024 bits; their owner pinned this one.
        let rule: &'static RsaParameters = match hash {
            Hash::Sha1 => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            Hash::Sha384 => &RSA_PKCS1_2048_8192_SHA384,
            Hash::Sha512 => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        };
        UnparsedPublicKey::new(rule, self.public_key.der()).verify(message, signature).is_ok()
    }

    /// The owner's key.
    pub(crate) fn public_key(&self) -> &PublicKey {
        &self.public_key
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.subject)
    }
}
