//! From a grant to tokens: what must be kept is drawn inside a write, what must be signed is signed after it.
//! Source: spec/tokens.md §1 to §3.

use serde_json::Map;
use serde_json::Value;

use crate::authentication::mint;
use crate::domain::claims::scopes::Granted;
use crate::domain::client::Client;
use crate::domain::id::OrganizationId;
use crate::domain::id::UserId;
use crate::domain::resource_server::ResourceServer;
use crate::domain::session::Grant;
use crate::domain::session::OpaqueToken;
use crate::domain::tokens::access_token::AccessToken;
use crate::domain::tokens::access_token::Gty;
use crate::domain::tokens::id_token;
use crate::domain::tokens::id_token::IdToken;
use crate::domain::tokens::organization::OrganizationClaim;
use crate::domain::tokens::scope;
use crate::domain::user::User;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::keys::error::KeyError;
use crate::store::state::TenantState;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// Lifetimes of an opaque access token, in seconds: from the token endpoint, and from the front channel.
const OPAQUE_LIFETIME: i64 = 86_400;
const OPAQUE_LIFETIME_FOR_WEB: i64 = 7_200;

const OPAQUE_LENGTH: usize = 43;
const JWT_ID_LENGTH: usize = 22;

/// By which way a token leaves: `/authorize` gives shorter ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    Front,
    Back,
    /// The token endpoint, for a refresh token.
    Refresh,
}

/// An access token as a write left it: opaque and kept, or an id for one to be signed.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) now: Timestamp,
    pub(super) lifetime_seconds: i64,
    channel: Channel,
    opaque: Option<String>,
    jwt_id: String,
}

/// Draws what an access token for the grant needs. Without an API it is opaque, and kept; `family` ends it early.
pub(super) fn draw(
    tx: &mut Tx<'_>,
    grant: &Grant,
    family: &str,
    api: Option<&ResourceServer>,
    channel: Channel,
) -> Drawn {
    let now = tx.now;
    let lifetime_seconds = match (api, channel) {
        (Some(api), Channel::Front) => api.token_lifetime_for_web,
        (Some(api), _) => api.token_lifetime,
        (None, Channel::Front) => OPAQUE_LIFETIME_FOR_WEB,
        (None, _) => OPAQUE_LIFETIME,
    };
    let opaque = api.is_none().then(|| {
        let secret = tx.rng().url_safe(OPAQUE_LENGTH);
        let expires_at = now.plus_seconds(lifetime_seconds);
        let token = OpaqueToken { grant: grant.clone(), family: family.to_owned(), expires_at };
        tx.opaque_tokens.put(digest::sha256(secret.as_bytes()), token);
        secret
    });
    Drawn { now, lifetime_seconds, channel, opaque, jwt_id: tx.rng().alphanumeric(JWT_ID_LENGTH) }
}

/// A user's permissions at an API, in an organization or in none; none where they don't count.
pub(super) fn permitted(
    state: &TenantState,
    (user, organization): (&UserId, Option<&OrganizationId>),
    api: Option<&ResourceServer>,
) -> Vec<String> {
    let enforcing = api.filter(|api| api.enforce_policies);
    enforcing.map(|api| state.permissions_at(user, organization, &api.identifier)).unwrap_or_default()
}

/// What of the scopes asked for the user is granted, as things stand.
pub(super) fn granted(
    state: &TenantState,
    (client, api): (&Client, Option<&ResourceServer>),
    user: (&UserId, Option<&OrganizationId>),
    asked: &[String],
) -> Vec<String> {
    scope::granted_to_user(asked, client, api, &permitted(state, user, api))
}

/// The organization of a grant as tokens tell of it; its name only where the tenant allows names (spec/tokens.md §2).
pub(super) fn organization<'a>(state: &'a TenantState, grant: &Grant) -> Option<OrganizationClaim<'a>> {
    let organization = state.organizations.get(grant.organization.as_ref()?.as_str())?;
    Some(OrganizationClaim {
        id: organization.id.as_str(),
        name: state.settings.shows_organization_names().then_some(organization.name.as_str()),
    })
}

/// The access token that was drawn.
///
/// # Errors
/// [`KeyError`] when there is no key to sign with.
pub(super) async fn access_token(
    keyring: &Keyring,
    state: &TenantState,
    (client, api): (&Client, Option<&ResourceServer>),
    grant: &Grant,
    drawn: &Drawn,
) -> Result<String, KeyError> {
    let (Some(api), Some(audience)) = (api, &grant.audience) else {
        return Ok(drawn.opaque.clone().unwrap_or_default());
    };
    let gty = grant.gty.as_deref();
    let token = AccessToken {
        issuer: &grant.issuer,
        subject: grant.user_id.as_str(),
        audience,
        client_id: grant.client_id.as_str(),
        scope: &grant.scope,
        now: drawn.now,
        lifetime_seconds: drawn.lifetime_seconds,
        gty: match drawn.channel {
            Channel::Refresh => Some(Gty::Refreshed(gty)),
            Channel::Front | Channel::Back => gty.map(Gty::First),
        },
        id: &drawn.jwt_id,
        permissions: &permitted(state, (&grant.user_id, grant.organization.as_ref()), Some(api)),
        organization: organization(state, grant),
    };
    mint::access_token(keyring, state, (client, api), &token).await
}

/// What an ID token says beside the grant and the profile.
#[derive(Clone, Debug, Default)]
pub(super) struct Extras<'a> {
    pub(super) nonce: Option<&'a str>,
    pub(super) auth_time: Option<Timestamp>,
    pub(super) at_hash: Option<String>,
    pub(super) c_hash: Option<String>,
    /// Attributes of this login that are not kept.
    pub(super) transient: Map<String, Value>,
}

/// An ID token about the user; `None` where `openid` was not granted.
///
/// # Errors
/// [`KeyError`] when there is no key to sign with.
pub(super) async fn id_token(
    keyring: &Keyring,
    state: &TenantState,
    (client, user): (&Client, &User),
    grant: &Grant,
    (now, extras): (Timestamp, Extras<'_>),
) -> Result<Option<String>, KeyError> {
    if !grant.scope.iter().any(|scope| scope == "openid") {
        return Ok(None);
    }
    let mut profile = user.profile();
    profile.extend(extras.transient);
    let token = IdToken {
        issuer: &grant.issuer,
        subject: user.user_id.as_str(),
        client_id: client.client_id.as_str(),
        now,
        lifetime_seconds: client.jwt_configuration.lifetime_in_seconds,
        session_id: grant.session_id.as_ref().map(crate::domain::id::SessionId::as_str),
        nonce: extras.nonce,
        auth_time: extras.auth_time,
        at_hash: extras.at_hash,
        c_hash: extras.c_hash,
        organization: organization(state, grant),
    };
    let claims = id_token::claims(&token, &profile, Granted::to(client, &grant.scope), &Map::new());
    mint::id_token(keyring, state, client, &claims).await.map(Some)
}
