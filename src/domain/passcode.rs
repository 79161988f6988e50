//! One-time codes that sign in to passwordless connections. Source: spec/authentication-api.md §7.

use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::time::Timestamp;

/// How often a code may be tried, the right one included.
const MOST_TRIES: u8 = 3;

/// A code that was sent. Only the last one that an address was sent counts.
#[derive(Clone, Debug)]
pub(crate) struct Passcode {
    /// SHA-256 of the code.
    pub(crate) hash: [u8; 32],
    /// The user who signs in with it; there is none yet for an address that is new.
    pub(crate) user_id: UserId,
    pub(crate) client_id: ClientId,
    pub(crate) expires_at: Timestamp,
    /// How often a wrong code was given for it.
    pub(crate) failures: u8,
}

/// Why a code does not sign in. The texts are unverified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasscodeError {
    #[error("wrong or expired code")]
    Wrong,
    #[error("Maximum number of attempts reached")]
    TooManyTries,
}

/// How a connection makes its codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PasscodeSettings {
    /// How many digits a code has.
    pub(crate) length: usize,
    /// How long it is good.
    pub(crate) lifetime_seconds: i64,
}

impl PasscodeSettings {
    /// `options.totp.length` and `options.totp.time_step`: 6 digits for 180 seconds unless they say otherwise.
    pub(crate) fn of(connection: &Connection) -> Self {
        let option = |name: &str, least: i64, most: i64, usual: i64| {
            let given = connection.options.get("totp").and_then(|totp| totp.get(name)).and_then(Value::as_i64);
            given.filter(|given| (least..=most).contains(given)).unwrap_or(usual)
        };
        let length = usize::try_from(option("length", 4, 40, 6)).unwrap_or(6);
        Self { length, lifetime_seconds: option("time_step", 1, 100_000_000, 180) }
    }
}

impl Passcode {
    /// Whether it may still be tried.
    pub(crate) fn is_alive(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Tries a code, given by its hash.
    ///
    /// # Errors
    /// [`PasscodeError`].
    pub(crate) fn check(&self, hash: &[u8; 32], now: Timestamp) -> Result<(), PasscodeError> {
        if !self.is_alive(now) {
            return Err(PasscodeError::Wrong);
        }
        if self.failures >= MOST_TRIES {
            return Err(PasscodeError::TooManyTries);
        }
        if self.hash == *hash { Ok(()) } else { Err(PasscodeError::Wrong) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn passcode(failures: u8) -> Passcode {
        let expires_at = Timestamp::from_seconds(100);
        Passcode { hash: [1; 32], user_id: "email|1".into(), client_id: "app".into(), expires_at, failures }
    }

    #[test]
    fn a_code_is_good_until_its_time_or_its_tries_are_up() {
        for (failures, given, now, expected) in [
            (0, 1, 99, Ok(())),
            (2, 1, 99, Ok(())),
            (3, 1, 99, Err(PasscodeError::TooManyTries)),
            (0, 2, 99, Err(PasscodeError::Wrong)),
            (0, 1, 100, Err(PasscodeError::Wrong)),
        ] {
            let checked = passcode(failures).check(&[given; 32], Timestamp::from_seconds(now));
            assert_eq!(checked, expected, "{failures} {given} {now}");
        }
    }

    #[test]
    fn a_connection_says_how_long_codes_are_and_live() {
        let of = |options: Value| {
            let connection = json!({ "id": "con_1", "name": "email", "strategy": "email", "options": options });
            let settings = PasscodeSettings::of(&serde_json::from_value(connection).unwrap());
            (settings.length, settings.lifetime_seconds)
        };
        assert_eq!(of(json!({})), (6, 180));
        assert_eq!(of(json!({ "totp": { "length": 8, "time_step": 300 } })), (8, 300));
        assert_eq!(of(json!({ "totp": { "length": 4000, "time_step": -1 } })), (6, 180));
    }
}
