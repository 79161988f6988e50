//! An RSA key pair with its certificate: signs tokens, shows itself as a JWK. Source: spec/tokens.md §8, RFC 7517.

use std::sync::Arc;
use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::encoding::Pkcs8V1Der;
use aws_lc_rs::encoding::PublicKeyX509Der;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::KeyPair as _;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use aws_lc_rs::signature::RSA_PSS_SHA256;
use aws_lc_rs::signature::RsaEncoding;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use crate::keys::certificate;
use crate::keys::digest;
use crate::keys::error::KeyError;
use crate::keys::pkcs7;
use crate::keys::rsa_key::RsaKey;
use crate::keys::x509::Certificate;
use crate::time::Rng;

/// How a token is signed with an RSA key (RFC 7518 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Ps256,
}

impl Algorithm {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            Self::Rs256 => &RSA_PKCS1_SHA256,
            Self::Ps256 => &RSA_PSS_SHA256,
        }
    }
}

/// A key pair, parsed once.
pub(crate) struct SigningKey {
    kid: String,
    pair: KeyPair,
    certificate: Vec<u8>,
    /// The same, for documents: parsed when first asked for.
    for_documents: OnceLock<Arc<RsaKey>>,
}

/// How a key is kept: JSON in a file that its owner alone can read.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    kid: String,
    /// PKCS #8, base64.
    private_key: String,
    /// X.509, base64.
    certificate: String,
}

impl SigningKey {
    /// Makes an RSA-2048 key with a self-signed certificate. Takes about 100 ms: never on an async thread.
    ///
    /// # Errors
    /// [`KeyError::Make`] when the library can't.
    pub(super) fn make(common_name: &str) -> Result<(Self, Kept), KeyError> {
        let made = |error: &dyn std::fmt::Display| KeyError::Make(error.to_string());
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|error| made(&error))?;
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(|error| made(&error))?;
        let certificate = certificate::self_signed(der.as_ref(), common_name).map_err(|error| made(&error))?;
        let kept = Kept {
            kid: Rng::new(None).url_safe(21),
            private_key: digest::base64(der.as_ref()),
            certificate: digest::base64(&certificate),
        };
        Ok((Self { kid: kept.kid.clone(), pair, certificate, for_documents: OnceLock::new() }, kept))
    }

    /// The key as it was kept; `None` when the text is damaged.
    pub(super) fn of_kept(kept: &Kept) -> Option<Self> {
        let pair = KeyPair::from_pkcs8(&digest::from_base64(&kept.private_key)?).ok()?;
        let certificate = digest::from_base64(&kept.certificate)?;
        Some(Self { kid: kept.kid.clone(), pair, certificate, for_documents: OnceLock::new() })
    }

    /// The key's id: 21 URL-safe characters.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key as the key set shows it, in the real service's order; `alg` may be left out (a tenant flag).
    pub(crate) fn jwk(&self, with_alg: bool) -> Value {
        let (n, e) = self.public();
        let mut jwk = json!({
            "kty": "RSA",
            "use": "sig",
            "n": digest::base64url(&n),
            "e": digest::base64url(&e),
            "kid": self.kid,
            "x5t": digest::base64url(&digest::sha1(&self.certificate)),
            "x5c": [digest::base64(&self.certificate)],
        });
        if with_alg && let Some(members) = jwk.as_object_mut() {
            members.insert("alg".to_owned(), "RS256".into());
        }
        jwk
    }

    /// Modulus and exponent, big-endian.
    pub(crate) fn public(&self) -> (Vec<u8>, Vec<u8>) {
        let public = self.pair.public_key();
        let modulus = public.modulus().big_endian_without_leading_zero().to_vec();
        (modulus, public.exponent().big_endian_without_leading_zero().to_vec())
    }

    /// The public key in PEM (RFC 7468 §13).
    ///
    /// # Errors
    /// [`KeyError::Sign`] when it can't be written, which it always can.
    pub(crate) fn public_pem(&self) -> Result<String, KeyError> {
        let der = AsDer::<PublicKeyX509Der<'_>>::as_der(self.pair.public_key());
        der.map(|der| pem("PUBLIC KEY", der.as_ref())).map_err(|error| KeyError::Sign(error.to_string()))
    }

    /// The key as signer and reader of documents (SAML, WS-Federation).
    ///
    /// # Errors
    /// [`KeyError::Parse`] when the certificate can't be read, which one of ours always can.
    pub(crate) fn for_documents(&self) -> Result<Arc<RsaKey>, KeyError> {
        if let Some(key) = self.for_documents.get() {
            return Ok(Arc::clone(key));
        }
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|error| KeyError::Parse(error.to_string()))?;
        let key = Arc::new(RsaKey::new(der.as_ref(), Certificate::from_der(&self.certificate)?)?);
        Ok(Arc::clone(self.for_documents.get_or_init(|| key)))
    }

    pub(crate) fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// The certificate in PEM (RFC 7468), its lines ended as the real service's are; no end of line follows the last.
    pub(crate) fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// The certificate as a PKCS #7 message without signatures.
    pub(crate) fn pkcs7_der(&self) -> Vec<u8> {
        pkcs7::of_certificate(&self.certificate)
    }

    /// The same in PEM.
    pub(crate) fn pkcs7_pem(&self) -> String {
        pem("PKCS7", &self.pkcs7_der())
    }

    /// The SHA-1 of the certificate in upper-case hexadecimal digits.
    pub(crate) fn thumbprint(&self) -> String {
        digest::hex(&digest::sha1(&self.certificate)).to_uppercase()
    }

    /// The same in pairs: `5A:5C:…`.
    pub(crate) fn fingerprint(&self) -> String {
        let pairs = digest::sha1(&self.certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>();
        pairs.join(":")
    }

    /// A compact JWS (RFC 7515 §3.1) over `claims`, with `alg`, `typ` and `kid` in its header. Takes about 0.8 ms.
    ///
    /// # Errors
    /// [`KeyError::Sign`] when the claims can't be written as JSON, which maps and structs always can.
    pub(crate) fn sign(&self, algorithm: Algorithm, typ: &str, claims: &impl Serialize) -> Result<String, KeyError> {
        self.sign_as(&self.kid, algorithm, typ, claims)
    }

    /// The same under the id of another key.
    ///
    /// # Errors
    /// As [`SigningKey::sign`].
    pub(crate) fn sign_as(
        &self,
        kid: &str,
        algorithm: Algorithm,
        typ: &str,
        claims: &impl Serialize,
    ) -> Result<String, KeyError> {
        let header = json!({ "alg": algorithm.as_str(), "typ": typ, "kid": kid });
        let mut token = unsigned(&header, claims)?;
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(algorithm.encoding(), &SystemRandom::new(), token.as_bytes(), &mut signature)
            .map_err(|error| KeyError::Sign(error.to_string()))?;
        token.push('.');
        token.push_str(&digest::base64url(&signature));
        Ok(token)
    }
}

