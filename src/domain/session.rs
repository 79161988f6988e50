//! A browser's session, and the tokens that come of logins. Source: spec/tokens.md §6 and §13.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Map;
use serde_json::Value;

use crate::domain::id::ClientId;
use crate::domain::id::OrganizationId;
use crate::domain::id::SessionId;
use crate::domain::id::UserId;
use crate::domain::tenant::TenantSettings;
use crate::time::Timestamp;

/// A person signed in at a browser. The cookie holds a secret; the table is keyed by that secret's hash.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// The `sid` claim.
    pub(crate) id: SessionId,
    pub(crate) user_id: UserId,
    /// The connection that the person signed in with.
    pub(crate) connection: String,
    pub(crate) created_at: Timestamp,
    /// When the person last proved who they are: `auth_time`.
    pub(crate) authenticated_at: Timestamp,
    pub(crate) last_interacted_at: Timestamp,
    /// The addresses that the browser was at when the session began, and when it was last in use.
    pub(crate) initial_ip: String,
    pub(crate) last_ip: String,
    /// Clients that got tokens in it.
    pub(crate) clients: BTreeSet<ClientId>,
    /// The person's session at the connection's upstream, where that is told.
    pub(crate) upstream: Option<UpstreamSession>,
    /// Service providers that were told of it.
    pub(crate) participants: Vec<Participant>,
}

/// A service provider of SAML in a session, by the client that it is, and what the person was called to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Participant {
    pub(crate) client_id: ClientId,
    pub(crate) name_id: String,
    pub(crate) format: Option<String>,
}

/// A person's session at a SAML identity provider, for logging out of it (SAML 2.0 Core §3.7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UpstreamSession {
    /// The name identifier with its format and qualifiers.
    pub(crate) name_id: String,
    pub(crate) format: Option<String>,
    pub(crate) name_qualifier: Option<String>,
    pub(crate) sp_name_qualifier: Option<String>,
    pub(crate) index: Option<String>,
}

/// A logout whose person is at the identity provider, until they come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UpstreamLogout {
    /// The request's id, which the answer repeats.
    pub(crate) request: String,
    /// The connection's name.
    pub(crate) connection: String,
    /// Where the person goes then: an address that was checked.
    pub(crate) to: Option<String>,
    pub(crate) begun_at: Timestamp,
}

/// A single logout that a service provider began, until all that are to hear of it have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Farewell {
    /// Who began it.
    pub(crate) client_id: ClientId,
    /// Its request's id, and its `RelayState`.
    pub(crate) request: String,
    pub(crate) relay_state: Option<String>,
    /// Who is yet to be told.
    pub(crate) others: Vec<Participant>,
    /// What the session was called in assertions.
    pub(crate) session_index: String,
    /// Somebody who was to be told could not be, or did not follow.
    pub(crate) is_partial: bool,
    pub(crate) begun_at: Timestamp,
}

impl Session {
    /// Whether it still counts, by the tenant's absolute and idle lifetimes.
    pub(crate) fn is_alive(&self, settings: &TenantSettings, now: Timestamp) -> bool {
        now < self.expires_at(settings) && now < self.idle_expires_at(settings)
    }

    /// When it ends however much it is in use.
    pub(crate) fn expires_at(&self, settings: &TenantSettings) -> Timestamp {
        self.created_at.plus(hours(settings.session_lifetime))
    }

    /// When it ends unless it is in use before.
    pub(crate) fn idle_expires_at(&self, settings: &TenantSettings) -> Timestamp {
        self.last_interacted_at.plus(hours(settings.idle_session_lifetime))
    }
}

fn hours(hours: f64) -> Duration {
    Duration::try_from_secs_f64(hours * 3600.0).unwrap_or_default()
}

/// What a login granted to a client: the common part of codes, refresh tokens and access tokens.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) client_id: ClientId,
    pub(crate) user_id: UserId,
    /// The issuer that the flow began with; tokens carry it whichever address redeems it (design page, section 6).
    pub(crate) issuer: String,
    /// Granted scopes, in the order asked for.
    pub(crate) scope: Vec<String>,
    /// The API's identifier; none is `/userinfo` alone.
    pub(crate) audience: Option<String>,
    pub(crate) session_id: Option<SessionId>,
    pub(crate) auth_time: Option<Timestamp>,
    /// The organization that the person signed in to.
    pub(crate) organization: Option<OrganizationId>,
    /// `gty` of the access tokens, where the flow has one.
    pub(crate) gty: Option<String>,
}

/// An authorization code; the table is keyed by the code's hash.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationCode {
    pub(crate) grant: Grant,
    /// The scopes that were asked for: `scope` is answered only when it differs.
    pub(crate) requested_scope: Vec<String>,
    /// As sent to `/authorize`, to be repeated at the exchange.
    pub(crate) redirect_uri: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<CodeChallenge>,
    /// `auth_time` goes into the ID token (`max_age` or `prompt=login` was sent).
    pub(crate) wants_auth_time: bool,
    /// Attributes of this login that must not be kept but that its tokens see (spec/caching.md §3).
    pub(crate) transient: Map<String, Value>,
    pub(crate) created_at: Timestamp,
}

/// RFC 7636 §4.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CodeChallenge {
    Plain(String),
    S256(String),
}

/// A refresh token; the table is keyed by the token's hash.
#[derive(Clone, Debug)]
pub(crate) struct RefreshToken {
    pub(crate) grant: Grant,
    /// Tokens that came of one another share it; reuse of a used one ends them all.
    pub(crate) family: String,
    /// When the family began: rotation does not extend the absolute lifetime.
    pub(crate) family_created_at: Timestamp,
    /// How many tokens of the family came before it.
    pub(crate) counter: u32,
    /// It was made to be good for one exchange.
    pub(crate) rotating: bool,
    pub(crate) last_used_at: Timestamp,
    /// When it was exchanged for a next one.
    pub(crate) rotated_at: Option<Timestamp>,
    /// The hash of the token that it came of, by rotation.
    pub(crate) previous: Option<[u8; 32]>,
    /// One that came of it was exchanged in turn: the leeway is over.
    pub(crate) superseded: bool,
}

impl RefreshToken {
    /// The first of a family.
    pub(crate) fn first(grant: Grant, family: &str, rotating: bool, now: Timestamp) -> Self {
        Self {
            grant,
            family: family.to_owned(),
            family_created_at: now,
            counter: 0,
            rotating,
            last_used_at: now,
            rotated_at: None,
            previous: None,
            superseded: false,
        }
    }

    /// The one that takes the place of this one, whose hash is `key`.
    pub(crate) fn next(&self, key: [u8; 32], now: Timestamp) -> Self {
        Self {
            counter: self.counter.saturating_add(1),
            last_used_at: now,
            rotated_at: None,
            previous: Some(key),
            superseded: false,
            ..self.clone()
        }
    }
}

/// An opaque access token, good at `/userinfo` alone; the table is keyed by the token's hash.
#[derive(Clone, Debug)]
pub(crate) struct OpaqueToken {
    pub(crate) grant: Grant,
    /// Of the refresh tokens that came of the same login: what ends them ends it too.
    pub(crate) family: String,
    pub(crate) expires_at: Timestamp,
}
