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
    let trace = LoginTrace { at: login.now, connection: connection.name.clone(), identity, lines: trace };
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
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    fn connection(options: Value) -> Connection {
        let connection =
            json!({ "id": "con_1", "name": "google-oauth2", "strategy": "google-oauth2", "options": options });
        serde_json::from_value(connection).unwrap()
    }

    fn login(connection: &Connection, seconds: i64) -> Login<'_> {
        Login { connection, tokens: ProviderTokens::default(), ip: "127.0.0.1", now: Timestamp::from_seconds(seconds) }
    }

    fn profile(attributes: Value) -> NormalizedProfile {
        let attributes = attributes.as_object().cloned().unwrap();
        let raw = crate::domain::profile::RawProfile(attributes);
        crate::domain::profile::mapping::Mapping::known_by(raw, IdentityId::Text("1".into())).pass_through()
    }

    fn twice(options: Value, first: Value, second: Value) -> SignedIn {
        let connection = connection(options);
        let signed_in = refresh(None, profile(first), &login(&connection, 1)).unwrap();
        refresh(Some(signed_in.user), profile(second), &login(&connection, 2)).unwrap()
    }

    fn attribute(signed_in: &SignedIn, name: &str) -> Option<Value> {
        signed_in.user.profile().get(name).cloned()
    }

    #[test]
    fn each_login_is_counted() {
        let signed_in = twice(json!({}), json!({}), json!({}));
        assert_eq!(attribute(&signed_in, "logins_count"), Some(json!(2)));
        assert_eq!(attribute(&signed_in, "last_login"), attribute(&signed_in, "updated_at"));
        assert_eq!(signed_in.user.user_id.as_str(), "google-oauth2|1");
        assert_eq!(signed_in.user.created_at, Timestamp::from_seconds(1));
    }

    #[test]
    fn the_five_follow_the_upstream_as_the_connection_says() {
        for (sync, expected) in [("on_each_login", "New"), ("on_first_login", "Old")] {
            let signed_in = twice(
                json!({ "set_user_root_attributes": sync }),
                json!({ "name": "Old", "hd": "old" }),
                json!({ "name": "New", "hd": "new" }),
            );
            assert_eq!(attribute(&signed_in, "name"), Some(json!(expected)), "{sync}");
            assert_eq!(attribute(&signed_in, "hd"), Some(json!("new")), "{sync}");
        }
        let never = connection(json!({ "set_user_root_attributes": "never_on_login" }));
        assert_eq!(refresh(None, profile(json!({})), &login(&never, 1)).unwrap_err(), RefreshError::NoSuchUser);
    }

    #[test]
    fn what_vanishes_upstream_vanishes_here_but_for_the_five() {
        let signed_in = twice(json!({}), json!({ "name": "A", "hd": "x", "locale": "en" }), json!({ "locale": "en" }));
        assert_eq!(attribute(&signed_in, "name"), Some(json!("A")));
        assert_eq!(attribute(&signed_in, "hd"), None);
    }

    #[test]
    fn an_address_is_verified_only_where_the_upstream_says_so() {
        let unsaid = twice(json!({}), json!({}), json!({ "email": "Ada@people.example" }));
        assert_eq!(attribute(&unsaid, "email"), Some(json!("Ada@people.example")));
        assert_eq!(attribute(&unsaid, "email_verified"), Some(json!(false)));
        assert_eq!(attribute(&twice(json!({}), json!({}), json!({})), "email_verified"), None);
    }

    #[test]
    fn denied_attributes_are_seen_by_this_login_alone() {
        let options = json!({ "non_persistent_attrs": ["hd"] });
        let signed_in = twice(options, json!({ "hd": "x" }), json!({ "hd": "x" }));
        assert_eq!(attribute(&signed_in, "hd"), None);
        assert_eq!(signed_in.transient["hd"], "x");
    }

    #[test]
    fn a_denied_name_is_in_no_token_and_not_made_up_either() {
        let options = json!({ "non_persistent_attrs": ["name", "nickname"] });
        let profile = || json!({ "name": "Ada", "nickname": "a", "email": "ada@people.example" });
        let signed_in = twice(options.clone(), profile(), profile());
        assert_eq!((attribute(&signed_in, "name"), attribute(&signed_in, "nickname")), (None, None));
        assert!(signed_in.transient.is_empty());

        // What was kept before it was denied goes at the next login.
        let user = twice(json!({}), profile(), profile()).user;
        let signed_in = refresh(Some(user), self::profile(profile()), &login(&connection(options), 3)).unwrap();
        assert_eq!(attribute(&signed_in, "name"), None);
    }

    #[test]
    fn what_nobody_sent_is_made_up_anew() {
        let moved =
            twice(json!({}), json!({ "email": "ada@people.example" }), json!({ "email": "eva@people.example" }));
        assert_eq!(attribute(&moved, "name"), Some(json!("eva@people.example")));
        assert_eq!(attribute(&moved, "nickname"), Some(json!("eva")));
        let named = json!({ "email": "ada@people.example", "nickname": "lady" });
        let moved = twice(json!({}), named, json!({ "email": "eva@people.example" }));
        assert_eq!(attribute(&moved, "nickname"), Some(json!("lady")));
    }

    #[test]
    fn null_is_kept_where_it_says_something() {
        let signed_in = twice(json!({}), json!({}), json!({ "blog": null, "given_name": null, "email": null }));
        assert_eq!(attribute(&signed_in, "blog"), Some(Value::Null));
        assert_eq!((attribute(&signed_in, "given_name"), attribute(&signed_in, "email")), (None, None));
    }

    #[test]
    fn a_refresh_token_that_is_not_sent_again_is_kept() {
        let connection = connection(json!({}));
        let tokens = |access: &str, refresh: Option<&str>| ProviderTokens {
            access_token: Some(access.into()),
            refresh_token: refresh.map(str::to_owned),
            expires_in: Some(3599),
        };
        let first = Login { tokens: tokens("a", Some("r")), ..login(&connection, 1) };
        let user = refresh(None, profile(json!({})), &first).unwrap().user;
        let second = Login { tokens: tokens("b", None), ..login(&connection, 2) };
        let user = refresh(Some(user), profile(json!({})), &second).unwrap().user;
        let identity = user.primary().unwrap();
        assert_eq!((identity.access_token.as_deref(), identity.refresh_token.as_deref()), (Some("b"), Some("r")));
    }

    #[test]
    fn a_linked_identity_never_touches_the_root() {
        let connection = connection(json!({}));
        let primary = Identity::new(crate::domain::strategy::Strategy::AUTH0, "db", IdentityId::Text("p".into()));
        let linked = Identity::new(connection.strategy, &connection.name, IdentityId::Text("1".into()));
        let mut user = User::new(primary, Timestamp::from_seconds(0));
        user.identities.push(linked);
        let signed_in = refresh(Some(user), profile(json!({ "given_name": "Ada" })), &login(&connection, 1)).unwrap();
        assert_eq!(attribute(&signed_in, "given_name"), None);
        let data = signed_in.user.identities[1].profile_data.clone().unwrap();
        assert_eq!(data.parse()["given_name"], "Ada");
        assert_eq!(signed_in.user.user_id.as_str(), "auth0|p");
        assert_eq!(signed_in.user.logins_count, Some(1));
    }
}
