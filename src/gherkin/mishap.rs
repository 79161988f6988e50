//! What goes wrong, in words: `is down`, `answers 500`, `declines`; and how often.

use std::str::FromStr;
use std::time;

use cucumber::Parameter;

use crate::client::faults::{Effect, Fault};
use crate::gherkin::parameters::Duration;

/// What goes wrong: `is down`, `answers 500` (any error status; 429 comes with its rate-limit headers),
/// `takes 200 milliseconds`, `resets connections`, `breaks off its answers`, `answers garbage`, `answers bit by bit`; of
/// providers also `declines`, `returns no e-mail`, `changes its keys`, `signs with a wrong key`,
/// `has a clock that is 10 minutes ahead` (or `behind`).
#[derive(Debug, Clone, PartialEq, Parameter)]
#[param(
    name = "mishap",
    regex = r"is down|answers \d{3}|takes \d+ milliseconds|resets connections|breaks off its answers|answers garbage|answers bit by bit|declines|returns no e-mail|changes its keys|signs with a wrong key|has a clock that is \d+ (?:second|minute|hour|day)s? (?:ahead|behind)"
)]
pub struct Mishap(pub Effect);

/// How often: `never`, `once`, `twice`, `3 times`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "occurrence", regex = r"never|once|twice|\d+ times")]
pub struct Occurrence(pub u64);

/// A part of the tenant: `token endpoint`, `authorization endpoint`, `userinfo endpoint`, `key set`,
/// `discovery document`, `login page`, `Management API`, `tenant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "endpoint",
    regex = "token endpoint|authorization endpoint|userinfo endpoint|key set|discovery document|login page|Management API|tenant"
)]
pub struct Endpoint(pub Option<&'static str>);

/// What drips: so many bytes, so often.
const DRIP: (u64, time::Duration) = (64, time::Duration::from_millis(5));

impl FromStr for Mishap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let nothing = Fault::everywhere();
        let number = || text.split(' ').nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or_default();
        let fault = match text {
            "is down" => nothing.down(),
            "resets connections" => nothing.reset(),
            "breaks off its answers" => nothing.truncated(),
            "answers garbage" => nothing.garbage(),
            "answers bit by bit" => nothing.drip(DRIP.0, DRIP.1),
            "declines" => nothing.declines(),
            "returns no e-mail" => nothing.no_email(),
            "changes its keys" => nothing.changed_keys(),
            "signs with a wrong key" => nothing.wrong_key(),
            "answers 429" => nothing.rate_limit(time::Duration::from_mins(1)),
            _ if text.starts_with("answers ") => nothing.status(u16::try_from(number()).unwrap_or_default()),
            _ if text.starts_with("takes ") => nothing.latency(time::Duration::from_millis(number())),
            _ => skewed(nothing, text)?,
        };
        Ok(Self(fault.effect))
    }
}

fn skewed(fault: Fault, text: &str) -> Result<Fault, String> {
    let unknown = || format!("nothing can go wrong like {text:?}");
    let length = text.strip_prefix("has a clock that is ").ok_or_else(unknown)?;
    let (length, direction) = length.rsplit_once(' ').ok_or_else(unknown)?;
    let by = time::Duration::from_secs(length.parse::<Duration>()?.seconds());
    Ok(if direction == "behind" { fault.clock_behind(by) } else { fault.clock_ahead(by) })
}

impl FromStr for Occurrence {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "never" => Ok(Self(0)),
            "once" => Ok(Self(1)),
            "twice" => Ok(Self(2)),
            _ => text.trim_end_matches(" times").parse().map(Self).map_err(|_| format!("{text:?} is not how often")),
        }
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self(match text {
            "token endpoint" => Some("POST /oauth/token"),
            "authorization endpoint" => Some("/authorize"),
            "userinfo endpoint" => Some("/userinfo"),
            "key set" => Some("/.well-known/jwks.json"),
            "discovery document" => Some("/.well-known/openid-configuration"),
            "login page" => Some("/u/login"),
            "Management API" => Some("/api/v2/*"),
            "tenant" => None,
            _ => return Err(format!("no part of a tenant is called {text:?}")),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mishaps_are_effects() {
        let effect = |text: &str| text.parse::<Mishap>().unwrap().0;
        assert_eq!(effect("answers 503"), Fault::everywhere().status(503).effect);
        assert_eq!(effect("answers 429"), Effect::RateLimit { limit: None, seconds: Some(60) });
        assert_eq!(effect("takes 20 milliseconds"), Effect::Latency { milliseconds: 20, up_to: None });
        assert_eq!(effect("has a clock that is 10 minutes behind"), Effect::ClockSkew { by: "-PT600S".into() });
        assert!("explodes".parse::<Mishap>().is_err());
        let times = |text: &str| text.parse::<Occurrence>().unwrap().0;
        assert_eq!((times("never"), times("twice"), times("7 times")), (0, 2, 7));
    }
}
