//! Faults in the words of a test: where, what, how often, about whom.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::client::faults::{Effect, Fault, Scope};

/// Where.
impl Fault {
    /// At an endpoint of the tenant: `POST /oauth/token`, `/api/v2/*`, `GET /api/v2/users/{id}`.
    pub fn at(endpoint: &str) -> Self {
        Self::of(Scope { endpoint: Some(endpoint.to_owned()), ..Scope::default() })
    }

    /// At every endpoint of the tenant; the control API goes on working.
    pub fn everywhere() -> Self {
        Self::of(Scope::default())
    }

    /// At the tenant's own login page and password grants: for [`Fault::brute_force_block`],
    /// [`Fault::breached_password`] and [`Fault::captcha`].
    pub fn at_login() -> Self {
        Self::everywhere().does(Effect::Captcha {})
    }

    /// At a provider, whoever asks it: `google`, `facebook`, …; `*` for any.
    ///
    /// ```
    /// use impostor::client::faults::Fault;
    ///
    /// let declined = Fault::upstream("google").declines();
    /// let no_tokens = Fault::upstream("google").endpoint("POST /token").status(500).once();
    /// assert_ne!(declined, no_tokens);
    /// ```
    pub fn upstream(name: &str) -> Self {
        Self::of(Scope { upstream: Some(name.to_owned()), ..Scope::default() })
    }

    /// Narrowed to an endpoint: of the provider, where one was named.
    #[must_use]
    pub fn endpoint(mut self, endpoint: &str) -> Self {
        self.scope.endpoint = Some(endpoint.to_owned());
        self
    }

    /// Of what goes to the provider, only what the tenant itself asks, on its back channel.
    #[must_use]
    pub fn when_the_tenant_asks(mut self) -> Self {
        self.scope.caller = Some("tenant".to_owned());
        self
    }

    /// Of what goes to the provider, only what browsers and apps ask.
    #[must_use]
    pub fn when_a_visitor_asks(mut self) -> Self {
        self.scope.caller = Some("visitor".to_owned());
        self
    }

    fn of(scope: Scope) -> Self {
        let effect = Effect::Status { status: 500, body: None, headers: BTreeMap::new() };
        Self { scope, effect, after: 0, times: None, probability: None }
    }
}

/// About whom, and how often.
impl Fault {
    /// Only for this app, by its `client_id`.
    #[must_use]
    pub fn client(mut self, client_id: &str) -> Self {
        self.scope.client = Some(client_id.to_owned());
        self
    }

    /// Only about this person: a `user_id`, an e-mail address, a user name, or `AT:ID` of an account at a provider.
    #[must_use]
    pub fn person(mut self, person: &str) -> Self {
        self.scope.person = Some(person.to_owned());
        self
    }

    /// Lets the first so many pass.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }

    /// Fires so often, and then no more.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Fires once.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Fires with this probability, 0 to 1. Two runs from the same seed fire at the same requests.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }
}

/// What answers come to.
impl Fault {
    /// The answer is an error with this status, 400 to 599, in the form and words of who was asked.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        self.does(Effect::Status { status, body: None, headers: BTreeMap::new() })
    }

    /// The body of a [`Fault::status`]: a text as it is, anything else as JSON.
    #[must_use]
    pub fn body(mut self, own: Value) -> Self {
        if let Effect::Status { body, .. } = &mut self.effect {
            *body = Some(own);
        }
        self
    }

    /// A header of a [`Fault::status`].
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Effect::Status { headers, .. } = &mut self.effect {
            headers.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// 429 with the headers that tell of the limit, until `window` has passed on the tenant's clock.
    #[must_use]
    pub fn rate_limit(self, window: Duration) -> Self {
        let seconds = u32::try_from(window.as_secs()).unwrap_or(u32::MAX);
        self.does(Effect::RateLimit { limit: None, seconds: Some(seconds) })
    }

    /// The answer comes so late; a minute is the most.
    #[must_use]
    pub fn latency(self, by: Duration) -> Self {
        self.does(Effect::Latency { milliseconds: milliseconds(by), up_to: None })
    }

    /// The answer comes late by something between the two.
    #[must_use]
    pub fn latency_between(self, least: Duration, most: Duration) -> Self {
        self.does(Effect::Latency { milliseconds: milliseconds(least), up_to: Some(milliseconds(most)) })
    }

    /// The connection is reset in the place of an answer.
    #[must_use]
    pub fn reset(self) -> Self {
        self.does(Effect::Reset {})
    }

    /// Nobody answers.
    #[must_use]
    pub fn down(self) -> Self {
        self.does(Effect::Down {})
    }

    /// The answer breaks off half way.
    #[must_use]
    pub fn truncated(self) -> Self {
        self.does(Effect::Truncate { after: None })
    }

    /// The body is as many random bytes as the real one has.
    #[must_use]
    pub fn garbage(self) -> Self {
        self.does(Effect::Garbage { bytes: None })
    }

    /// The body comes so many bytes at a time.
    #[must_use]
    pub fn drip(self, bytes: u64, every: Duration) -> Self {
        self.does(Effect::Drip { bytes, every_milliseconds: milliseconds(every) })
    }

    /// Any effect.
    #[must_use]
    pub fn does(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }
}

