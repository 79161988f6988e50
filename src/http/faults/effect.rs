//! What a fault does.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::faults::scope::Scope;
use crate::time::parse_duration;

/// The longest that a fault delays an answer, in milliseconds.
pub(crate) const LONGEST_DELAY: u64 = 60_000;

/// The most bytes that a fault makes up.
const MOST_BYTES: u64 = 1024 * 1024;

/// What a fault does; `kind` says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Effect {
    /// The answer is this status, in the words of who was asked unless a body is given.
    Status {
        /// 400 to 599.
        status: u16,
        /// Texts go out as they are, anything else as JSON.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Value>,
        /// Headers of the answer, besides or instead of the usual ones.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
    },
    /// 429, with the headers that tell of the limit, until that is lifted by the tenant's clock.
    RateLimit {
        /// How many requests are allowed at a time; the real service's number if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<u32>,
        /// After how many seconds the limit is lifted; 60 if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u32>,
    },
    /// The answer comes late.
    Latency {
        /// By so much, at most 60,000.
        milliseconds: u64,
        /// By something between `milliseconds` and this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<u64>,
    },
    /// The connection is reset in the place of an answer.
    Reset {},
    /// Nobody answers: the connection is refused.
    Down {},
    /// The answer breaks off, though its length is announced.
    Truncate {
        /// After so many bytes of the body; half of it if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<u64>,
    },
    /// The body is random bytes, under the same status and content type.
    Garbage {
        /// How many; as many as the real body has if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u64>,
    },
    /// The body comes bit by bit; what is left after a minute comes at once.
    Drip {
        /// How many bytes at a time.
        bytes: u64,
        /// How often, at most 60,000.
        every_milliseconds: u64,
    },
    /// The provider sends the person back as if they had declined.
    Declines {},
    /// The provider tells no e-mail address.
    NoEmail {},
    /// The provider publishes, and signs with, other keys than before.
    ChangedKeys {},
    /// The provider signs with a key that it does not publish.
    WrongKey {},
    /// The provider's clock is off: the times in its tokens.
    ClockSkew {
        /// An ISO 8601 duration: `PT10M` ahead, `-PT10M` behind.
        by: String,
    },
    /// The person is blocked after too many wrong passwords.
    BruteForceBlock {},
    /// The person's password is known from a breach elsewhere.
    BreachedPassword {},
    /// The login page asks for what is in a picture.
    Captcha {},
}

/// What makes an effect impossible. Display says it to a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct EffectError(String);

