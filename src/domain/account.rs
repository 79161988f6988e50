//! Accounts of databases: a user has one for each of their database identities, each with a password of its own.
//! Source: spec/linking.md §4, spec/profile.md §2.

use std::sync::Arc;

use crate::domain::id::UserId;
use crate::domain::password::Password;
use crate::domain::user::User;

/// An account of a database, found by what people type to say who they are.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Who has it: the account began as this user, or was linked to them.
    pub(crate) user: Arc<User>,
    /// Which of the user's identities it is, as the user id that this identity has, or had before it was linked.
    pub(crate) identity: UserId,
}

impl Account {
    pub(crate) fn password(&self) -> Option<&Password> {
        self.user.password_of(&self.identity)
    }
}

impl User {
    /// The password that goes with one of the identities; none where that has none, or isn't this user's.
    pub(crate) fn password_of(&self, identity: &UserId) -> Option<&Password> {
        if self.began_as(identity) {
            return self.password.as_ref();
        }
        self.identities.iter().find(|linked| linked.as_user_id() == *identity)?.password.as_ref()
    }

    /// Gives one of the identities another password. Nothing happens when it isn't this user's.
    pub(crate) fn set_password_of(&mut self, identity: &UserId, password: Option<Password>) {
        if self.began_as(identity) {
            self.password = password;
        } else if let Some(linked) = self.identities.iter_mut().find(|linked| linked.as_user_id() == *identity) {
            linked.password = password;
        }
    }

    /// Whether the identity is the primary one.
    fn began_as(&self, identity: &UserId) -> bool {
        self.primary().is_some_and(|primary| primary.as_user_id() == *identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::strategy::Strategy;
    use crate::domain::user::Identity;
    use crate::domain::user::IdentityId;
    use crate::time::Timestamp;

    #[test]
    fn each_identity_has_a_password_of_its_own() {
        let identity = |id: &str| Identity::new(Strategy::AUTH0, "db", IdentityId::Text(id.into()));
        let mut user = User::new(identity("1"), Timestamp::from_seconds(0));
        user.identities.push(identity("2"));
        for id in ["1", "2", "3"] {
            user.set_password_of(&UserId::new("auth0", id), Some(Password::Plain(id.into())));
        }
        let fits = |id: &str, typed: &str| {
            user.password_of(&UserId::new("auth0", id)).is_some_and(|password| password.check(typed))
        };
        assert!(fits("1", "1") && fits("2", "2"));
        assert!(!fits("1", "2") && !fits("2", "1") && !fits("3", "3"));
    }
}
