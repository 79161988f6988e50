//! From what an upstream said to what the tenant keeps: raw, normalized, cached. Source: spec/profile.md §6, design page §4.

pub(crate) mod cache;
pub(crate) mod claim_uris;
pub(crate) mod database;
pub(crate) mod generated;
mod keeper;
mod kept;
mod mapping;
pub(crate) mod metadata;
pub(crate) mod strategies;
pub(crate) mod trace;
pub(crate) mod update;

use serde_json::Map;
use serde_json::Value;

use crate::domain::profile::trace::LoginTrace;
use crate::domain::profile::trace::Trace;
use crate::domain::user::IdentityId;
use crate::domain::user::User;

/// What an upstream said of a person, in its own words, unread.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RawProfile(pub(crate) Map<String, Value>);

/// Tokens that an upstream gave out with a profile; kept in the identity (spec/caching.md §4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProviderTokens {
    pub(crate) access_token: Option<String>,
    pub(crate) refresh_token: Option<String>,
    /// Seconds.
    pub(crate) expires_in: Option<u64>,
}

/// A profile in the tenant's words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NormalizedProfile {
    /// The provider's id, in its own JSON type; without the connection's name.
    pub(crate) id: IdentityId,
    pub(crate) attributes: Map<String, Value>,
    /// What attributes are where neither the upstream nor the stored profile has them and nothing is made up for them.
    pub(crate) defaults: Vec<(&'static str, String)>,
    /// Metadata that the answer sets; only customers' own scripts and directories may.
    pub(crate) metadata: Metadata,
    /// Tokens that stood among the attributes.
    pub(crate) tokens: ProviderTokens,
    /// How each attribute came about.
    pub(crate) trace: Trace,
}

/// Keys to be merged into a user's metadata.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metadata {
    pub(crate) user: Map<String, Value>,
    pub(crate) app: Map<String, Value>,
}

/// Why a raw profile can't be normalized.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProfileError {
    #[error("the profile has no \"{0}\" to know the person by")]
    NoId(String),
    #[error("connections of strategy {0} are not built yet")]
    NotBuilt(&'static str),
}

/// A user as a login left them: stored, with what this login alone may see.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) user: User,
    /// How the user's attributes came about, where this login brought some.
    pub(crate) trace: Option<LoginTrace>,
    /// Attributes that must not be kept but that this login's scripts and tokens see.
    pub(crate) transient: Map<String, Value>,
}
