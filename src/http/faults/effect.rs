//! What a fault does.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::time::parse_duration;

/// The longest that a fault delays an answer, in milliseconds.
pub(crate) const LONGEST_DELAY: u64 = 60_000;

/// What a fault does; `kind` says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = FaultEffect)]
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
    /// The SAML identity provider's responses are wrong.
    WrongResponse {
        /// In what: `unsigned`, `wrong-key`, `expired`, `xsw1` and so on.
        form: String,
    },
    /// The person is blocked after too many wrong passwords.
    BruteForceBlock {},
    /// The person's password is known from a breach elsewhere.
    BreachedPassword {},
    /// The login page asks for what is in a picture.
    Captcha {},
}

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
            Self::WrongResponse { .. } => "wrong_response",
            Self::BruteForceBlock {} => "brute_force_block",
            Self::BreachedPassword {} => "breached_password",
            Self::Captcha {} => "captcha",
        }
    }

    /// Whether it is something that a provider does by itself, at a place of its own.
    pub(crate) fn is_of_upstreams(&self) -> bool {
        let signing = matches!(self, Self::ChangedKeys {} | Self::WrongKey {} | Self::ClockSkew { .. });
        signing || matches!(self, Self::Declines {} | Self::NoEmail {} | Self::WrongResponse { .. })
    }

    /// Whether it is something that the login does by itself.
    pub(crate) fn is_of_logins(&self) -> bool {
        matches!(self, Self::BruteForceBlock {} | Self::BreachedPassword {} | Self::Captcha {})
    }

    /// Whether it is asked for where it belongs, rather than done to whatever is asked.
    pub(crate) fn is_behaviour(&self) -> bool {
        self.is_of_upstreams() || self.is_of_logins()
    }

    /// How many seconds a skewed clock is ahead; behind, if negative.
    pub(crate) fn skew_seconds(&self) -> i64 {
        match self {
            Self::ClockSkew { by } => skew(by).unwrap_or_default(),
            _ => 0,
        }
    }
}

pub(super) fn skew(by: &str) -> Option<i64> {
    let (sign, length) = by.strip_prefix('-').map_or((1, by), |length| (-1, length));
    let seconds = parse_duration(length).as_ref().map(Duration::as_secs)?;
    Some(sign * i64::try_from(seconds).ok()?)
}
