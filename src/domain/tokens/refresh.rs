//! How long a refresh token lives, and what its exchange does. Source: spec/tokens.md §6.

use crate::domain::client::RefreshTokenSettings;
use crate::domain::session::RefreshToken;
use crate::time::Timestamp;

/// What the exchange of a refresh token comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchange {
    /// It stays good; no new one is given.
    Reuse,
    /// It is used up by this exchange, or was within the leeway: a new one of its family is given.
    Rotate,
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
        Some(rotated_at) if !token.superseded && now < rotated_at.plus_seconds(settings.leeway) => Exchange::Rotate,
        Some(_) => Exchange::Breach,
        None if settings.rotates() => Exchange::Rotate,
        None => Exchange::Reuse,
    }
}

/// Rotation does not extend the absolute lifetime; each use extends the idle one. A rotating token always expires.
fn has_expired(token: &RefreshToken, settings: &RefreshTokenSettings, now: Timestamp) -> bool {
    let expires = settings.expiration_type == "expiring" || settings.rotates();
    let absolute = expires && !settings.infinite_token_lifetime;
    let idle = expires && !settings.infinite_idle_token_lifetime;
    (absolute && now >= token.family_created_at.plus_seconds(settings.token_lifetime))
        || (idle && now >= token.last_used_at.plus_seconds(settings.idle_token_lifetime))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::domain::session::Grant;

    fn token(rotated_at: Option<i64>) -> RefreshToken {
        let grant = Grant {
            client_id: "a".into(),
            user_id: "auth0|1".into(),
            issuer: String::new(),
            scope: Vec::new(),
            audience: None,
            session_id: None,
            auth_time: None,
            gty: None,
        };
        let at = Timestamp::from_seconds(0);
        let rotated_at = rotated_at.map(Timestamp::from_seconds);
        RefreshToken {
            grant,
            family: "f".into(),
            family_created_at: at,
            last_used_at: at,
            rotated_at,
            previous: None,
            superseded: false,
        }
    }

    #[track_caller]
    fn check(settings: Value, rotated_at: Option<i64>, now: i64, expected: Exchange) {
        let settings = serde_json::from_value(settings).unwrap();
        assert_eq!(exchange(&token(rotated_at), &settings, Timestamp::from_seconds(now)), expected);
    }

    #[test]
    fn a_rotated_token_is_good_again_only_within_the_leeway() {
        let rotating = json!({ "rotation_type": "rotating", "expiration_type": "expiring", "leeway": 5 });
        check(rotating.clone(), None, 10, Exchange::Rotate);
        check(rotating.clone(), Some(10), 14, Exchange::Rotate);
        check(rotating.clone(), Some(10), 15, Exchange::Breach);
        let superseded = RefreshToken { superseded: true, ..token(Some(10)) };
        let settings = serde_json::from_value(rotating).unwrap();
        assert_eq!(exchange(&superseded, &settings, Timestamp::from_seconds(11)), Exchange::Breach);
        check(json!({}), None, 1_000_000_000, Exchange::Reuse);
    }

    #[test]
    fn lifetimes_are_absolute_and_idle() {
        let absolute =
            json!({ "expiration_type": "expiring", "infinite_token_lifetime": false, "token_lifetime": 100 });
        check(absolute.clone(), None, 99, Exchange::Reuse);
        check(absolute, None, 100, Exchange::Expired);
        let idle =
            json!({ "expiration_type": "expiring", "infinite_idle_token_lifetime": false, "idle_token_lifetime": 50 });
        check(idle, None, 50, Exchange::Expired);
    }
}
