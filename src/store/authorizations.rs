//! Which roles users have, and which permissions beside. Source: spec/management-api.md §5.2 and §12.
//!
//! Kept beside the users, by user and by role: neither a role's people nor a user's end makes anybody look at all users.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdMap;

use crate::domain::id::RoleId;
use crate::domain::id::UserId;
use crate::domain::role::Right;

/// Assignments are numbered in the order in which they were made.
type Number = u64;

/// What all users hold. Cloning is O(1).
#[derive(Clone, Debug, Default)]
pub(crate) struct Authorizations {
    by_user: OrdMap<UserId, Arc<Held>>,
    by_role: OrdMap<RoleId, OrdMap<Number, UserId>>,
    last: Number,
}

/// What a user holds.
#[derive(Clone, Debug, Default)]
struct Held {
    roles: BTreeMap<RoleId, Number>,
    rights: BTreeSet<Right>,
}

impl Authorizations {
    /// Gives a user a role, unless they have it.
    pub(crate) fn assign(&mut self, user: &UserId, role: &RoleId) {
        if self.has_role(user, role) {
            return;
        }
        self.last += 1;
        let number = self.last;
        self.change(user, |held| held.roles.insert(role.clone(), number));
        self.by_role.entry(role.clone()).or_default().insert(number, user.clone());
    }

    /// Takes a role from a user, who need not have it.
    pub(crate) fn unassign(&mut self, user: &UserId, role: &RoleId) {
        if let Some(number) = self.change(user, |held| held.roles.remove(role)) {
            self.forget_member(role, number);
        }
    }

    /// Gives a user a permission of their own.
    pub(crate) fn allow(&mut self, user: &UserId, right: Right) {
        self.change(user, |held| held.rights.insert(right));
    }

    /// Takes a permission from a user, who may still have it by a role.
    pub(crate) fn disallow(&mut self, user: &UserId, right: &Right) {
        self.change(user, |held| held.rights.remove(right));
    }

    fn has_role(&self, user: &UserId, role: &RoleId) -> bool {
        self.by_user.get(user).is_some_and(|held| held.roles.contains_key(role))
    }

    /// A user's roles, first assigned first.
    pub(crate) fn roles_of(&self, user: &UserId) -> Vec<&RoleId> {
        let held = self.by_user.get(user).map(|held| &held.roles);
        let mut roles: Vec<_> = held.into_iter().flatten().collect();
        roles.sort_by_key(|(_, number)| **number);
        roles.into_iter().map(|(role, _)| role).collect()
    }

    /// The permissions that a user has of their own.
    pub(crate) fn rights_of(&self, user: &UserId) -> impl Iterator<Item = &Right> {
        self.by_user.get(user).into_iter().flat_map(|held| &held.rights)
    }

    /// Who has a role, first assigned first, each with the number of the assignment.
    pub(crate) fn members(&self, role: &RoleId) -> impl Iterator<Item = (Number, &UserId)> {
        self.by_role.get(role).into_iter().flatten().map(|(number, user)| (*number, user))
    }

    /// Forgets all about a user.
    pub(crate) fn remove_user(&mut self, user: &UserId) {
        let Some(held) = self.by_user.remove(user) else { return };
        for (role, number) in &held.roles {
            self.forget_member(role, *number);
        }
    }

    /// Takes a role from all who have it.
    pub(crate) fn remove_role(&mut self, role: &RoleId) {
        for user in self.by_role.remove(role).into_iter().flatten().map(|(_, user)| user) {
            self.change(&user, |held| held.roles.remove(role));
        }
    }

    /// Takes the permissions that `keep` does not want from all users who have them of their own.
    pub(crate) fn retain_rights(&mut self, keep: impl Fn(&Right) -> bool) {
        let concerned = self.by_user.iter().filter(|(_, held)| !held.rights.iter().all(&keep));
        let concerned: Vec<_> = concerned.map(|(user, _)| user.clone()).collect();
        for user in concerned {
            self.change(&user, |held| held.rights.retain(&keep));
        }
    }

    /// Changes what a user holds; who holds nothing is not kept.
    fn change<T>(&mut self, user: &UserId, change: impl FnOnce(&mut Held) -> T) -> T {
        let mut held = self.by_user.get(user).map(|held| Held::clone(held)).unwrap_or_default();
        let result = change(&mut held);
        if held.roles.is_empty() && held.rights.is_empty() {
            self.by_user.remove(user);
        } else {
            self.by_user.insert(user.clone(), Arc::new(held));
        }
        result
    }

    fn forget_member(&mut self, role: &RoleId, number: Number) {
        if let Some(members) = self.by_role.get_mut(role) {
            members.remove(&number);
            if members.is_empty() {
                self.by_role.remove(role);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(name: &str) -> Right {
        Right { api: "https://api.example/".to_owned(), name: name.to_owned() }
    }

    fn members(held: &Authorizations, role: &str) -> Vec<String> {
        held.members(&role.into()).map(|(_, user)| user.to_string()).collect()
    }

    #[test]
    fn people_of_a_role_stand_in_the_order_of_its_assignment() {
        let mut held = Authorizations::default();
        for user in ["c", "a", "b", "a"] {
            held.assign(&user.into(), &"rol_1".into());
        }
        assert_eq!(members(&held, "rol_1"), ["c", "a", "b"]);
        held.unassign(&"a".into(), &"rol_1".into());
        held.unassign(&"a".into(), &"rol_2".into());
        held.assign(&"a".into(), &"rol_1".into());
        assert_eq!(members(&held, "rol_1"), ["c", "b", "a"]);
    }

    #[test]
    fn a_user_who_goes_leaves_nothing_behind() {
        let mut held = Authorizations::default();
        held.assign(&"a".into(), &"rol_1".into());
        held.allow(&"a".into(), right("read:a"));
        held.remove_user(&"a".into());
        assert!(held.by_user.is_empty() && held.by_role.is_empty());
    }

    #[test]
    fn a_role_that_goes_leaves_all_who_had_it() {
        let mut held = Authorizations::default();
        for (user, role) in [("a", "rol_1"), ("a", "rol_2"), ("b", "rol_1")] {
            held.assign(&user.into(), &role.into());
        }
        held.remove_role(&"rol_1".into());
        assert_eq!(held.roles_of(&"a".into()), [&RoleId::from("rol_2")]);
        assert!(held.roles_of(&"b".into()).is_empty() && !held.by_user.contains_key("b"));
    }

    #[test]
    fn permissions_are_kept_by_what_they_are_of() {
        let mut held = Authorizations::default();
        for name in ["write:a", "read:a", "read:b"] {
            held.allow(&"a".into(), right(name));
        }
        held.retain_rights(|right| right.name.ends_with(":a"));
        held.disallow(&"a".into(), &right("write:a"));
        assert_eq!(held.rights_of(&"a".into()).collect::<Vec<_>>(), [&right("read:a")]);
    }
}
