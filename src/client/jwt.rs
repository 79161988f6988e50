//! JSON Web Tokens as an app checks them: against the tenant's published keys, or its own secret.

use crate::client::error::ClientError;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

/// A token whose signature was checked.
#[derive(Debug, Clone)]
pub struct Jwt {
    /// `alg`, `typ`, `kid`.
    pub header: Map<String, Value>,
    /// Its claims.
    pub claims: Map<String, Value>,
}

/// Whether a token looks like a JWT at all: three parts, the first of them a header that can be read.
pub fn is_jwt(token: &str) -> bool {
    token.split('.').count() == 3 && decode_header(token).is_ok()
}

/// Checks a token's signature and its issuer. Its times are left alone, because the tenant's clock need not be ours.
///
/// `secret` is the key of a token that says `HS256`; without one such a token is refused.
///
/// # Errors
/// [`ClientError::InvalidToken`] when it is not the issuer's, or not what it says.
pub(crate) fn verify(token: &str, keys: &JwkSet, secret: Option<&str>, issuer: &str) -> Result<Jwt, ClientError> {
    let invalid = |error: jsonwebtoken::errors::Error| ClientError::InvalidToken(error.to_string());
    let header = decode_header(token).map_err(invalid)?;
    let key = match (header.alg, secret, &header.kid) {
        (Algorithm::HS256, Some(secret), _) => DecodingKey::from_secret(secret.as_bytes()),
        (Algorithm::RS256 | Algorithm::PS256, _, Some(kid)) => {
            let unknown = || ClientError::InvalidToken(format!("no key {kid:?} is published"));
            DecodingKey::from_jwk(keys.find(kid).ok_or_else(unknown)?).map_err(invalid)?
        }
        (algorithm, _, kid) => {
            return Err(ClientError::InvalidToken(format!("nothing to check {algorithm:?} with key {kid:?} by")));
        }
    };
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["iss", "sub", "aud", "iat", "exp"]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let claims = decode::<Map<String, Value>>(token, &key, &validation).map_err(invalid)?.claims;
    let header = match serde_json::to_value(header) {
        Ok(Value::Object(header)) => header,
        _ => Map::new(),
    };
    Ok(Jwt { header, claims })
}
