//! The user who is to become a secondary identity. Source: spec/linking.md §2.

use std::sync::Arc;

use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::linking::LinkError;
use crate::domain::user::User;
use crate::management::error::ApiError;
use crate::management::users::identities::ALREADY_LINKED;
use crate::management::users::identities::REFUSED;
use crate::management::users::identities::request::Named;
use crate::store::state::TenantState;

/// Who that is, as far as a call says.
#[derive(Debug)]
pub(super) enum Secondary {
    Named(Named),
    /// The subject of an ID token that was found good.
    Proved(UserId),
}

impl Secondary {
    /// The user whose primary identity is the one asked for.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with the real service's text when there is no such identity, or when it is that of
    /// `primary`; [`ALREADY_LINKED`] when it is a secondary one, of this user or of another.
    pub(super) fn find(&self, state: &TenantState, primary: &UserId) -> Result<UserId, ApiError> {
        let (owner, identity) = match self {
            Self::Named(named) => find_named(state, named)?,
            Self::Proved(subject) => {
                let owner = state.users.owner_of(subject);
                let gone = || ApiError::refused(REFUSED, "Provided secondary account not found.");
                (owner.ok_or_else(gone)?, subject.clone())
            }
        };
        if owner.user_id != identity {
            return Err(ALREADY_LINKED);
        }
        if identity == *primary { Err(LinkError::SameUser.into()) } else { Ok(identity) }
    }
}

/// Who has the identity, and the identity's own user id.
fn find_named<'a>(state: &'a TenantState, named: &Named) -> Result<(&'a Arc<User>, UserId), ApiError> {
    let connection = check_connection(state, named)?;
    // An id may look like a whole one and be bare, where a connection has its provider's name.
    let whole = named.id.strip_prefix(&named.provider).and_then(|id| id.strip_prefix('|'));
    let candidates = [Some(named.id.as_str()), whole].into_iter().flatten();
    let candidates = candidates.map(|id| UserId::new(&named.provider, id));
    let mut found = candidates.filter_map(|identity| Some((state.users.owner_of(&identity)?, identity)));
    let is_there = |(owner, identity): &(&Arc<User>, UserId)| {
        let is_it = |connection: &Connection| {
            let mut identities = owner.identities.iter().filter(|own| own.connection == connection.name);
            identities.any(|own| own.as_user_id() == *identity)
        };
        connection.is_none_or(is_it)
    };
    found.find(is_there).ok_or_else(|| {
        let message = match connection {
            None => "Linking to an inexistent identity requires a connection.",
            Some(_) => "Linking to an inexistent identity is not allowed.",
        };
        ApiError::refused(REFUSED, message)
    })
}

/// The connection that the call names; it, or any if none is named, must be the provider's.
fn check_connection<'a>(state: &'a TenantState, named: &Named) -> Result<Option<&'a Connection>, ApiError> {
    let connections = state.connections.rows().map(|connection| &**connection);
    let mut of_provider = connections.filter(|connection| connection.strategy.as_str() == named.provider);
    let found = match &named.connection_id {
        Some(id) => of_provider.find(|connection| connection.id.as_str() == id).map(Some),
        None => of_provider.next().map(|_| None),
    };
    found.ok_or_else(|| ApiError::refused(REFUSED, "The provider/connection is not configured."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::linking;
    use crate::domain::strategy::Strategy;
    use crate::domain::user::Identity;
    use crate::domain::user::IdentityId;
    use crate::time::Timestamp;

    fn user(strategy: &str, connection: &str, id: IdentityId) -> User {
        let identity = Identity::new(Strategy::of(strategy).unwrap(), connection, id);
        User::new(identity, Timestamp::from_seconds(0))
    }

    /// `auth0|1` to whom `github|2` is linked, `auth0|3`, and `oidc|oidc|4`.
    fn state() -> TenantState {
        let mut state = TenantState::default();
        for (id, name, strategy) in [
            ("con_1", "db", "auth0"),
            ("con_2", "other-db", "auth0"),
            ("con_3", "github", "github"),
            ("con_4", "oidc", "oidc"),
        ] {
            let connection = json!({ "id": id, "name": name, "strategy": strategy });
            state.connections.put(id.into(), serde_json::from_value(connection).unwrap());
        }
        let text = |id: &str| IdentityId::Text(id.to_owned());
        let (primary, linked) = (user("auth0", "db", text("1")), user("github", "github", IdentityId::Number(2)));
        let linked = linking::link(primary, linked, Timestamp::from_seconds(0)).unwrap();
        for user in [linked, user("auth0", "db", text("3")), user("oidc", "oidc", text("oidc|4"))] {
            state.users.put(user).unwrap();
        }
        state
    }

    #[track_caller]
    fn check(secondary: &Secondary, expected: Result<&str, &str>) {
        let found = secondary.find(&state(), &"auth0|1".into()).map_err(|error| error.to_string());
        let found = found.as_ref().map(UserId::as_str).map_err(String::as_str);
        assert_eq!(found, expected, "{secondary:?}");
    }

    fn named(provider: &str, id: &str, connection_id: Option<&str>) -> Secondary {
        let connection_id = connection_id.map(str::to_owned);
        Secondary::Named(Named { provider: provider.to_owned(), id: id.to_owned(), connection_id })
    }

    #[test]
    fn an_identity_is_found_by_its_bare_and_by_its_whole_id() {
        check(&named("auth0", "3", None), Ok("auth0|3"));
        check(&named("auth0", "auth0|3", Some("con_1")), Ok("auth0|3"));
        check(&named("oidc", "oidc|4", None), Ok("oidc|oidc|4"));
        check(&named("oidc", "oidc|oidc|4", None), Ok("oidc|oidc|4"));
        check(&Secondary::Proved("auth0|3".into()), Ok("auth0|3"));
    }

    #[test]
    fn an_identity_must_be_there_and_free() {
        let (same, linked) = ("Main identity and the new one are the same.", "Specified identity already exists.");
        check(&named("auth0", "1", None), Err(same));
        check(&Secondary::Proved("auth0|1".into()), Err(same));
        check(&named("github", "2", None), Err(linked));
        check(&Secondary::Proved("github|2".into()), Err(linked));
        let (requires, refused) = (
            "Linking to an inexistent identity requires a connection.",
            "Linking to an inexistent identity is not allowed.",
        );
        check(&named("auth0", "9", None), Err(requires));
        check(&named("auth0", "9", Some("con_1")), Err(refused));
        check(&named("auth0", "3", Some("con_2")), Err(refused));
        check(&Secondary::Proved("auth0|9".into()), Err("Provided secondary account not found."));
    }

    #[test]
    fn a_provider_needs_a_connection() {
        let not_configured = Err("The provider/connection is not configured.");
        check(&named("facebook", "1", None), not_configured);
        check(&named("paypal", "1", None), not_configured);
        check(&named("auth0", "3", Some("con_3")), not_configured);
        check(&named("auth0", "3", Some("con_9")), not_configured);
    }
}
