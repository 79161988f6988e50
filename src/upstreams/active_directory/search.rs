//! Searches: what is found, in which order, how much of it at a time. Source: RFC 4511 §4.5; spec/enterprise.md §2.9.

use crate::protocols::ldap::control::SortKey;
use crate::protocols::ldap::message::Scope;
use crate::protocols::ldap::message::Search;
use crate::protocols::ldap::result::ResultCode;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::key;
use crate::upstreams::active_directory::matching::Test;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::view::View;

/// How many entries are answered at once. Source: `MaxPageSize` of Active Directory's LDAP policies.
pub(crate) const MOST_ENTRIES: usize = 1_000;

/// How many parts of filters are held against entries in one search.
const MOST_WORK: usize = 50_000_000;

/// How much of that counts as a second, for the time limits that clients set.
const WORK_A_SECOND: usize = 5_000_000;

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) ids: Vec<EntryId>,
    /// Why there may be more.
    pub(crate) cut: Option<ResultCode>,
}

impl View<'_> {
    /// The entries that a search finds, at most `most` of them.
    ///
    /// # Errors
    /// [`Refusal::NoObject`] when there is no entry to begin at, [`Refusal::BadName`].
    pub(crate) fn search(&self, search: &Search, most: usize) -> Result<Found, Refusal> {
        let base = self.directory.find(&search.base)?;
        let test = self.test(&search.filter);
        let mut work = Work::of(&test, search.time_limit);
        let mut found = Found::default();
        let mut look = |entry: &Entry| {
            if let Some(cut) = work.more() {
                found.cut = Some(cut);
            } else if self.passes(entry, &test) == Some(true) {
                if found.ids.len() < most {
                    found.ids.push(entry.id);
                } else {
                    found.cut = Some(ResultCode::SizeLimitExceeded);
                }
            }
            found.cut.is_none()
        };
        if search.scope == Scope::Base {
            look(base);
            return Ok(found);
        }
        let depth = steps(base);
        let in_scope = |entry: &Entry| match search.scope {
            Scope::OneLevel => steps(entry) == depth + 1,
            _ => true,
        };
        match self.candidates(&test) {
            Some(ids) => {
                let entries = ids.iter().filter_map(|id| self.directory.entry(*id));
                let mut entries = entries.filter(|entry| base.is_above(entry) && in_scope(entry));
                let _ = entries.all(|entry| look(entry));
            }
            None => {
                let _ = self.directory.within(base).filter(|entry| in_scope(entry)).all(|entry| look(entry));
            }
        }
        Ok(found)
    }

    /// Sorts what was found; entries without the attribute come last.
    ///
    /// # Errors
    /// The name of an attribute that nothing can be sorted by.
    pub(crate) fn sort(&self, ids: &mut Vec<EntryId>, keys: &[SortKey]) -> Result<(), String> {
        let attributes: Result<Vec<_>, _> =
            keys.iter().map(|key| AttributeId::named(&key.attribute).ok_or_else(|| key.attribute.clone())).collect();
        let attributes = attributes?;
        let by = |id: EntryId| -> Vec<Option<Vec<u8>>> {
            let entry = self.directory.entry(id);
            let first = |attribute: &AttributeId| {
                let value = self.values(entry?, *attribute).into_iter().next()?;
                key::of(*attribute, &value)
            };
            attributes.iter().map(first).collect()
        };
        let mut sorted: Vec<_> = ids.iter().map(|id| (by(*id), *id)).collect();
        sorted.sort_by(|(one, _), (other, _)| {
            let pairs = one.iter().zip(other).zip(keys);
            let order = pairs.map(|((one, other), key)| {
                let missing = one.is_none().cmp(&other.is_none());
                let order = if missing.is_eq() { one.cmp(other) } else { missing };
                if key.reverse { order.reverse() } else { order }
            });
            order.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        *ids = sorted.into_iter().map(|(_, id)| id).collect();
        Ok(())
    }
}

fn steps(entry: &Entry) -> usize {
    entry.place.bytes().filter(|byte| *byte == 0).count()
}

/// How much a search may still do.
struct Work {
    left: usize,
    each: usize,
    cut: ResultCode,
}

impl Work {
    fn of(test: &Test, seconds: u32) -> Self {
        let asked = usize::try_from(seconds).unwrap_or(usize::MAX).saturating_mul(WORK_A_SECOND);
        let (left, cut) = match asked {
            1..MOST_WORK => (asked, ResultCode::TimeLimitExceeded),
            _ => (MOST_WORK, ResultCode::AdminLimitExceeded),
        };
        Self { left, each: parts(test), cut }
    }

    /// Counts one entry; why there was too much.
    fn more(&mut self) -> Option<ResultCode> {
        match self.left.checked_sub(self.each) {
            Some(left) => {
                self.left = left;
                None
            }
            None => Some(self.cut),
        }
    }
}

fn parts(test: &Test) -> usize {
    match test {
        Test::And(tests) | Test::Or(tests) => 1 + tests.iter().map(parts).sum::<usize>(),
        Test::Not(test) => 1 + parts(test),
        _ => 1,
    }
}
