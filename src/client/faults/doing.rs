//! Faults in the words of a test: what goes wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::client::faults::{Effect, Fault};

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

    /// Its SAML responses are wrong: `unsigned`, `wrong-key`, `expired`, `not-yet-valid`, `wrong-audience`,
    /// `wrong-recipient`, `wrong-destination`, `wrong-issuer`, `wrong-in-response-to`, `replayed`, `xsw1` to `xsw8`,
    /// `comment-in-name-id`, `external-entity`, `sha1`, `no-attributes`, `no-name-id`. Of [`Fault::upstream`] `saml` (all of them) or the name
    /// of one.
    #[must_use]
    pub fn wrong_response(self, form: &str) -> Self {
        self.does(Effect::WrongResponse { form: form.to_owned() })
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
