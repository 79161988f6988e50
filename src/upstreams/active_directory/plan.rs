//! Which entries a search has to look at, by the indexes, so that it need not look at all.

use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::message::Scope;
use crate::protocols::ldap::message::Search;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::key;
use crate::upstreams::active_directory::links::Side;
use crate::upstreams::active_directory::matching;
use crate::upstreams::active_directory::matching::Test;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::Trait;
use crate::upstreams::active_directory::view::View;

/// More than these are not collected: walking the tree is as good.
const MOST: usize = 100_000;

/// So many are looked at while others wait.
const FEW: usize = 100;

/// So many parts of a filter are held against each of them.
const FEW_PARTS: usize = 64;

impl View<'_> {
    /// Whether the answer to a search takes no time: it looks at one entry, or an index leads to a few.
    pub(crate) fn is_quick(&self, search: &Search) -> bool {
        let is_short = parts_left(&search.filter, FEW_PARTS).is_some();
        is_short && (search.scope == Scope::Base || self.hits(&search.filter, FEW).is_some())
    }

    /// How many entries an index leads to, among which are all that pass; `None` when they are more than `most`, or when
    /// there is no index to count by.
    fn hits(&self, filter: &Filter, most: usize) -> Option<usize> {
        match filter {
            Filter::And(filters) => filters.iter().find_map(|filter| self.hits(filter, most)),
            Filter::Or(filters) => {
                filters.iter().try_fold(0, |hits, filter| Some(hits + self.hits(filter, most - hits)?))
            }
            Filter::Equality(asked) => {
                let attribute = AttributeId::named(&asked.attribute).filter(|it| it.is(Trait::Indexed))?;
                // What is no value of the attribute finds nothing.
                let Some(key) = key::asserted(attribute, &asked.value) else { return Some(0) };
                let hits = self.directory.with(attribute, &key).take(most + 1).count();
                (hits <= most).then_some(hits)
            }
            _ => None,
        }
    }

    /// Entries among which are all that pass, each once, in the order in which they were added; `None` when no index helps.
    pub(crate) fn candidates(&self, test: &Test) -> Option<Vec<EntryId>> {
        // Of several indexes the one that leads to few, whichever comes first.
        let mut found = self.at_most(test, FEW).or_else(|| self.at_most(test, MOST))?;
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

/// How many of `most` parts a filter leaves; `None` when it has more, or one that is worked out for the whole directory.
fn parts_left(filter: &Filter, most: usize) -> Option<usize> {
    let left = most.checked_sub(1)?;
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter().try_fold(left, |left, it| parts_left(it, left)),
        Filter::Not(filter) => parts_left(filter, left),
        Filter::Extensible(asked) if asked.rule.as_deref() == Some(matching::IN_CHAIN) => None,
        _ => Some(left),
    }
}

fn few(found: impl Iterator<Item = EntryId>, most: usize) -> Option<Vec<EntryId>> {
    let found: Vec<_> = found.take(most.saturating_add(1)).collect();
    (found.len() <= most).then_some(found)
}
