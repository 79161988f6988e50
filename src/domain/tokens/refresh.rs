//! How long a refresh token lives, and what its exchange does. Source: spec/tokens.md §6.
//!
//! With no leeway a rotating token is good for one exchange, to the letter: of two exchanges at the same time one wins,
//! and the other looks like a thief's, so that the winner's new token is worth nothing either. So it is at the real
//! service, where apps that refresh from several places at once set a leeway of some seconds.

use crate::domain::client::RefreshTokenSettings;
use crate::domain::session::RefreshToken;
use crate::time::Timestamp;

/// How many refresh tokens a user may have at a client that are not used up; the oldest goes first.
pub(crate) const MOST_OF_OWNER: usize = 200;

/// What the exchange of a refresh token comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchange {
    /// It stays good; no new one is given.
    Reuse,
    /// It is used up by this exchange, or was within the leeway: a new one of its family is given.
    Rotate,
    /// The client's tokens rotate and this one does not, or the other way round: one of the right kind is given in its
    /// place, and all of the wrong kind that the user has for the same API are gone.
    Convert,
    /// It lived too long, or was idle too long.
    Expired,
    /// It was used up before: somebody has a copy, and the family ends.
    Breach,
}

/// Decides about an exchange at `now`. Only the token before the current one profits from the leeway.
pub(crate) fn exchange(token: &RefreshToken, settings: &RefreshTokenSettings, now: Timestamp) -> Exchange {
    if has_expired(token, settings, now) {
        return Exchange::Expired;
    }
    match token.rotated_at {
        Some(rotated_at)
            if settings.rotates() && !token.superseded && now < rotated_at.plus_seconds(settings.leeway) =>
        {
            Exchange::Rotate
        }
        Some(_) => Exchange::Breach,
        None if token.rotating != settings.rotates() => Exchange::Convert,
        None if token.rotating => Exchange::Rotate,
        None => Exchange::Reuse,
    }
}

fn has_expired(token: &RefreshToken, settings: &RefreshTokenSettings, now: Timestamp) -> bool {
    let is_over = |end: Option<Timestamp>| end.is_some_and(|end| now >= end);
    is_over(expires_at(token, settings)) || is_over(idle_expires_at(token, settings))
}

/// When it ends however much it is used; rotation does not put it off. `None` for never.
pub(crate) fn expires_at(token: &RefreshToken, settings: &RefreshTokenSettings) -> Option<Timestamp> {
    let ends = expires(token, settings) && !settings.infinite_token_lifetime;
    ends.then(|| token.family_created_at.plus_seconds(settings.token_lifetime))
}

/// When it ends unless it is used before. `None` for never.
pub(crate) fn idle_expires_at(token: &RefreshToken, settings: &RefreshTokenSettings) -> Option<Timestamp> {
    let ends = expires(token, settings) && !settings.infinite_idle_token_lifetime;
    ends.then(|| token.last_used_at.plus_seconds(settings.idle_token_lifetime))
}

/// A rotating token always expires. One that was made before its client's tokens began to rotate lives on until its
/// next exchange, which converts it.
fn expires(token: &RefreshToken, settings: &RefreshTokenSettings) -> bool {
    token.rotating || (settings.expiration_type == "expiring" && !settings.rotates())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::domain::session::Grant;

    /// A token made at second 0, and perhaps used up later.
    fn token(rotating: bool, rotated_at: Option<i64>) -> RefreshToken {
        let grant = Grant {
            client_id: "a".into(),
            user_id: "auth0|1".into(),
            issuer: String::new(),
            scope: Vec::new(),
            audience: None,
            session_id: None,
            auth_time: None,
            organization: None,
            gty: None,
        };
        let rotated_at = rotated_at.map(Timestamp::from_seconds);
        RefreshToken { rotated_at, ..RefreshToken::first(grant, "f", rotating, Timestamp::from_seconds(0)) }
    }

    #[track_caller]
    fn check(settings: &Value, token: &RefreshToken, now: i64, expected: Exchange) {
        let settings = serde_json::from_value(settings.clone()).unwrap();
        assert_eq!(exchange(token, &settings, Timestamp::from_seconds(now)), expected, "at {now}");
    }

    fn rotating(leeway: i64) -> Value {
        json!({ "rotation_type": "rotating", "expiration_type": "expiring", "leeway": leeway })
    }

    #[test]
    fn a_rotated_token_is_good_again_only_within_the_leeway() {
        let settings = rotating(5);
        check(&settings, &token(true, None), 10, Exchange::Rotate);
        check(&settings, &token(true, Some(10)), 14, Exchange::Rotate);
        check(&settings, &token(true, Some(10)), 15, Exchange::Breach);
        let superseded = RefreshToken { superseded: true, ..token(true, Some(10)) };
        check(&settings, &superseded, 11, Exchange::Breach);
    }

    #[test]
    fn without_leeway_even_the_same_moment_is_too_late() {
        check(&rotating(0), &token(true, Some(10)), 10, Exchange::Breach);
    }

    #[test]
    fn a_token_that_does_not_rotate_is_good_for_ever() {
        check(&json!({}), &token(false, None), 1_000_000_000, Exchange::Reuse);
    }

    #[test]
    fn lifetimes_are_absolute_and_idle() {
        let absolute =
            json!({ "expiration_type": "expiring", "infinite_token_lifetime": false, "token_lifetime": 100 });
        check(&absolute, &token(false, None), 99, Exchange::Reuse);
        check(&absolute, &token(false, None), 100, Exchange::Expired);
        let idle =
            json!({ "expiration_type": "expiring", "infinite_idle_token_lifetime": false, "idle_token_lifetime": 50 });
        check(&idle, &token(false, None), 50, Exchange::Expired);
        let used = RefreshToken { last_used_at: Timestamp::from_seconds(40), ..token(false, None) };
        check(&idle, &used, 89, Exchange::Reuse);
    }

    #[test]
    fn a_client_that_changes_its_mind_has_its_tokens_converted() {
        check(&rotating(0), &token(false, None), 10, Exchange::Convert);
        check(&json!({}), &token(true, None), 10, Exchange::Convert);
        check(&json!({}), &token(true, Some(5)), 10, Exchange::Breach);
        let short = json!({ "rotation_type": "rotating", "infinite_token_lifetime": false, "token_lifetime": 5 });
        check(&short, &token(false, None), 10, Exchange::Convert);
        check(&short, &token(true, None), 10, Exchange::Expired);
    }
}
