//! Attributes that name other entries and are seen from both ends: `member` and `memberOf`. A link is kept between two
//! entries and not as a name, so it stays right when either is renamed, and goes with either.

use crate::cell::set::Set;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::schema::AttributeId;

/// Which attribute a link is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Link {
    Member,
    Manager,
    ManagedBy,
}

/// The end of a link that an attribute shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The attribute that is written.
    From,
    /// What follows at the other end.
    To,
}

const ATTRIBUTES: [(Link, &str, &str); 3] = [
    (Link::Member, "member", "memberOf"),
    (Link::Manager, "manager", "directReports"),
    (Link::ManagedBy, "managedBy", "managedObjects"),
];

impl Link {
    pub(crate) const ALL: [Self; 3] = [Self::Member, Self::Manager, Self::ManagedBy];

    /// The attribute that is written.
    pub(crate) fn attribute(self) -> &'static str {
        ATTRIBUTES.iter().find(|(link, _, _)| *link == self).map_or("", |(_, from, _)| from)
    }

    /// The link that an attribute shows, and which end of it.
    pub(crate) fn of(attribute: AttributeId) -> Option<(Self, Side)> {
        let name = attribute.name();
        ATTRIBUTES.iter().find_map(|(link, from, to)| match name {
            _ if name == *from => Some((*link, Side::From)),
            _ if name == *to => Some((*link, Side::To)),
            _ => None,
        })
    }
}

/// All links of a directory. Cloning is O(1).
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    forward: Set<(Link, EntryId, EntryId)>,
    backward: Set<(Link, EntryId, EntryId)>,
}

impl Links {
    /// Links two entries; tells whether they were not.
    pub(crate) fn add(&mut self, link: Link, from: EntryId, to: EntryId) -> bool {
        self.backward.insert((link, to, from));
        self.forward.insert((link, from, to))
    }

    /// Parts two entries; tells whether they were linked.
    pub(crate) fn remove(&mut self, link: Link, from: EntryId, to: EntryId) -> bool {
        self.backward.remove(&(link, to, from));
        self.forward.remove(&(link, from, to))
    }

    /// Parts an entry from all others.
    pub(crate) fn forget(&mut self, entry: EntryId) {
        for link in Link::ALL {
            let to: Vec<_> = self.at(link, Side::From, entry).collect();
            for to in to {
                self.remove(link, entry, to);
            }
            let from: Vec<_> = self.at(link, Side::To, entry).collect();
            for from in from {
                self.remove(link, from, entry);
            }
        }
    }

    pub(crate) fn has(&self, link: Link, from: EntryId, to: EntryId) -> bool {
        self.forward.contains(&(link, from, to))
    }

    /// What is at the other ends of an entry's links: for [`Side::From`] what it names, for [`Side::To`] what names it.
    pub(crate) fn at(&self, link: Link, side: Side, entry: EntryId) -> impl Iterator<Item = EntryId> {
        let set = match side {
            Side::From => &self.forward,
            Side::To => &self.backward,
        };
        let of_it = move |found: &&(Link, EntryId, EntryId)| (found.0, found.1) == (link, entry);
        set.from((link, entry, EntryId(0))).take_while(of_it).map(|found| found.2)
    }

    /// As [`Links::at`], and what is at the ends of theirs, and so on; each once, in no order, the entry itself only if
    /// it is part of a circle.
    pub(crate) fn in_chain(&self, link: Link, side: Side, entry: EntryId) -> Vec<EntryId> {
        let mut seen = std::collections::HashSet::new();
        let mut found: Vec<EntryId> = Vec::new();
        let mut waiting = vec![entry];
        while let Some(next) = waiting.pop() {
            for other in self.at(link, side, next) {
                if seen.insert(other) {
                    found.push(other);
                    waiting.push(other);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_seen_from_both_ends_and_in_chains() {
        let [ana, sales, staff] = [1, 2, 3].map(EntryId);
        let mut links = Links::default();
        assert!(links.add(Link::Member, sales, ana) && links.add(Link::Member, staff, sales));
        assert!(!links.add(Link::Member, sales, ana) && links.add(Link::Member, sales, staff));
        assert_eq!(links.at(Link::Member, Side::To, ana).collect::<Vec<_>>(), [sales]);
        assert_eq!(links.in_chain(Link::Member, Side::To, ana), [sales, staff]);
        assert_eq!(links.in_chain(Link::Member, Side::To, sales).len(), 2);
        links.forget(sales);
        assert!(links.in_chain(Link::Member, Side::To, ana).is_empty() && !links.has(Link::Member, staff, sales));
    }
}
