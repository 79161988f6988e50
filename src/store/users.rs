//! The table of users with its indexes and uniqueness rules. Source: spec/profile.md §2.

use std::sync::Arc;

use imbl::OrdMap;
use imbl::OrdSet;

use crate::domain::document::Document;
use crate::domain::id::UserId;
use crate::domain::strategy::Strategy;
use crate::domain::user::Identity;
use crate::domain::user::User;
use crate::store::error::StoreError;

/// Users by id, by e-mail, by every identity, and by what is unique in a database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Users {
    by_id: OrdMap<UserId, Arc<User>>,
    /// In the order of creation: the key is (creation in milliseconds, id).
    by_creation: OrdMap<(i64, UserId), ()>,
    /// As written and by lower-cased address; several users may share one.
    by_email: OrdMap<Box<str>, OrdSet<UserId>>,
    /// `provider|id` of every identity, linked ones included.
    by_identity: OrdMap<UserId, UserId>,
    unique: OrdMap<UniqueKey, UserId>,
}

/// A value that one user of a database connection has alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct UniqueKey {
    connection: Box<str>,
    column: &'static str,
    value: Box<str>,
}

impl Users {
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<User>> {
        self.by_id.get(id)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Users with this e-mail address, whatever its case.
    pub(crate) fn with_email(&self, email: &str) -> impl Iterator<Item = &Arc<User>> {
        let ids = self.by_email.get(email.to_lowercase().as_str());
        ids.into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }

    /// The user who has this identity, primary or linked.
    pub(crate) fn with_identity(&self, provider: Strategy, id: &str) -> Option<&Arc<User>> {
        let owner = self.by_identity.get(&UserId::new(provider.as_str(), id))?;
        self.by_id.get(owner)
    }

    /// The database user whose e-mail, user name or phone number in `connection` this is.
    pub(crate) fn in_database(&self, connection: &str, column: &'static str, value: &str) -> Option<&Arc<User>> {
        let key = UniqueKey { connection: connection.into(), column, value: value.to_lowercase().into() };
        self.by_id.get(self.unique.get(&key)?)
    }

    /// All users, first created first.
    pub(crate) fn in_order(&self) -> impl DoubleEndedIterator<Item = &Arc<User>> {
        self.by_creation.keys().filter_map(|(_, id)| self.by_id.get(id))
    }

    /// Puts a user in the place of the one with the same id, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another user has one of its identities, or its e-mail, user name or phone
    /// number in the same database; then nothing changed.
    pub(crate) fn put(&mut self, user: User) -> Result<(), StoreError> {
        for identity in &user.identities {
            let owner = self.by_identity.get(&identity.as_user_id());
            if owner.is_some_and(|owner| *owner != user.user_id) {
                return Err(StoreError::conflict("user", "identity"));
            }
        }
        for key in unique_keys(&user) {
            let owner = self.unique.get(&key);
            if owner.is_some_and(|owner| *owner != user.user_id) {
                return Err(StoreError::conflict("user", key.column));
            }
        }
        self.remove(user.user_id.as_str());
        self.index(&user);
        self.by_id.insert(user.user_id.clone(), Arc::new(user));
        Ok(())
    }

    /// Takes a user out, with all identities.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<User>> {
        let user = self.by_id.remove(id)?;
        self.by_creation.remove(&(user.created_at.millis(), user.user_id.clone()));
        for identity in &user.identities {
            self.by_identity.remove(&identity.as_user_id());
        }
        for key in unique_keys(&user) {
            self.unique.remove(&key);
        }
        if let Some(email) = email_key(&user)
            && let Some(ids) = self.by_email.get_mut(&email)
        {
            ids.remove(&user.user_id);
            if ids.is_empty() {
                self.by_email.remove(&email);
            }
        }
        Some(user)
    }

    fn index(&mut self, user: &User) {
        let id = &user.user_id;
        self.by_creation.insert((user.created_at.millis(), id.clone()), ());
        for identity in &user.identities {
            self.by_identity.insert(identity.as_user_id(), id.clone());
        }
        for key in unique_keys(user) {
            self.unique.insert(key, id.clone());
        }
        if let Some(email) = email_key(user) {
            self.by_email.entry(email).or_default().insert(id.clone());
        }
    }
}

fn email_key(user: &User) -> Option<Box<str>> {
    user.email.as_ref().map(|email| email.to_lowercase().into_boxed_str())
}

/// What a user has alone: e-mail, user name and phone number within the database of the primary identity, and
/// what linked database identities say of themselves.
fn unique_keys(user: &User) -> Vec<UniqueKey> {
    let mut keys = Vec::new();
    let mut add = |identity: &Identity, column: &'static str, value: Option<&str>| {
        if let Some(value) = value {
            let connection = identity.connection.as_str().into();
            keys.push(UniqueKey { connection, column, value: value.to_lowercase().into() });
        }
    };
    if let Some(primary) = user.primary().filter(|identity| keeps_unique(identity)) {
        add(primary, "email", user.email.as_deref());
        add(primary, "username", user.username.as_deref());
        add(primary, "phone_number", user.phone_number.as_deref());
    }
    for linked in user.identities.iter().skip(1).filter(|identity| keeps_unique(identity)) {
        let profile = linked.profile_data.as_ref().map(Document::parse).unwrap_or_default();
        for column in ["email", "username", "phone_number"] {
            add(linked, column, profile.get(column).and_then(|value| value.as_str()));
        }
    }
    keys
}

/// Databases and passwordless connections are the ones whose users this tenant itself keeps.
fn keeps_unique(identity: &Identity) -> bool {
    use crate::domain::strategy::Kind;
    matches!(identity.provider.kind(), Kind::Database | Kind::Passwordless)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::user::IdentityId;
    use crate::time::Timestamp;

    fn user(id: &str, email: &str, strategy: Strategy) -> User {
        let identity = Identity::new(strategy, strategy.as_str(), IdentityId::Text(id.into()));
        User { email: Some(email.into()), ..User::new(identity, Timestamp::from_seconds(0)) }
    }

    #[test]
    fn an_address_is_unique_in_a_database_whatever_its_case() {
        let mut users = Users::default();
        users.put(user("1", "ana@example.com", Strategy::AUTH0)).unwrap();
        let refused = users.put(user("2", "Ana@Example.com", Strategy::AUTH0));
        assert_eq!(refused, Err(StoreError::conflict("user", "email")));
        users.put(user("2", "ana@example.com", Strategy::GOOGLE_OAUTH2)).unwrap();
        assert_eq!(users.with_email("ANA@example.com").count(), 2);
    }

    #[test]
    fn a_removed_or_changed_user_leaves_no_index_behind() {
        let mut users = Users::default();
        users.put(user("1", "ana@example.com", Strategy::AUTH0)).unwrap();
        users.put(user("1", "eva@example.com", Strategy::AUTH0)).unwrap();
        assert_eq!(users.with_email("ana@example.com").count(), 0);
        assert!(users.in_database("auth0", "email", "eva@example.com").is_some());
        users.remove("auth0|1");
        assert!(users.in_database("auth0", "email", "eva@example.com").is_none());
        assert!(users.with_identity(Strategy::AUTH0, "1").is_none());
        assert_eq!((users.len(), users.in_order().count()), (0, 0));
    }
}
