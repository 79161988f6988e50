//! Compact signed tokens as somebody else made them: taken apart, and verified with the keys that their maker publishes.
//! Source: RFC 7515 §3 and §5.2, RFC 7517 §5.

use aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;

/// A compact JWS, taken apart and not yet believed.
#[derive(Debug)]
pub(crate) struct Unverified {
    pub(crate) header: Header,
    /// What the signature is over.
    signed: String,
    signature: Vec<u8>,
    claims: Map<String, Value>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: Option<String>,
}

/// A key set as its owner publishes it; keys of kinds that are not known here are kept and never fit.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct KeySet {
    pub(crate) keys: Vec<PublicKey>,
}

/// A public key of a set.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PublicKey {
    pub(crate) kty: String,
    pub(crate) kid: Option<String>,
    /// The RSA modulus.
    pub(crate) n: Option<String>,
    /// The RSA exponent.
    pub(crate) e: Option<String>,
}

/// Why a token is not believed. Fragments that complete "failed to …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JoseError {
    #[error("read it: it is no compact JWT")]
    Malformed,
    #[error("accept its algorithm \"{0}\"")]
    Algorithm(String),
    #[error("find its key \"{0}\"")]
    UnknownKey(String),
    #[error("check its signature: it is wrong")]
    Signature,
}

impl Unverified {
    /// # Errors
    /// [`JoseError::Malformed`].
    pub(crate) fn parse(token: &str) -> Result<Self, JoseError> {
        let malformed = || JoseError::Malformed;
        let (signed, signature) = token.rsplit_once('.').ok_or_else(malformed)?;
        let (header, claims) = signed.split_once('.').ok_or_else(malformed)?;
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| JoseError::Malformed);
        let signature = decode(signature)?;
        let header = serde_json::from_slice(&decode(header)?).map_err(|_| malformed())?;
        let claims = serde_json::from_slice(&decode(claims)?).map_err(|_| malformed())?;
        Ok(Self { header, signed: signed.to_owned(), signature, claims })
    }

    /// The claims, if the token was signed with RS256 by the key of `keys` that it names.
    ///
    /// # Errors
    /// [`JoseError::Algorithm`] for any other algorithm (`none` and HS256 with the public key among them),
    /// [`JoseError::UnknownKey`], [`JoseError::Signature`].
    pub(crate) fn verify_rs256(&self, keys: &KeySet) -> Result<&Map<String, Value>, JoseError> {
        if self.header.alg != "RS256" {
            return Err(JoseError::Algorithm(self.header.alg.clone()));
        }
        let kid = self.header.kid.as_deref().unwrap_or_default();
        let key = keys.keys.iter().find(|key| key.kty == "RSA" && key.kid.as_deref() == Some(kid));
        let key = key.ok_or_else(|| JoseError::UnknownKey(kid.to_owned()))?;
        let number = |part: &Option<String>| {
            let decoded = part.as_deref().and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
            decoded.ok_or_else(|| JoseError::UnknownKey(kid.to_owned()))
        };
        let public = RsaPublicKeyComponents { n: number(&key.n)?, e: number(&key.e)? };
        let verified = public.verify(&RSA_PKCS1_2048_8192_SHA256, self.signed.as_bytes(), &self.signature);
        verified.map_err(|_| JoseError::Signature)?;
        Ok(&self.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::KeyPair;
    use aws_lc_rs::rsa::KeySize;
    use aws_lc_rs::signature::KeyPair as _;
    use aws_lc_rs::signature::RSA_PKCS1_SHA256;
    use serde_json::json;

    fn token(header: &Value, key: &KeyPair) -> String {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(&json!({ "sub": "1" })));
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    fn published(key: &KeyPair, kid: &str) -> KeySet {
        let public = key.public_key();
        let number = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let n = number(public.modulus().big_endian_without_leading_zero());
        let e = number(public.exponent().big_endian_without_leading_zero());
        serde_json::from_value(json!({ "keys": [{ "kty": "EC" }, { "kty": "RSA", "kid": kid, "n": n, "e": e }] })).unwrap()
    }

    #[test]
    fn only_the_named_key_of_the_set_is_believed_and_only_with_rs256() {
        let (key, other) = (KeyPair::generate(KeySize::Rsa2048).unwrap(), KeyPair::generate(KeySize::Rsa2048).unwrap());
        let keys = published(&key, "k1");
        let check = |token: &str| Unverified::parse(token).and_then(|token| token.verify_rs256(&keys).cloned());
        let good = token(&json!({ "alg": "RS256", "kid": "k1" }), &key);
        assert_eq!(check(&good).unwrap()["sub"], "1");
        let signature = Err(JoseError::Signature);
        assert_eq!(check(&token(&json!({ "alg": "RS256", "kid": "k1" }), &other)), signature);
        assert_eq!(check(&good.replacen("eyJzdWIiOiIxIn0", "eyJzdWIiOiIyIn0", 1)), signature);
        for (header, refused) in [
            (json!({ "alg": "RS256", "kid": "k2" }), JoseError::UnknownKey("k2".into())),
            (json!({ "alg": "RS256" }), JoseError::UnknownKey(String::new())),
            (json!({ "alg": "none", "kid": "k1" }), JoseError::Algorithm("none".into())),
            (json!({ "alg": "HS256", "kid": "k1" }), JoseError::Algorithm("HS256".into())),
        ] {
            assert_eq!(check(&token(&header, &key)), Err(refused));
        }
        for garbage in ["", "a.b", "a.b.c", "..", "e30.e30.e30"] {
            assert_eq!(check(garbage), Err(JoseError::Malformed), "{garbage}");
        }
    }
}
