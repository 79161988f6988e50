//! The table of memberships, found by organization and by user.

use std::sync::Arc;

use imbl::OrdMap;
use imbl::OrdSet;

use crate::domain::id::OrganizationId;
use crate::domain::id::UserId;
use crate::domain::organization::Membership;

/// Who belongs to which organization.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memberships {
    rows: OrdMap<(OrganizationId, UserId), Arc<Membership>>,
    by_user: OrdSet<(UserId, OrganizationId)>,
}

impl Memberships {
    pub(crate) fn get(&self, organization: &OrganizationId, user: &UserId) -> Option<&Arc<Membership>> {
        self.rows.get(&(organization.clone(), user.clone()))
    }

    /// The members of an organization, in the order of their ids.
    pub(crate) fn of_organization(&self, organization: &OrganizationId) -> impl Iterator<Item = &Arc<Membership>> {
        let begin = (organization.clone(), UserId::from(""));
        self.rows.range(begin..).map(|(_, row)| row).take_while(move |row| row.organization_id == *organization)
    }

    /// The organizations of a user, in the order of their ids.
    pub(crate) fn of_user(&self, user: &UserId) -> impl Iterator<Item = &OrganizationId> {
        let begin = (user.clone(), OrganizationId::from(""));
        self.by_user.range(begin..).take_while(move |(of, _)| of == user).map(|(_, organization)| organization)
    }

    /// Puts a membership in the place of the one of the same user in the same organization, if there is one.
    pub(crate) fn put(&mut self, row: Membership) {
        let (organization, user) = (row.organization_id.clone(), row.user_id.clone());
        self.by_user.insert((user.clone(), organization.clone()));
        self.rows.insert((organization, user), Arc::new(row));
    }

    pub(crate) fn remove(&mut self, organization: &OrganizationId, user: &UserId) {
        self.rows.remove(&(organization.clone(), user.clone()));
        self.by_user.remove(&(user.clone(), organization.clone()));
    }

    /// Takes everybody out of an organization.
    pub(crate) fn remove_organization(&mut self, organization: &OrganizationId) {
        let users: Vec<UserId> = self.of_organization(organization).map(|row| row.user_id.clone()).collect();
        for user in users {
            self.remove(organization, &user);
        }
    }

    /// Takes a user out of every organization.
    pub(crate) fn remove_user(&mut self, user: &UserId) {
        let organizations: Vec<OrganizationId> = self.of_user(user).cloned().collect();
        for organization in organizations {
            self.remove(&organization, user);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn add(memberships: &mut Memberships, organization: &str, user: &str) {
        let (organization_id, user_id) = (organization.into(), user.into());
        memberships.put(Membership { organization_id, user_id, roles: BTreeSet::new() });
    }

    fn counts(memberships: &Memberships) -> (usize, usize) {
        (memberships.of_organization(&"org_1".into()).count(), memberships.of_user(&"a".into()).count())
    }

    #[test]
    fn both_ways_say_the_same() {
        let mut memberships = Memberships::default();
        for (organization, user) in [("org_1", "a"), ("org_1", "b"), ("org_2", "a"), ("org_1", "a")] {
            add(&mut memberships, organization, user);
        }
        assert_eq!(counts(&memberships), (2, 2));
        memberships.remove_user(&"a".into());
        assert_eq!(counts(&memberships), (1, 0));
        add(&mut memberships, "org_1", "a");
        memberships.remove_organization(&"org_1".into());
        assert_eq!(counts(&memberships), (0, 0));
    }
}
