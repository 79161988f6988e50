//! The table of users with its indexes and uniqueness rules. Source: spec/profile.md §2.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdMap;
use imbl::OrdSet;

use crate::domain::account::Account;
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
    /// Who has the value, and by which of their identities.
    unique: OrdMap<UniqueKey, Holder>,
}

/// A user and one of their identities, by the user id that it has or had before it was linked.
#[derive(Clone, Debug)]
struct Holder {
    user: UserId,
    identity: UserId,
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

    /// The user that a user id stands for: the one who has it, or who has the identity that had it before it was linked.
    pub(crate) fn owner_of(&self, identity: &UserId) -> Option<&Arc<User>> {
        self.by_id.get(self.by_identity.get(identity)?)
    }

    /// The user whose e-mail, user name or phone number in the database `connection` this is, by their primary identity
    /// or by a linked one.
    pub(crate) fn in_database(&self, connection: &str, column: &'static str, value: &str) -> Option<&Arc<User>> {
        let key = UniqueKey { connection: connection.into(), column, value: value.to_lowercase().into() };
        self.by_id.get(&self.unique.get(&key)?.user)
    }

    /// As [`Users::in_database`], with the identity that it is.
    pub(crate) fn account(&self, connection: &str, column: &'static str, value: &str) -> Option<Account> {
        let key = UniqueKey { connection: connection.into(), column, value: value.to_lowercase().into() };
        let holder = self.unique.get(&key)?;
        let user = Arc::clone(self.by_id.get(&holder.user)?);
        Some(Account { user, identity: holder.identity.clone() })
    }

    /// All users, first created first.
    pub(crate) fn in_order(&self) -> impl DoubleEndedIterator<Item = &Arc<User>> {
        self.by_creation.keys().filter_map(|(_, id)| self.by_id.get(id))
    }

    /// Puts a user in the place of the one with the same id, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another user has one of its identities, or its e-mail, user name or phone
    /// number in the same database, or when two of its own identities do; then nothing changed.
    pub(crate) fn put(&mut self, user: User) -> Result<(), StoreError> {
        self.check(&user)?;
        self.remove(user.user_id.as_str());
        self.index(&user);
        self.by_id.insert(user.user_id.clone(), Arc::new(user));
        Ok(())
    }

    fn check(&self, user: &User) -> Result<(), StoreError> {
        let mut identities = BTreeSet::new();
        for identity in user.identities.iter().map(Identity::as_user_id) {
            let owner = self.by_identity.get(&identity);
            if owner.is_some_and(|owner| *owner != user.user_id) || !identities.insert(identity) {
                return Err(StoreError::conflict("user", "identity"));
            }
        }
        let mut keys = BTreeSet::new();
        for (key, _) in unique_keys(user) {
            let column = key.column;
            let holder = self.unique.get(&key);
            if holder.is_some_and(|holder| holder.user != user.user_id) || !keys.insert(key) {
                return Err(StoreError::conflict("user", column));
            }
        }
        Ok(())
    }

    /// Takes a user out, with all identities.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<User>> {
        let user = self.by_id.remove(id)?;
        self.by_creation.remove(&(user.created_at.millis(), user.user_id.clone()));
        for identity in &user.identities {
            self.by_identity.remove(&identity.as_user_id());
        }
        for (key, _) in unique_keys(&user) {
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
        for (key, identity) in unique_keys(user) {
            self.unique.insert(key, Holder { user: id.clone(), identity });
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
/// what linked database identities say of themselves; each with the identity that has it.
fn unique_keys(user: &User) -> Vec<(UniqueKey, UserId)> {
    let mut keys = Vec::new();
    let mut add = |identity: &Identity, column: &'static str, value: Option<&str>| {
        if let Some(value) = value {
            let connection = identity.connection.as_str().into();
            keys.push((UniqueKey { connection, column, value: value.to_lowercase().into() }, identity.as_user_id()));
        }
    };
    if let Some(primary) = user.primary().filter(|identity| identity.provider.keeps_accounts()) {
        add(primary, "email", user.email.as_deref());
        add(primary, "username", user.username.as_deref());
        add(primary, "phone_number", user.phone_number.as_deref());
    }
    for linked in user.identities.iter().skip(1).filter(|identity| identity.provider.keeps_accounts()) {
        let profile = linked.profile_data.as_ref().map(Document::parse).unwrap_or_default();
        for column in ["email", "username", "phone_number"] {
            add(linked, column, profile.get(column).and_then(|value| value.as_str()));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::linking;
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

    /// `auth0|1` with `auth0|2` linked to it, both of one database.
    fn linked() -> User {
        let (primary, secondary) =
            (user("1", "ana@example.com", Strategy::AUTH0), user("2", "work@example.com", Strategy::AUTH0));
        linking::link(primary, secondary, Timestamp::from_seconds(1)).unwrap()
    }

    #[test]
    fn a_linked_identity_leads_to_its_user_by_all_that_it_is_known_by() {
        let mut users = Users::default();
        users.put(linked()).unwrap();
        for (email, identity) in [("ana@example.com", "auth0|1"), ("Work@example.com", "auth0|2")] {
            let account = users.account("auth0", "email", email).unwrap();
            assert_eq!((account.user.user_id.as_str(), account.identity.as_str()), ("auth0|1", identity));
            assert_eq!(users.owner_of(&account.identity).unwrap().user_id.as_str(), "auth0|1");
        }
        assert!(users.get("auth0|2").is_none() && users.with_email("work@example.com").next().is_none());
        let taken = users.put(user("3", "work@example.com", Strategy::AUTH0));
        assert_eq!(taken, Err(StoreError::conflict("user", "email")));
        users.remove("auth0|1");
        assert!(users.owner_of(&"auth0|2".into()).is_none());
        users.put(user("3", "work@example.com", Strategy::AUTH0)).unwrap();
    }

    #[test]
    fn two_identities_of_a_user_do_not_share_an_address_of_one_database() {
        let mut users = Users::default();
        let twice = User { email: Some("work@example.com".into()), ..linked() };
        assert_eq!(users.put(twice), Err(StoreError::conflict("user", "email")));
        let mut twice = linked();
        twice.identities.extend(linked().identities.pop());
        assert_eq!(users.put(twice), Err(StoreError::conflict("user", "identity")));
        assert_eq!(users.len(), 0);
    }
}
