//! The directory as a value: entries by name, their indexes and links. Cloning is O(1).

use std::str::FromStr as _;
use std::sync::Arc;

use crate::cell::map::Map;
use crate::cell::set::Set;
use crate::protocols::ldap::dn::Dn;
use crate::upstreams::active_directory::domain::Domain;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::entry::Value;
use crate::upstreams::active_directory::identifiers::Sid;
use crate::upstreams::active_directory::identifiers::parse_guid;
use crate::upstreams::active_directory::key;
use crate::upstreams::active_directory::links::Links;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::Trait;

/// All entries of a domain and what is needed to find them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    /// `None` for a directory that nobody has set up: it has no entries either.
    pub(super) domain: Option<Arc<Domain>>,
    entries: Map<EntryId, Entry>,
    by_place: Set<(Arc<str>, EntryId)>,
    index: Set<(AttributeId, Value, EntryId)>,
    pub(super) links: Links,
    added: u32,
    /// The update sequence number: how often anything was written.
    pub(super) usn: i64,
    /// The last number that was given out for a security identifier.
    pub(super) last_relative: u32,
}

impl Directory {
    pub(crate) fn entry(&self, id: EntryId) -> Option<&Arc<Entry>> {
        self.entries.get(&id)
    }

    pub(crate) fn domain(&self) -> Option<&Arc<Domain>> {
        self.domain.as_ref()
    }

    pub(crate) fn links(&self) -> &Links {
        &self.links
    }

    /// The entry of a name.
    pub(crate) fn at(&self, name: &Dn) -> Option<&Arc<Entry>> {
        self.at_place(&key::place(name))
    }

    pub(super) fn at_place(&self, place: &str) -> Option<&Arc<Entry>> {
        let (found, id) = self.by_place.from((place.into(), EntryId(0))).next()?;
        if **found == *place { self.entry(*id) } else { None }
    }

    /// The entry of a name as clients write it: also `<GUID=…>` and `<SID=…>`.
    ///
    /// # Errors
    /// [`Refusal::BadName`]; [`Refusal::NoObject`] with the nearest entry above that exists.
    pub(crate) fn find(&self, name: &str) -> Result<&Arc<Entry>, Refusal> {
        let special =
            name.strip_prefix('<').and_then(|name| name.strip_suffix('>')).and_then(|name| name.split_once('='));
        if let Some((kind, value)) = special {
            let found = match kind.to_ascii_uppercase().as_str() {
                "GUID" => parse_guid(value).and_then(|guid| self.only("objectGUID", &guid)),
                "SID" => Sid::parse(value).and_then(|sid| self.only("objectSid", &sid.to_bytes())),
                _ => return Err(Refusal::BadName(name.to_owned())),
            };
            return found.ok_or_else(|| Refusal::NoObject(String::new()));
        }
        let parsed = Dn::from_str(name).map_err(|_| Refusal::BadName(name.to_owned()))?;
        self.at(&parsed).ok_or_else(|| Refusal::NoObject(self.nearest(&parsed)))
    }

    /// The name of the nearest entry above a name.
    pub(super) fn nearest(&self, name: &Dn) -> String {
        let above = std::iter::successors(name.parent(), Dn::parent);
        above.map(|name| self.at(&name)).find_map(|found| found).map_or_else(String::new, |entry| entry.dn.to_string())
    }

    /// The entry with this key of an indexed attribute.
    pub(crate) fn only(&self, attribute: &str, key: &[u8]) -> Option<&Arc<Entry>> {
        self.with(AttributeId::named(attribute)?, key).next().and_then(|id| self.entry(id))
    }

    /// Entries by the key of an indexed attribute's value.
    pub(crate) fn with(&self, attribute: AttributeId, key: &[u8]) -> impl Iterator<Item = EntryId> {
        let key: Value = key.into();
        let begin = (attribute, Arc::clone(&key), EntryId(0));
        self.index.from(begin).take_while(move |found| found.0 == attribute && found.1 == key).map(|found| found.2)
    }

    /// Entries by the beginning of such a key; one may be there several times.
    pub(crate) fn beginning(&self, attribute: AttributeId, key: &[u8]) -> impl Iterator<Item = EntryId> {
        let key: Value = key.into();
        let begin = (attribute, Arc::clone(&key), EntryId(0));
        let is_one = move |found: &&(AttributeId, Value, EntryId)| found.0 == attribute && found.1.starts_with(&key);
        self.index.from(begin).take_while(is_one).map(|found| found.2)
    }

    /// An entry and all below it, above before below.
    pub(crate) fn within(&self, base: &Entry) -> impl Iterator<Item = &Arc<Entry>> {
        let place = Arc::clone(&base.place);
        let begin = (Arc::clone(&place), EntryId(0));
        let found = self.by_place.from(begin).take_while(move |(found, _)| is_within(found, &place));
        found.filter_map(|(_, id)| self.entry(*id))
    }

    /// The number of the next new entry.
    pub(super) fn next_id(&mut self) -> EntryId {
        self.added += 1;
        EntryId(self.added)
    }

    /// Puts an entry in, or in the place of the one with its id, and keeps the indexes right. Names must be free.
    pub(super) fn put(&mut self, mut entry: Entry) {
        entry.attributes.shrink_to_fit();
        let before = self.entries.get(&entry.id).cloned();
        if let Some(before) = &before {
            self.unindex(before, Some(&entry));
        }
        // What stays as it was is in the indexes already.
        if before.as_ref().is_none_or(|before| before.place != entry.place) {
            self.by_place.insert((Arc::clone(&entry.place), entry.id));
        }
        for (attribute, values) in entry.attributes.iter().filter(|(attribute, _)| attribute.is(Trait::Indexed)) {
            if before.as_ref().is_some_and(|before| before.values_of(*attribute) == values.as_slice()) {
                continue;
            }
            for value in values.as_slice() {
                self.index.insert((*attribute, index_key(*attribute, value), entry.id));
            }
        }
        self.entries.put(entry.id, entry);
    }

    /// Takes an entry out, with its links.
    pub(super) fn remove(&mut self, id: EntryId) {
        if let Some(before) = self.entries.remove(&id) {
            self.unindex(&before, None);
            self.links.forget(id);
        }
    }

    /// Takes an entry out of the indexes, except what the next version of it has unchanged.
    fn unindex(&mut self, entry: &Entry, next: Option<&Entry>) {
        if next.is_none_or(|next| next.place != entry.place) {
            self.by_place.remove(&(Arc::clone(&entry.place), entry.id));
        }
        for (attribute, values) in entry.attributes.iter().filter(|(attribute, _)| attribute.is(Trait::Indexed)) {
            if next.is_some_and(|next| next.values_of(*attribute) == values.as_slice()) {
                continue;
            }
            for value in values.as_slice() {
                self.index.remove(&(*attribute, index_key(*attribute, value), entry.id));
            }
        }
    }
}

/// Whether a place is another one or below it.
pub(super) fn is_within(place: &str, base: &str) -> bool {
    place.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('\0') || base.is_empty())
}

/// The key of a value, which is often the value itself.
fn index_key(attribute: AttributeId, value: &Value) -> Value {
    match key::of(attribute, value) {
        Some(key) if *key != **value => key.into(),
        _ => Arc::clone(value),
    }
}
