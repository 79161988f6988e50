//! Whether an ID token is to be believed. Source: OpenID Connect Core §3.1.3.7, spec/upstreams.md §9 (negative cases).

use serde_json::Map;
use serde_json::Value;

use crate::protocols::jose::JoseError;
use crate::protocols::jose::KeySet;
use crate::protocols::jose::Unverified;
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

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Doubt {
    /// Keys may have changed: worth a second look.
    #[error("failed to find its key \"{0}\"")]
    UnknownKey(String),
    #[error("failed to {0}")]
    Jose(JoseError),
    #[error("it was issued by {0}")]
    Issuer(String),
    #[error("it is for another client")]
    Audience,
    #[error("it is expired")]
    Expired,
    #[error("it was issued in the future")]
    IssuedLater,
    #[error("its nonce is not the one that was sent")]
    Nonce,
    #[error("it has no {0}")]
    Missing(&'static str),
}

/// The `sub` of a token that says what is expected, signed by one of `keys`.
///
/// # Errors
/// The first [`Doubt`].
pub(super) fn verify(token: &str, keys: &KeySet, expected: &Expected<'_>) -> Result<String, Doubt> {
    let token = Unverified::parse(token).map_err(Doubt::Jose)?;
    let claims = token.verify_rs256(keys).map_err(|error| match error {
        JoseError::UnknownKey(kid) => Doubt::UnknownKey(kid),
        other => Doubt::Jose(other),
    })?;
    check_issuer(claims, expected.issuer)?;
    check_audience(claims, expected.audience)?;
    check_times(claims, expected.now)?;
    if text(claims, "nonce")? != expected.nonce {
        return Err(Doubt::Nonce);
    }
    text(claims, "sub").map(str::to_owned)
}

fn check_issuer(claims: &Map<String, Value>, expected: &str) -> Result<(), Doubt> {
    let issuer = text(claims, "iss")?;
    let is_google = GOOGLE.contains(&expected) && GOOGLE.contains(&issuer);
    if issuer == expected || is_google { Ok(()) } else { Err(Doubt::Issuer(issuer.chars().take(200).collect())) }
}

/// With several audiences, `azp` tells for whom it was made.
fn check_audience(claims: &Map<String, Value>, expected: &str) -> Result<(), Doubt> {
    let fits = match claims.get("aud") {
        Some(Value::String(audience)) => audience == expected,
        Some(Value::Array(audiences)) => {
            let among = audiences.iter().any(|audience| audience == expected);
            among && (audiences.len() == 1 || claims.get("azp").is_some_and(|party| party == expected))
        }
        _ => return Err(Doubt::Missing("aud")),
    };
    if fits { Ok(()) } else { Err(Doubt::Audience) }
}

fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(), Doubt> {
    let seconds = |name: &'static str| claims.get(name).and_then(Value::as_i64).ok_or(Doubt::Missing(name));
    if now.seconds() >= seconds("exp")?.saturating_add(LEEWAY_SECONDS) {
        return Err(Doubt::Expired);
    }
    if seconds("iat")? > now.seconds().saturating_add(LEEWAY_SECONDS) {
        return Err(Doubt::IssuedLater);
    }
    Ok(())
}

fn text<'a>(claims: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Doubt> {
    let value = claims.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
    value.ok_or(Doubt::Missing(name))
}
