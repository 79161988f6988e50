//! ES256: keys on the curve P-256, as providers hand them out in PEM files. Source: RFC 7518 §3.4 and §6.2, RFC 5958.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED;
use aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
use aws_lc_rs::signature::EcdsaKeyPair;
use aws_lc_rs::signature::KeyPair as _;
use aws_lc_rs::signature::UnparsedPublicKey;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use crate::keys::digest;
use crate::keys::error::KeyError;
use crate::keys::signing_key;

/// The algorithm's name in a token's header.
pub(crate) const NAME: &str = "ES256";

/// The length of a coordinate, in bytes.
const COORDINATE: usize = 32;

/// What a point that is not compressed begins with (SEC 1 §2.3.3).
const UNCOMPRESSED: u8 = 4;

/// A key pair that somebody gave us.
pub(crate) struct Es256Key(EcdsaKeyPair);

impl Es256Key {
    /// Reads PKCS #8 as PEM (`-----BEGIN PRIVATE KEY-----`). Line ends may also be written as `\n`, as they are where a
    /// key had to fit into one line.
    ///
    /// # Errors
    /// [`KeyError::Parse`] when it is no key on P-256.
    pub(crate) fn of_pem(pem: &str) -> Result<Self, KeyError> {
        let parse = |cause: &str| KeyError::Parse(cause.to_owned());
        let lines = pem.replace("\\n", "\n");
        let inner = lines.split_once("-----BEGIN PRIVATE KEY-----").and_then(|(_, rest)| rest.split_once("-----END"));
        let (text, _) = inner.ok_or_else(|| parse("it is no PEM text with a PKCS #8 private key"))?;
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let der = digest::from_base64(&text).ok_or_else(|| parse("its base64 is damaged"))?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der);
        Ok(Self(pair.map_err(|error| parse(&format!("it is no P-256 key: {error}")))?))
    }

    /// A compact JWS over `claims`, with `alg` and `kid` in its header.
    ///
    /// # Errors
    /// [`KeyError::Sign`] when the claims can't be written as JSON, which maps and structs always can.
    pub(crate) fn sign(&self, kid: &str, claims: &impl Serialize) -> Result<String, KeyError> {
        let mut token = signing_key::unsigned(&json!({ "alg": NAME, "kid": kid }), claims)?;
        let signature = self.0.sign(&SystemRandom::new(), token.as_bytes());
        let signature = signature.map_err(|error| KeyError::Sign(error.to_string()))?;
        token.push('.');
        token.push_str(&digest::base64url(signature.as_ref()));
        Ok(token)
    }

    /// The public point, not compressed: `04 || x || y`.
    pub(crate) fn public(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }
}

/// The public point of a key set's member; `None` for other kinds and for keys not meant for signatures.
pub(crate) fn point_of_jwk(jwk: &Value) -> Option<Vec<u8>> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let coordinate = |name: &str| text(name).and_then(digest::from_base64url).filter(|bytes| bytes.len() == COORDINATE);
    let fits = text("kty") == Some("EC") && text("crv") == Some("P-256");
    if !fits || text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    Some([vec![UNCOMPRESSED], coordinate("x")?, coordinate("y")?].concat())
}

/// Whether the signature (`r || s`) is that of the key with this public point.
pub(crate) fn accepts(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
}

/// A new key as PEM, for tests.
#[cfg(test)]
pub(crate) fn new_pem() -> String {
    let der = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap().to_pkcs8v1().unwrap();
    let text = digest::base64(der.as_ref());
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::verify::Jws;
    use crate::keys::verify::TokenError;
    use crate::keys::verify::VerifyingKey;

    fn verified(token: &str, key: &VerifyingKey<'_>) -> Result<Value, TokenError> {
        Jws::parse(token)?.verify(key).map(Value::from)
    }

    #[test]
    fn a_token_is_good_with_its_own_key_alone() {
        let key = Es256Key::of_pem(&new_pem()).unwrap();
        let other = Es256Key::of_pem(&new_pem()).unwrap();
        let token = key.sign("K1", &json!({ "iss": "team" })).unwrap();
        assert_eq!(Jws::parse(&token).unwrap().header, *json!({ "alg": "ES256", "kid": "K1" }).as_object().unwrap());
        assert_eq!(verified(&token, &VerifyingKey::Es256(key.public())), Ok(json!({ "iss": "team" })));
        assert_eq!(verified(&token, &VerifyingKey::Es256(other.public())), Err(TokenError::BadSignature));
        assert_eq!(verified(&token, &VerifyingKey::Hs256(&key.public())), Err(TokenError::WrongAlgorithm));
    }

    #[test]
    fn a_key_is_read_from_pem_however_its_lines_end() {
        let pem = new_pem();
        let public = Es256Key::of_pem(&pem).unwrap().public();
        for written in [pem.replace('\n', "\\n"), pem.replace('\n', "\r\n"), pem.replace('\n', " ")] {
            assert_eq!(Es256Key::of_pem(&written).unwrap().public(), public);
        }
        for damaged in ["", "secret", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"] {
            assert!(matches!(Es256Key::of_pem(damaged), Err(KeyError::Parse(_))), "{damaged}");
        }
    }

    #[test]
    fn only_p256_keys_for_signatures_are_taken_from_a_key_set() {
        let point = Es256Key::of_pem(&new_pem()).unwrap().public();
        let (x, y) = point.get(1..).unwrap().split_at(COORDINATE);
        let jwk = json!({ "kty": "EC", "crv": "P-256", "x": digest::base64url(x), "y": digest::base64url(y) });
        assert_eq!(point_of_jwk(&jwk), Some(point.clone()));
        for (name, value) in [("kty", "RSA"), ("crv", "P-384"), ("x", "AQAB"), ("use", "enc")] {
            let mut other = jwk.clone();
            other[name] = value.into();
            assert_eq!(point_of_jwk(&other), None, "{name}");
        }
    }
}
