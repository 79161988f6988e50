//! Whether an ID token is to be believed. Source: OpenID Connect Core §3.1.3.7, spec/upstreams.md §9 (negative cases).

use serde_json::Map;
use serde_json::Value;

use crate::connections::redirect::RelyingParty;
use crate::keys::es256;
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

/// What providers sign with unless a connection says otherwise.
pub(super) const USUAL: &[&str] = &["RS256"];

/// What the token must say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    /// The connection's client.
    pub(super) audience: &'a str,
    /// `None` when none was sent: then the token may have any.
    pub(super) nonce: Option<&'a str>,
    /// The algorithms that are taken.
    pub(super) algorithms: &'a [&'a str],
    pub(super) now: Timestamp,
}

impl<'a> Expected<'a> {
    /// A token signed as usual, now.
    pub(super) fn of(party: RelyingParty<'a>, issuer: &'a str, audience: &'a str, nonce: Option<&'a str>) -> Self {
        Self { issuer, audience, nonce, algorithms: USUAL, now: party.now }
    }
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

/// The claims of a token that says what is expected, signed by the one of `keys` (members of a key set) that it names.
/// It has a `sub` that is a text.
///
/// # Errors
/// The first [`Doubt`].
pub(super) fn verify(token: &str, keys: &[Value], expected: &Expected<'_>) -> Result<Map<String, Value>, Doubt> {
    let token = Jws::parse(token)?;
    // An algorithm that is not expected is told as such even when the token names no key at all.
    let named = token.header.get("alg").and_then(Value::as_str);
    let algorithm = named.filter(|named| expected.algorithms.contains(named)).ok_or(TokenError::WrongAlgorithm)?;
    let is_named = |key: &&Value| token.kid().is_some() && key.get("kid").and_then(Value::as_str) == token.kid();
    let key = keys.iter().find(is_named).and_then(|key| verifying_key(key, algorithm));
    let claims = token.verify(&key.ok_or(TokenError::UnknownKey)?)?;
    check_issuer(&claims, expected.issuer)?;
    check_audience(&claims, expected.audience)?;
    verify::check_times(&claims, expected.now.seconds(), LEEWAY_SECONDS)?;
    if let Some(nonce) = expected.nonce
        && text(&claims, "nonce")? != nonce
    {
        return Err(Doubt::Nonce);
    }
    text(&claims, "sub")?;
    Ok(claims)
}

/// The key, if it is one for the algorithm.
fn verifying_key<'a>(jwk: &Value, algorithm: &str) -> Option<VerifyingKey<'a>> {
    match algorithm {
        "RS256" => VerifyingKey::of_jwk(jwk, Algorithm::Rs256),
        "PS256" => VerifyingKey::of_jwk(jwk, Algorithm::Ps256),
        es256::NAME => es256::point_of_jwk(jwk).map(VerifyingKey::Es256),
        _ => None,
    }
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
