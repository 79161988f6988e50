//! Compact JWS checked: the algorithm is pinned to the key, never taken from the token. Source: RFC 7515 §5.2, RFC 8725 §3.1.

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
use aws_lc_rs::signature::RSA_PSS_2048_8192_SHA256;
use serde_json::Map;
use serde_json::Value;

use crate::keys::digest;
use crate::keys::es256;
use crate::keys::signing_key::Algorithm;
use crate::keys::signing_key::SigningKey;

/// How long a token may be at most, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// A token taken apart, not checked yet.
#[derive(Debug)]
pub(crate) struct Jws<'a> {
    pub(crate) header: Map<String, Value>,
    claims: Map<String, Value>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// What a token is to be signed with.
pub(crate) enum VerifyingKey<'a> {
    Rsa {
        algorithm: Algorithm,
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// The public point, not compressed.
    Es256(Vec<u8>),
    Hs256(&'a [u8]),
}

/// Why a token isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("the token is malformed")]
    Malformed,
    #[error("the token's algorithm is not the key's")]
    WrongAlgorithm,
    #[error("the token names an unknown key")]
    UnknownKey,
    #[error("the token's signature is wrong")]
    BadSignature,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token is from another issuer")]
    WrongIssuer,
    #[error("the token is for another audience")]
    WrongAudience,
}

impl<'a> Jws<'a> {
    /// Takes a compact JWS apart.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub(crate) fn parse(token: &'a str) -> Result<Self, TokenError> {
        let parts = || {
            let (signed, signature) = token.rsplit_once('.')?;
            let (header, claims) = signed.split_once('.')?;
            let object = |part: &str| serde_json::from_slice(&digest::from_base64url(part)?).ok();
            Some(Self {
                header: object(header)?,
                claims: object(claims)?,
                signed,
                signature: digest::from_base64url(signature)?,
            })
        };
        if token.len() > MOST_BYTES {
            return Err(TokenError::Malformed);
        }
        parts().ok_or(TokenError::Malformed)
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    /// A claim before the signature is checked: only to find the key by.
    pub(crate) fn unverified(&self, claim: &str) -> Option<&Value> {
        self.claims.get(claim)
    }

    /// The claims of a token whose signature nobody here can check, because its key isn't known: to be trusted with
    /// nothing.
    pub(crate) fn into_unverified(self) -> Map<String, Value> {
        self.claims
    }

    /// The claims, once the signature is good.
    ///
    /// # Errors
    /// [`TokenError::WrongAlgorithm`] when the header names another than the key's, [`TokenError::BadSignature`].
    pub(crate) fn verify(self, key: &VerifyingKey<'_>) -> Result<Map<String, Value>, TokenError> {
        let named = self.header.get("alg").and_then(Value::as_str);
        if named != Some(key.algorithm()) || self.header.contains_key("crit") {
            return Err(TokenError::WrongAlgorithm);
        }
        if key.accepts(self.signed.as_bytes(), &self.signature) {
            Ok(self.claims)
        } else {
            Err(TokenError::BadSignature)
        }
    }
}

impl VerifyingKey<'_> {
    pub(crate) fn of(key: &SigningKey, algorithm: Algorithm) -> Self {
        let (n, e) = key.public();
        Self::Rsa { algorithm, n, e }
    }

    /// The RSA key of a foreign key set's member; `None` for other kinds and for keys not meant for signatures.
    pub(crate) fn of_jwk(jwk: &Value, algorithm: Algorithm) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let part = |name: &str| text(name).and_then(digest::from_base64url);
        if text("kty") != Some("RSA") || text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        Some(Self::Rsa { algorithm, n: part("n")?, e: part("e")? })
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa { algorithm, .. } => algorithm.as_str(),
            Self::Es256(_) => es256::NAME,
            Self::Hs256(_) => "HS256",
        }
    }

    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa { algorithm, n, e } => {
                let rule = match algorithm {
                    Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
                };
                PublicKeyComponents { n, e }.verify(rule, message, signature).is_ok()
            }
            Self::Es256(point) => es256::accepts(point, message, signature),
            // A client without a secret has no key: anybody could sign with nothing.
            Self::Hs256([]) => false,
            Self::Hs256(secret) => digest::constant_time_eq(&digest::hmac_sha256(secret, message), signature),
        }
    }
}

/// Checks the times of a token against `now`, in seconds, with `leeway` seconds to spare on each side.
///
/// # Errors
/// [`TokenError::Expired`] also when there is no `exp`, [`TokenError::NotYetValid`] by `nbf` or `iat`.
pub(crate) fn check_times(claims: &Map<String, Value>, now: i64, leeway: i64) -> Result<(), TokenError> {
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64);
    #[expect(clippy::cast_precision_loss, reason = "seconds since the epoch are far below 2^52")]
    let (earliest, latest) = ((now - leeway) as f64, (now + leeway) as f64);
    if seconds("exp").is_none_or(|expiry| expiry <= earliest) {
        return Err(TokenError::Expired);
    }
    if ["nbf", "iat"].into_iter().filter_map(seconds).any(|begin| begin > latest) {
        return Err(TokenError::NotYetValid);
    }
    Ok(())
}

