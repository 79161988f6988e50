//! Which entries a search has to look at, by the indexes, so that it need not look at all.

use crate::protocols::ldap::filter::Filter;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::links::Side;
use crate::upstreams::active_directory::matching;
use crate::upstreams::active_directory::matching::Test;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::Trait;
use crate::upstreams::active_directory::view::View;

/// More than these are not collected: walking the tree is as good.
const MOST: usize = 100_000;

/// Whether an index leads to what a filter can find, whatever is in the directory: then looking takes no time.
pub(crate) fn is_narrow(filter: &Filter) -> bool {
    match filter {
        Filter::And(filters) => filters.iter().any(is_narrow),
        Filter::Or(filters) => !filters.is_empty() && filters.iter().all(is_narrow),
        Filter::Equality(it) => AttributeId::named(&it.attribute).is_some_and(|attribute| attribute.is(Trait::Indexed)),
        _ => false,
    }
}

impl View<'_> {
    /// Entries among which are all that pass, each once, in the order in which they were added; `None` when no index helps.
    pub(crate) fn candidates(&self, test: &Test) -> Option<Vec<EntryId>> {
        let mut found = self.at_most(test, MOST)?;
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    fn at_most(&self, test: &Test, most: usize) -> Option<Vec<EntryId>> {
        let directory = self.directory;
        match test {
            Test::And(tests) => {
                let mut best: Option<Vec<EntryId>> = None;
                for test in tests {
                    let most = best.as_ref().map_or(most, Vec::len);
                    best = self.at_most(test, most).or(best);
                }
                best
            }
            Test::Or(tests) => tests.iter().try_fold(Vec::new(), |mut all, test| {
                all.extend(self.at_most(test, most)?);
                (all.len() <= most).then_some(all)
            }),
            Test::Never | Test::Undefined => Some(Vec::new()),
            Test::OneOf(entries) => (entries.len() <= most).then(|| entries.iter().copied().collect()),
            Test::Equals(attribute, key) if attribute.is(Trait::Indexed) => few(directory.with(*attribute, key), most),
            Test::Substrings(attribute, pieces) if attribute.is(Trait::Indexed) => {
                few(directory.beginning(*attribute, pieces.initial.as_deref()?), most)
            }
            Test::Linked(link, Side::From, other) => few(directory.links.at(*link, Side::To, *other), most),
            Test::Linked(link, Side::To, other) => few(directory.links.at(*link, Side::From, *other), most),
            Test::Resolves(beginning) => {
                // Of two words, the entry has one as the beginning of its given name, the other as that of its surname.
                let first = beginning.split(|byte| *byte == b' ').next().unwrap_or_default();
                let second = beginning.splitn(2, |byte| *byte == b' ').nth(1);
                let beginnings = std::iter::once(first).chain(second);
                let found = beginnings.flat_map(|beginning| {
                    matching::resolved().flat_map(move |attribute| directory.beginning(attribute, beginning))
                });
                few(found, most)
            }
            _ => None,
        }
    }
}

fn few(found: impl Iterator<Item = EntryId>, most: usize) -> Option<Vec<EntryId>> {
    let found: Vec<_> = found.take(most.saturating_add(1)).collect();
    (found.len() <= most).then_some(found)
}
