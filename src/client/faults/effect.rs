//! What a fault does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a fault does, as the control API writes it. The methods of [`Fault`](super::Fault) make them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// The answer is this status, in the words of who was asked unless a body is given.
    Status {
        /// 400 to 599.
        status: u16,
        /// Texts go out as they are, anything else as JSON.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Value>,
        /// Headers, besides or instead of the usual ones.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
    },
    /// 429 with the headers that tell of the limit, until it is lifted by the tenant's clock.
    RateLimit {
        /// How many requests are allowed; the real service's number if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<u32>,
        /// After how many seconds it is lifted; 60 if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u32>,
    },
    /// The answer comes late.
    Latency {
        /// By so much.
        milliseconds: u64,
        /// By something between `milliseconds` and this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<u64>,
    },
    /// The connection is reset in the place of an answer.
    Reset {},
    /// Nobody answers.
    Down {},
    /// The answer breaks off.
    Truncate {
        /// After so many bytes; half of them if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<u64>,
    },
    /// The body is random bytes.
    Garbage {
        /// How many; as many as the real one has if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u64>,
    },
    /// The body comes bit by bit.
    Drip {
        /// How many bytes at a time.
        bytes: u64,
        /// How often.
        every_milliseconds: u64,
    },
    /// The provider sends people back as if they had declined.
    Declines {},
    /// The provider tells no e-mail address.
    NoEmail {},
    /// The provider publishes, and signs with, other keys than before.
    ChangedKeys {},
    /// The provider signs with a key that it does not publish.
    WrongKey {},
    /// The provider's clock is off.
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
    /// The person's password is known from a breach.
    BreachedPassword {},
    /// The login page demands a captcha.
    Captcha {},
}
