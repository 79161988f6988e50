//! What an entry shows of itself: what is stored of it, and what follows from that.
//! Source: MS-ADTS §3.1.1.4.5 (constructed attributes).

use crate::time::Timestamp;
use crate::upstreams::active_directory::account;
use crate::upstreams::active_directory::account::Policy;
use crate::upstreams::active_directory::directory::Directory;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::entry::Value;
use crate::upstreams::active_directory::identifiers::Sid;
use crate::upstreams::active_directory::links::Link;
use crate::upstreams::active_directory::links::Side;
use crate::upstreams::active_directory::schema::AttributeId;

/// A directory at a moment, as those who search it see it.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) now: Timestamp,
}

/// Attributes that are not stored and yet shown to who asks for all.
const SHOWN: [&str; 6] = ["distinguishedName", "member", "memberOf", "manager", "directReports", "managedObjects"];

impl View<'_> {
    /// The attributes that who asks for all sees, as far as the entry has them.
    pub(crate) fn shown(entry: &Entry) -> Vec<AttributeId> {
        let stored = entry.attributes.iter().map(|(attribute, _)| *attribute);
        let more = SHOWN.iter().chain(&["managedBy"]).filter_map(|name| AttributeId::named(name));
        stored.chain(more).collect()
    }

    /// The values of an attribute; none if the entry has none.
    pub(crate) fn values(&self, entry: &Entry, attribute: AttributeId) -> Vec<Value> {
        if let Some((link, side)) = Link::of(attribute) {
            return self.names(self.directory.links.at(link, side, entry.id));
        }
        let stored = entry.values_of(attribute);
        if stored.is_empty() { self.computed(entry, attribute.name()) } else { stored.to_vec() }
    }

    fn names(&self, ids: impl Iterator<Item = EntryId>) -> Vec<Value> {
        ids.filter_map(|id| self.directory.entry(id)).map(|entry| entry.dn.as_bytes().into()).collect()
    }

    fn computed(&self, entry: &Entry, name: &str) -> Vec<Value> {
        let value = match name {
            "distinguishedName" => Some(entry.dn.to_string()),
            "canonicalName" => Some(self.canonical_name(entry)),
            "createTimeStamp" => entry.text("whenCreated").map(str::to_owned),
            "modifyTimeStamp" => entry.text("whenChanged").map(str::to_owned),
            "structuralObjectClass" => return entry.values("objectClass").to_vec(),
            "subSchemaSubEntry" => self.directory.domain().map(|domain| domain.category("Aggregate")),
            "primaryGroupToken" if entry.is_a("group") => {
                own_sid(entry).and_then(|sid| sid.relative()).map(|id| id.to_string())
            }
            "tokenGroups" if entry.is_a("user") => return self.token_groups(entry),
            "msDS-PrincipalName" => entry
                .text("sAMAccountName")
                .and_then(|name| self.directory.domain().map(|domain| format!("{}\\{name}", domain.netbios))),
            "msDS-User-Account-Control-Computed" if entry.is_a("user") => {
                Some(account::computed_flags(entry, Policy::of(self.directory), self.now).to_string())
            }
            "msDS-UserPasswordExpiryTimeComputed" if entry.is_a("user") => {
                Some(account::password_expires(entry, Policy::of(self.directory)).to_string())
            }
            _ => None,
        };
        value.map(|value| value.into_bytes().into()).into_iter().collect()
    }

    /// `acme.example/Users/John Doe`
    fn canonical_name(&self, entry: &Entry) -> String {
        let Some(domain) = self.directory.domain() else { return String::new() };
        let base = self.directory.entry(domain.id).map_or(0, |base| base.place.len());
        let mut steps: Vec<String> = Vec::new();
        let mut place = &*entry.place;
        while place.len() > base {
            let above = self.directory.at_place(place);
            let step = above.and_then(|above| above.text("name")).unwrap_or_default();
            steps.push(step.replace('\\', "\\\\").replace('/', "\\/"));
            place = place.rsplit_once('\0').map_or("", |(above, _)| above);
        }
        steps.push(if steps.is_empty() { format!("{}/", domain.dns) } else { domain.dns.clone() });
        steps.reverse();
        steps.join("/")
    }

    /// The identifiers of all groups that an account is in, its primary one too.
    fn token_groups(&self, entry: &Entry) -> Vec<Value> {
        let groups = self.groups_of(entry);
        groups.iter().filter_map(|id| self.directory.entry(*id)?.values("objectSid").first().cloned()).collect()
    }

    /// All groups that an account is in, directly or by another one, its primary one too.
    pub(crate) fn groups_of(&self, entry: &Entry) -> Vec<EntryId> {
        let links = &self.directory.links;
        let mut groups = links.in_chain(Link::Member, Side::To, entry.id);
        let primary = entry.number("primaryGroupID").and_then(|relative| u32::try_from(relative).ok());
        let sid = primary.and_then(|relative| Some(self.directory.domain()?.sid.child(relative)));
        if let Some(primary) = sid.and_then(|sid| self.directory.only("objectSid", &sid.to_bytes())) {
            groups.push(primary.id);
            groups.extend(links.in_chain(Link::Member, Side::To, primary.id));
        }
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}

/// An entry's security identifier.
pub(crate) fn own_sid(entry: &Entry) -> Option<Sid> {
    entry.values("objectSid").first().and_then(|bytes| Sid::from_bytes(bytes))
}
