//! Whether an effect can be had.

use std::collections::BTreeMap;

use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;

use crate::http::faults::effect::Effect;
use crate::http::faults::effect::LONGEST_DELAY;
use crate::http::faults::effect::skew;
use crate::http::faults::scope::Scope;

/// The most bytes that a fault makes up.
const MOST_BYTES: u64 = 1024 * 1024;

/// Headers that say where an answer ends and how its connection goes on: they are the server's to write (RFC 9110 §7.6.1,
/// RFC 9112 §6).
const FRAMING: [&str; 9] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "trailers",
    "transfer-encoding",
    "upgrade",
];

/// What makes an effect impossible. Display says it to a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct EffectError(String);

impl Effect {
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
}

fn check_answer(status: u16, headers: &BTreeMap<String, String>) -> Result<(), EffectError> {
    if !(400..600).contains(&status) || StatusCode::from_u16(status).is_err() {
        return Err(EffectError("\"status\" must be between 400 and 599".to_owned()));
    }
    if let Some(name) = headers.keys().find(|name| FRAMING.contains(&name.to_ascii_lowercase().as_str())) {
        let instead = "what the connection does is said by other effects: \"truncate\", \"reset\", \"drip\"";
        return Err(EffectError(format!("\"{name}\" is the server's to send; {instead}")));
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

#[cfg(test)]
mod tests {
    use serde_json::Value;
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
        for framing in ["content-length", "Transfer-Encoding", "Connection", "Upgrade", "Keep-Alive", "TE", "Trailer"] {
            let effect = json!({ "kind": "status", "status": 503, "headers": { framing: "999" } });
            check(effect, None, Some("is the server's to send"));
        }
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