/// Checks that `aud` is or holds the audience.
///
/// # Errors
/// [`TokenError::WrongAudience`].
pub(crate) fn check_audience(claims: &Map<String, Value>, audience: &str) -> Result<(), TokenError> {
    let is_it = match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(several)) => several.iter().any(|one| one == audience),
        _ => false,
    };
    if is_it { Ok(()) } else { Err(TokenError::WrongAudience) }
}

/// Checks that `iss` is the issuer, to the byte.
///
/// # Errors
/// [`TokenError::WrongIssuer`].
pub(crate) fn check_issuer(claims: &Map<String, Value>, issuer: &str) -> Result<(), TokenError> {
    let is_it = claims.get("iss").is_some_and(|named| named == issuer);
    if is_it { Ok(()) } else { Err(TokenError::WrongIssuer) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::keys::ring::Keyring;
    use crate::keys::signing_key::sign_hs256;

    fn verify(token: &str, key: &VerifyingKey<'_>) -> Result<Map<String, Value>, TokenError> {
        Jws::parse(token)?.verify(key)
    }

    #[tokio::test]
    async fn a_token_is_good_with_its_own_key_and_algorithm_alone() {
        let ring = Keyring::in_memory();
        let key = ring.signing_key("tenant", 0).await.unwrap();
        let other = ring.signing_key("tenant", 1).await.unwrap();
        let claims = json!({ "sub": "a" });
        for algorithm in [Algorithm::Rs256, Algorithm::Ps256] {
            let token = key.sign(algorithm, "JWT", &claims).unwrap();
            assert_eq!(verify(&token, &VerifyingKey::of(&key, algorithm)).unwrap()["sub"], "a");
            assert_eq!(verify(&token, &VerifyingKey::of(&other, algorithm)), Err(TokenError::BadSignature));
            let by_jwk = VerifyingKey::of_jwk(&key.jwk(true), algorithm).unwrap();
            assert!(verify(&token, &by_jwk).is_ok());
        }
        let token = key.sign(Algorithm::Rs256, "JWT", &claims).unwrap();
        let tampered = token.replacen(token.split('.').nth(1).unwrap(), &digest::base64url(b"{\"sub\":\"b\"}"), 1);
        assert_eq!(verify(&tampered, &VerifyingKey::of(&key, Algorithm::Rs256)), Err(TokenError::BadSignature));
    }

    #[tokio::test]
    async fn the_algorithm_is_the_keys_not_the_tokens() {
        let key = Keyring::in_memory().signing_key("tenant", 0).await.unwrap();
        let (n, _) = key.public();
        let confused = sign_hs256(&n, "JWT", &json!({})).unwrap();
        let unsigned = format!("{}.{}.", digest::base64url(b"{\"alg\":\"none\"}"), digest::base64url(b"{}"));
        for token in [confused, unsigned] {
            assert_eq!(verify(&token, &VerifyingKey::of(&key, Algorithm::Rs256)), Err(TokenError::WrongAlgorithm));
        }
    }

    #[test]
    fn a_shared_secret_is_the_right_one_and_not_empty() {
        let check = |signed: &[u8], verified: &[u8], expected: Result<(), TokenError>| {
            let token = sign_hs256(signed, "JWT", &json!({})).unwrap();
            assert_eq!(verify(&token, &VerifyingKey::Hs256(verified)).map(|_| ()), expected);
        };
        check(b"secret", b"secret", Ok(()));
        check(b"secret", b"other", Err(TokenError::BadSignature));
        check(b"", b"", Err(TokenError::BadSignature));
    }

    #[test]
    fn only_rsa_keys_for_signatures_are_taken_from_a_key_set() {
        let is_taken = |jwk: Value| VerifyingKey::of_jwk(&jwk, Algorithm::Rs256).is_some();
        assert!(is_taken(json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" })));
        assert!(!is_taken(json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "use": "enc" })));
        assert!(!is_taken(json!({ "kty": "oct", "k": "AQAB" })));
        assert!(!is_taken(json!({ "kty": "RSA", "n": "AQAB", "e": "+/" })));
        assert!(!is_taken(json!("RSA")));
    }

    #[test]
    fn garbage_is_malformed() {
        for text in ["", ".", "..", "a.b", "a.b.c", "e30.e30.!", &"a".repeat(MOST_BYTES + 1)] {
            assert_eq!(Jws::parse(text).map(|_| ()), Err(TokenError::Malformed));
        }
    }

    #[test]
    fn times_and_audiences_are_checked() {
        let claims = |value: Value| value.as_object().cloned().unwrap();
        assert_eq!(check_times(&claims(json!({ "exp": 100 })), 99, 0), Ok(()));
        assert_eq!(check_times(&claims(json!({ "exp": 100 })), 100, 0), Err(TokenError::Expired));
        assert_eq!(check_times(&claims(json!({})), 0, 0), Err(TokenError::Expired));
        assert_eq!(check_times(&claims(json!({ "exp": 100, "nbf": 50 })), 40, 5), Err(TokenError::NotYetValid));
        assert_eq!(check_audience(&claims(json!({ "aud": ["a", "b"] })), "b"), Ok(()));
        assert_eq!(check_audience(&claims(json!({ "aud": "ab" })), "a"), Err(TokenError::WrongAudience));
        assert_eq!(check_issuer(&claims(json!({ "iss": "https://a/" })), "https://a/"), Ok(()));
        assert_eq!(check_issuer(&claims(json!({ "iss": "https://a" })), "https://a/"), Err(TokenError::WrongIssuer));
    }
}
