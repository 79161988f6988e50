//! The client secret of Sign in with Apple: a token that the app signs itself. Source: spec/upstreams.md §5.

use serde_json::Map;
use serde_json::Value;

use crate::keys::es256;
use crate::keys::verify;
use crate::keys::verify::Jws;
use crate::keys::verify::TokenError;
use crate::keys::verify::VerifyingKey;
use crate::time::Timestamp;
use crate::upstreams::apple::error::AppleError;
use crate::upstreams::clients::Client;
use crate::upstreams::clients::ClientKey;
use crate::upstreams::state::FakeState;

/// Whom the secret is for, wherever the fake was asked.
const AUDIENCE: &str = "https://appleid.apple.com";

/// How long a secret may live at most: six months, in seconds.
const LONGEST_SECONDS: f64 = 15_777_000.0;

/// How far the app's clock may be ahead, in seconds.
const LEEWAY_SECONDS: i64 = 60;

/// Checks the secret that a client shows: the one of the connection without a key of its own, else a token. Where the
/// client's key is known the signature must be its; where it isn't, everything else of the token must be right.
///
/// # Errors
/// [`AppleError::InvalidClient`].
pub(super) fn check(state: &FakeState, client: &Client, shown: &str, now: Timestamp) -> Result<(), AppleError> {
    let own = client.secret.as_deref().is_some_and(|_| client.has_secret(shown));
    let key = state.client_keys.get(&client.id);
    if own || check_token(client, key.map(AsRef::as_ref), shown, now).is_ok() {
        return Ok(());
    }
    Err(AppleError::InvalidClient)
}

fn check_token(client: &Client, key: Option<&ClientKey>, shown: &str, now: Timestamp) -> Result<(), TokenError> {
    let token = Jws::parse(shown)?;
    let kid = token.kid().filter(|kid| !kid.is_empty()).ok_or(TokenError::UnknownKey)?;
    if token.header.get("alg").and_then(Value::as_str) != Some(es256::NAME) {
        return Err(TokenError::WrongAlgorithm);
    }
    let claims = match key {
        Some(key) if key.kid != kid => return Err(TokenError::UnknownKey),
        Some(key) => token.verify(&VerifyingKey::Es256(key.point.clone()))?,
        None => token.into_unverified(),
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let team_fits = key.is_none_or(|key| key.team_id == text("iss"));
    if !team_fits || text("iss").is_empty() || text("sub") != client.id {
        return Err(TokenError::WrongIssuer);
    }
    verify::check_audience(&claims, AUDIENCE)?;
    verify::check_times(&claims, now.seconds(), LEEWAY_SECONDS)?;
    if lifetime(&claims, now) > LONGEST_SECONDS { Err(TokenError::Expired) } else { Ok(()) }
}

/// From when it was made, or else from now.
fn lifetime(claims: &Map<String, Value>, now: Timestamp) -> f64 {
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64);
    #[expect(clippy::cast_precision_loss, reason = "seconds since the epoch are far below 2^52")]
    let begin = seconds("iat").unwrap_or(now.seconds() as f64);
    seconds("exp").unwrap_or(f64::INFINITY) - begin
}