/// What a provider does ([`Fault::upstream`]).
impl Fault {
    /// It sends people back as if they had declined.
    #[must_use]
    pub fn declines(self) -> Self {
        self.does(Effect::Declines {})
    }

    /// It tells no e-mail address, in tokens and profiles.
    #[must_use]
    pub fn no_email(self) -> Self {
        self.does(Effect::NoEmail {})
    }

    /// It publishes, and signs with, other keys than before.
    #[must_use]
    pub fn changed_keys(self) -> Self {
        self.does(Effect::ChangedKeys {})
    }

    /// It signs with a key that it does not publish.
    #[must_use]
    pub fn wrong_key(self) -> Self {
        self.does(Effect::WrongKey {})
    }

    /// Its clock is so much ahead: the times in its tokens.
    #[must_use]
    pub fn clock_ahead(self, by: Duration) -> Self {
        self.does(Effect::ClockSkew { by: format!("PT{}S", by.as_secs()) })
    }

    /// Its clock is so much behind.
    #[must_use]
    pub fn clock_behind(self, by: Duration) -> Self {
        self.does(Effect::ClockSkew { by: format!("-PT{}S", by.as_secs()) })
    }
}

/// What the tenant's own login does ([`Fault::at_login`]).
impl Fault {
    /// Who signs in is blocked after too many wrong passwords.
    #[must_use]
    pub fn brute_force_block(self) -> Self {
        self.does(Effect::BruteForceBlock {})
    }

    /// The right password of who signs in is known from a breach.
    #[must_use]
    pub fn breached_password(self) -> Self {
        self.does(Effect::BreachedPassword {})
    }

    /// The login page demands a captcha; what is to be typed is written on it.
    #[must_use]
    pub fn captcha(self) -> Self {
        self.does(Effect::Captcha {})
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fault_is_what_the_control_api_takes() {
        #[track_caller]
        fn check(fault: &Fault, expected: &Value) {
            assert_eq!(&serde_json::to_value(fault).unwrap(), expected);
        }
        check(
            &Fault::at("POST /oauth/token").status(503).times(2),
            &json!({
                "scope": { "endpoint": "POST /oauth/token" }, "effect": { "kind": "status", "status": 503 }, "times": 2
            }),
        );
        check(
            &Fault::upstream("google").when_the_tenant_asks().reset().after(1).probability(0.5),
            &json!({
                "scope": { "upstream": "google", "caller": "tenant" }, "effect": { "kind": "reset" }, "after": 1,
                "probability": 0.5
            }),
        );
        check(
            &Fault::at_login().person("ana@people.example").brute_force_block(),
            &json!({ "scope": { "person": "ana@people.example" }, "effect": { "kind": "brute_force_block" } }),
        );
        check(
            &Fault::upstream("oidc").clock_behind(Duration::from_secs(600)),
            &json!({ "scope": { "upstream": "oidc" }, "effect": { "kind": "clock_skew", "by": "-PT600S" } }),
        );
    }
}
