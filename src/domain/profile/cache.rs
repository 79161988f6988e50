//! The stored profile, refreshed at each login. Source: spec/caching.md §1 to §4 and §9.
//!
//! What the documents leave open is decided so (spec/caching.md §2, unverified there): an attribute that the upstream
//! no longer sends is gone from the profile, but for the five, which stay; those of them that nobody sent are generated
//! anew.

use crate::domain::connection::AttributeSync;
use crate::domain::connection::Connection;
use crate::domain::document::Document;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::SignedIn;
use crate::domain::profile::kept;
use crate::domain::profile::kept::Incoming;
use crate::domain::profile::trace::LoginTrace;
use crate::domain::user::Identity;
use crate::domain::user::IdentityId;
use crate::domain::user::User;
use crate::time::Timestamp;

/// The attributes that `set_user_root_attributes` governs.
pub(crate) const THE_FIVE: &[&str] = &["name", "given_name", "family_name", "nickname", "picture"];

/// A login through a connection, beside the profile that it brought.
#[derive(Clone, Debug)]
pub(crate) struct Login<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) tokens: ProviderTokens,
    /// The person's address.
    pub(crate) ip: &'a str,
    pub(crate) now: Timestamp,
}

/// Why a login leaves no user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefreshError {
    /// The connection creates no users (`never_on_login`). The text is unverified (spec/caching.md §2).
    #[error("User does not exist")]
    NoSuchUser,
}

/// The id that the identity of this profile has at its connection.
pub(crate) fn identity_id(connection: &Connection, id: &IdentityId) -> IdentityId {
    match id {
        IdentityId::Number(number) => {
            let text = connection.strategy.identity_id(&connection.name, &number.to_string());
            text.parse().map_or(IdentityId::Text(text), IdentityId::Number)
        }
        IdentityId::Text(text) => IdentityId::Text(connection.strategy.identity_id(&connection.name, text)),
    }
}

/// Brings a user up to date with what their upstream said at this login. `existing` is the user who has the identity,
/// as primary or linked.
///
/// # Errors
/// [`RefreshError::NoSuchUser`] when there is none and the connection creates none.
pub(crate) fn refresh(
    existing: Option<User>,
    profile: NormalizedProfile,
    login: &Login<'_>,
) -> Result<SignedIn, RefreshError> {
    let connection = login.connection;
    let id = identity_id(connection, &profile.id);
    let is_new = existing.is_none();
    if is_new && connection.attribute_sync() == AttributeSync::Never {
        return Err(RefreshError::NoSuchUser);
    }
    let identity = || Identity::new(connection.strategy, &connection.name, id.clone());
    let mut user = existing.unwrap_or_else(|| User::new(identity(), login.now));
    let mut trace = profile.trace;
    let mut incoming = Incoming {
        attributes: profile.attributes,
        defaults: profile.defaults,
        connection,
        writes_the_five: is_new || connection.attribute_sync() == AttributeSync::EachLogin,
        trace: &mut trace,
    };
    let mut transient = incoming.take_transient();
    let position = user.identities.iter().position(|identity| identity.is(connection.strategy, &id.to_string()));
    let is_linked = position.is_some_and(|position| position > 0);
    if let Some(identity) = user.identities.get_mut(position.unwrap_or(0)) {
        keep_tokens(identity, &profile.tokens);
        keep_tokens(identity, &login.tokens);
        if is_linked {
            // A linked identity keeps its own profile: nothing of it is seen in the user's (spec/linking.md §4).
            let stored = identity.profile_data.as_ref().map(Document::parse).unwrap_or_default();
            identity.profile_data = Some(incoming.over(&stored).into());
            transient.clear();
        } else {
            incoming.store(&mut user);
            kept::store_metadata(&mut user, &profile.metadata, &mut trace);
        }
    }
    let identity = identity().as_user_id();
    let trace =
        LoginTrace { at: login.now, connection: connection.name.clone(), identity, lines: trace, console: Vec::new() };
    Ok(SignedIn { user: arrived(user, login.now, login.ip), trace: Some(trace), transient })
}

/// What every login writes, even one that is then refused because the user is blocked (spec/caching.md §9).
#[must_use]
pub(crate) fn arrived(mut user: User, now: Timestamp, ip: &str) -> User {
    user.last_login = Some(now);
    user.last_ip = Some(ip.to_owned());
    user.logins_count = Some(user.logins_count.unwrap_or(0).saturating_add(1));
    user.updated_at = now;
    user
}

/// Provider tokens are replaced at each login; a refresh token that wasn't sent again is kept (spec/caching.md §4).
fn keep_tokens(identity: &mut Identity, tokens: &ProviderTokens) {
    if tokens.access_token.is_some() {
        identity.access_token.clone_from(&tokens.access_token);
        identity.expires_in = tokens.expires_in;
    }
    if tokens.refresh_token.is_some() {
        identity.refresh_token.clone_from(&tokens.refresh_token);
    }
}

#[cfg(test)]
mod tests;