/// A token that nobody signed: `alg` is `none` (RFC 7515, appendix A.5).
///
/// # Errors
/// As [`SigningKey::sign`].
pub(crate) fn unsecured(typ: &str, claims: &impl Serialize) -> Result<String, KeyError> {
    Ok(format!("{}.", unsigned(&json!({ "alg": "none", "typ": typ }), claims)?))
}

/// A compact JWS with HMAC and SHA-256; its header has no `kid`.
///
/// # Errors
/// As [`SigningKey::sign`].
pub(crate) fn sign_hs256(secret: &[u8], typ: &str, claims: &impl Serialize) -> Result<String, KeyError> {
    let mut token = unsigned(&json!({ "alg": "HS256", "typ": typ }), claims)?;
    let signature = digest::hmac_sha256(secret, token.as_bytes());
    token.push('.');
    token.push_str(&digest::base64url(&signature));
    Ok(token)
}

/// A labelled block of base64 in lines of 64 characters (RFC 7468).
fn pem(label: &str, der: &[u8]) -> String {
    let base64 = digest::base64(der).into_bytes();
    let lines = base64.chunks(64).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\r\n");
    format!("-----BEGIN {label}-----\r\n{lines}\r\n-----END {label}-----")
}

/// The signing input: header and claims (RFC 7515 §5.1).
pub(super) fn unsigned(header: &Value, claims: &impl Serialize) -> Result<String, KeyError> {
    let claims = serde_json::to_vec(claims).map_err(|error| KeyError::Sign(error.to_string()))?;
    let mut token = digest::base64url(header.to_string().as_bytes());
    token.push('.');
    token.push_str(&digest::base64url(&claims));
    Ok(token)
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_itself_in_the_services_order() {
        let (key, _) = SigningKey::make("impostor-tenant").unwrap();
        let names = |jwk: &Value| jwk.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(names(&key.jwk(true)), "kty use n e kid x5t x5c alg");
        assert_eq!(names(&key.jwk(false)), "kty use n e kid x5t x5c");
        assert_eq!((key.kid().len(), &key.jwk(true)["e"]), (21, &json!("AQAB")));
        assert_eq!(digest::from_base64url(key.jwk(true)["n"].as_str().unwrap()).unwrap().len(), 256);
    }

    #[test]
    fn a_certificate_has_forms_for_every_taste() {
        let (key, _) = SigningKey::make("impostor-tenant").unwrap();
        for (text, label) in [(key.certificate_pem(), "CERTIFICATE"), (key.pkcs7_pem(), "PKCS7")] {
            let lines: Vec<_> = text.split("\r\n").collect();
            assert_eq!(lines.first(), Some(&format!("-----BEGIN {label}-----").as_str()));
            assert_eq!(lines.last(), Some(&format!("-----END {label}-----").as_str()));
            assert!(lines.iter().all(|line| line.len() <= 64) && lines[1].len() == 64);
        }
        assert_eq!(key.fingerprint().replace(':', ""), key.thumbprint());
        assert_eq!((key.thumbprint().len(), key.fingerprint().len()), (40, 59));
    }

    #[test]
    fn a_token_names_its_key_and_one_of_a_shared_secret_none() {
        let (key, _) = SigningKey::make("impostor-tenant").unwrap();
        let header = |token: String| {
            let header = digest::from_base64url(token.split('.').next().unwrap()).unwrap();
            String::from_utf8(header).unwrap()
        };
        let expected = format!(r#"{{"alg":"PS256","typ":"at+jwt","kid":"{}"}}"#, key.kid());
        assert_eq!(header(key.sign(Algorithm::Ps256, "at+jwt", &json!({})).unwrap()), expected);
        assert_eq!(header(sign_hs256(b"s", "JWT", &json!({})).unwrap()), r#"{"alg":"HS256","typ":"JWT"}"#);
    }

    #[test]
    fn a_key_signs_documents_too_and_is_parsed_once_for_that() {
        let (key, _) = SigningKey::make("impostor-tenant").unwrap();
        let documents = key.for_documents().unwrap();
        assert!(Arc::ptr_eq(&documents, &key.for_documents().unwrap()));
        assert_eq!(documents.certificate().der(), key.certificate_der());
        assert_eq!(documents.certificate().thumbprint().to_uppercase(), key.thumbprint());
    }
}
