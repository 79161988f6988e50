//! Whether an ID token is to be believed. Source: OpenID Connect Core §3.1.3.7, spec/upstreams.md §9 (negative cases).

use serde_json::Map;
use serde_json::Value;

use crate::keys::signing_key::Algorithm;
use crate::keys::verify;
use crate::keys::verify::Jws;
use crate::keys::verify::TokenError;
use crate::keys::verify::VerifyingKey;
use crate::time::Timestamp;

/// How far the provider's clock may be from ours, in seconds.
const LEEWAY_SECONDS: i64 = 60;

/// Google's tokens may name it without the scheme (spec/upstreams.md §1).
const GOOGLE: [&str; 2] = ["https://accounts.google.com", "accounts.google.com"];

/// What the token must say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    /// The connection's client.
    pub(super) audience: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// Why an ID token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Doubt {
    #[error("the provider gave none")]
    NoToken,
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("its nonce is not the one that was sent")]
    Nonce,
    #[error("it has no {0}")]
    Missing(&'static str),
}

/// The `sub` of a token that says what is expected, signed with RS256 by the one of `keys` (members of a key set)
/// that it names.
///
/// # Errors
/// The first [`Doubt`].
pub(super) fn verify(token: &str, keys: &[Value], expected: &Expected<'_>) -> Result<String, Doubt> {
    let token = Jws::parse(token)?;
    let named = |key: &&Value| token.kid().is_some() && key.get("kid").and_then(Value::as_str) == token.kid();
    let key = keys.iter().find(named).and_then(|key| VerifyingKey::of_jwk(key, Algorithm::Rs256));
    // An algorithm that is not the key's is told as such even when the token names no key at all.
    if token.header.get("alg").and_then(Value::as_str) != Some(Algorithm::Rs256.as_str()) {
        return Err(TokenError::WrongAlgorithm.into());
    }
    let claims = token.verify(&key.ok_or(TokenError::UnknownKey)?)?;
    check_issuer(&claims, expected.issuer)?;
    check_audience(&claims, expected.audience)?;
    verify::check_times(&claims, expected.now.seconds(), LEEWAY_SECONDS)?;
    if text(&claims, "nonce")? != expected.nonce {
        return Err(Doubt::Nonce);
    }
    text(&claims, "sub").map(str::to_owned)
}

fn check_issuer(claims: &Map<String, Value>, expected: &str) -> Result<(), Doubt> {
    if GOOGLE.contains(&expected) && GOOGLE.contains(&text(claims, "iss")?) {
        return Ok(());
    }
    Ok(verify::check_issuer(claims, expected)?)
}

/// With several audiences, `azp` tells for whom it was made.
fn check_audience(claims: &Map<String, Value>, expected: &str) -> Result<(), Doubt> {
    verify::check_audience(claims, expected)?;
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|audiences| audiences.len() > 1);
    if several && claims.get("azp").and_then(Value::as_str) != Some(expected) {
        return Err(TokenError::WrongAudience.into());
    }
    Ok(())
}

fn text<'a>(claims: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Doubt> {
    let value = claims.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
    value.ok_or(Doubt::Missing(name))
}