impl Effect {
    /// Its `kind`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::RateLimit { .. } => "rate_limit",
            Self::Latency { .. } => "latency",
            Self::Reset {} => "reset",
            Self::Down {} => "down",
            Self::Truncate { .. } => "truncate",
            Self::Garbage { .. } => "garbage",
            Self::Drip { .. } => "drip",
            Self::Declines {} => "declines",
            Self::NoEmail {} => "no_email",
            Self::ChangedKeys {} => "changed_keys",
            Self::WrongKey {} => "wrong_key",
            Self::ClockSkew { .. } => "clock_skew",
            Self::BruteForceBlock {} => "brute_force_block",
            Self::BreachedPassword {} => "breached_password",
            Self::Captcha {} => "captcha",
        }
    }

    /// Whether it is something that a provider does by itself, at a place of its own.
    pub(crate) fn is_of_upstreams(&self) -> bool {
        let signing = matches!(self, Self::ChangedKeys {} | Self::WrongKey {} | Self::ClockSkew { .. });
        signing || matches!(self, Self::Declines {} | Self::NoEmail {})
    }

    /// Whether it is something that the login does by itself.
    pub(crate) fn is_of_logins(&self) -> bool {
        matches!(self, Self::BruteForceBlock {} | Self::BreachedPassword {} | Self::Captcha {})
    }

    /// Whether it is asked for where it belongs, rather than done to whatever is asked.
    pub(crate) fn is_behaviour(&self) -> bool {
        self.is_of_upstreams() || self.is_of_logins()
    }

    /// Checks that it can be done, to requests of `scope`.
    ///
    /// # Errors
    /// [`EffectError`]
    pub(crate) fn check(&self, scope: &Scope) -> Result<(), EffectError> {
        let wrong = |text: String| Err(EffectError(text));
        let kind = self.kind();
        if self.is_of_upstreams() && scope.upstream.is_none() {
            return wrong(format!("\"{kind}\" is what a provider does: say which with \"upstream\" in the scope"));
        }
        if self.is_of_logins() && scope.upstream.is_some() {
            return wrong(format!(
                "\"{kind}\" is what the tenant's own login does: leave \"upstream\" out of the scope"
            ));
        }
        if matches!(self, Self::ChangedKeys {}) && scope.asks_who() {
            return wrong("a provider has the same keys for everybody: leave \"client\" and \"person\" out".to_owned());
        }
        if scope.caller.is_some() && scope.upstream.is_none() {
            return wrong("\"caller\" tells who asks a provider: say which with \"upstream\" in the scope".to_owned());
        }
        match self {
            Self::Status { status, headers, .. } => check_answer(*status, headers),
            Self::RateLimit { seconds: Some(0), .. } => wrong("\"seconds\" must be at least 1".to_owned()),
            Self::Latency { milliseconds, up_to } => {
                check_delay("milliseconds", *milliseconds)?;
                check_delay("up_to", up_to.unwrap_or_default())?;
                match up_to {
                    Some(most) if most < milliseconds => {
                        wrong("\"up_to\" must not be less than \"milliseconds\"".to_owned())
                    }
                    _ => Ok(()),
                }
            }
            Self::Garbage { bytes: Some(bytes) } if *bytes > MOST_BYTES => {
                wrong(format!("\"bytes\" must be at most {MOST_BYTES}"))
            }
            Self::Drip { bytes: 0, .. } => wrong("\"bytes\" must be at least 1".to_owned()),
            Self::Drip { every_milliseconds, .. } => check_delay("every_milliseconds", *every_milliseconds),
            Self::ClockSkew { by } if skew(by).is_none() => {
                wrong("\"by\" must be an ISO 8601 duration: PT10M ahead, -PT10M behind".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// How many seconds a skewed clock is ahead; behind, if negative.
    pub(crate) fn skew_seconds(&self) -> i64 {
        match self {
            Self::ClockSkew { by } => skew(by).unwrap_or_default(),
            _ => 0,
        }
    }
}

fn check_answer(status: u16, headers: &BTreeMap<String, String>) -> Result<(), EffectError> {
    if !(400..600).contains(&status) || StatusCode::from_u16(status).is_err() {
        return Err(EffectError("\"status\" must be between 400 and 599".to_owned()));
    }
    let unusable = |(name, value): &(&String, &String)| {
        HeaderName::from_bytes(name.as_bytes()).is_err() || HeaderValue::from_str(value).is_err()
    };
    match headers.iter().find(unusable) {
        Some((name, _)) => Err(EffectError(format!("\"{name}\" can't be sent as a header"))),
        None => Ok(()),
    }
}

fn check_delay(member: &str, milliseconds: u64) -> Result<(), EffectError> {
    if milliseconds <= LONGEST_DELAY {
        return Ok(());
    }
    Err(EffectError(format!("\"{member}\" must be at most {LONGEST_DELAY}: a minute")))
}

fn skew(by: &str) -> Option<i64> {
    let (sign, length) = by.strip_prefix('-').map_or((1, by), |length| (-1, length));
    let seconds = parse_duration(length).as_ref().map(Duration::as_secs)?;
    Some(sign * i64::try_from(seconds).ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(effect: Value, upstream: Option<&str>, expected: Option<&str>) {
        let scope = Scope { upstream: upstream.map(str::to_owned), ..Scope::default() };
        let read: Result<Effect, _> = serde_json::from_value(effect.clone());
        let told = match read {
            Ok(effect) => effect.check(&scope).err().map(|error| error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        match (&told, expected) {
            (None, None) => {}
            (Some(told), Some(expected)) => assert!(told.contains(expected), "{effect}: {told}"),
            _ => panic!("{effect}: {told:?}"),
        }
    }

    #[test]
    fn what_can_be_done_is_taken() {
        check(json!({ "kind": "status", "status": 503 }), None, None);
        check(json!({ "kind": "rate_limit" }), None, None);
        check(json!({ "kind": "latency", "milliseconds": 10, "up_to": 20 }), Some("google"), None);
        check(json!({ "kind": "clock_skew", "by": "-PT10M" }), Some("google"), None);
        check(json!({ "kind": "captcha" }), None, None);
    }

    #[test]
    fn what_can_t_is_told() {
        check(json!({ "kind": "status", "status": 200 }), None, Some("between 400 and 599"));
        check(json!({ "kind": "status", "status": 500, "headers": { "a b": "" } }), None, Some("a header"));
        check(json!({ "kind": "latency", "milliseconds": 60_001 }), None, Some("at most 60000"));
        check(json!({ "kind": "latency", "milliseconds": 2, "up_to": 1 }), None, Some("must not be less"));
        check(json!({ "kind": "drip", "bytes": 0, "every_milliseconds": 1 }), None, Some("at least 1"));
        check(json!({ "kind": "clock_skew", "by": "10 minutes" }), Some("google"), Some("ISO 8601"));
        check(json!({ "kind": "declines" }), None, Some("\"upstream\""));
        check(json!({ "kind": "captcha" }), Some("google"), Some("leave \"upstream\" out"));
        check(json!({ "kind": "reset", "soon": true }), None, Some("unknown field"));
        check(json!({ "kind": "explode" }), None, Some("unknown variant"));
    }

    #[test]
    fn a_clock_may_be_ahead_or_behind() {
        let seconds = |by: &str| Effect::ClockSkew { by: by.to_owned() }.skew_seconds();
        assert_eq!((seconds("PT10M"), seconds("-PT1H")), (600, -3600));
    }
}
