//! Which entries a filter finds. Source: RFC 4511 §4.5.1.7; MS-ADTS §3.1.1.3.1.3 and §3.1.1.3.4.4 (matching rules).

use std::collections::HashSet;

use crate::protocols::ldap::dn::prepared;
use crate::protocols::ldap::filter::Extensible;
use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::filter::Substrings;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::key;
use crate::upstreams::active_directory::links::Link;
use crate::upstreams::active_directory::links::Side;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::Class;
use crate::upstreams::active_directory::schema::Syntax;
use crate::upstreams::active_directory::schema::Trait;
use crate::upstreams::active_directory::view::View;

/// Bits of the value that are all set.
pub(crate) const BIT_AND: &str = "1.2.840.113556.1.4.803";
/// Bits of the value of which one is set.
pub(crate) const BIT_OR: &str = "1.2.840.113556.1.4.804";
/// The entry is linked, directly or by others.
pub(crate) const IN_CHAIN: &str = "1.2.840.113556.1.4.1941";

/// A filter with its names looked up and its values ready to be compared.
#[derive(Debug)]
pub(crate) enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    /// The filter names something that is not known: neither true nor false.
    Undefined,
    Never,
    Equals(AttributeId, Vec<u8>),
    AtLeast(AttributeId, Vec<u8>),
    AtMost(AttributeId, Vec<u8>),
    Present(AttributeId),
    Substrings(AttributeId, Pieces),
    /// All (or one) of the bits are set.
    Bits(AttributeId, i64, bool),
    /// At the side of a link, whose other end is an entry.
    Linked(Link, Side, EntryId),
    /// One of these.
    OneOf(HashSet<EntryId>),
    /// Ambiguous name resolution: a name that begins so.
    Resolves(Vec<u8>),
}

/// Pieces of a value, in lower case where that doesn't matter.
#[derive(Debug)]
pub(crate) struct Pieces {
    pub(super) initial: Option<Vec<u8>>,
    any: Vec<Vec<u8>>,
    last: Option<Vec<u8>>,
}

impl View<'_> {
    /// Makes a filter ready for the directory as it is.
    pub(crate) fn test(&self, filter: &Filter) -> Test {
        let many = |filters: &[Filter]| filters.iter().map(|filter| self.test(filter)).collect();
        match filter {
            Filter::And(filters) => Test::And(many(filters)),
            Filter::Or(filters) => Test::Or(many(filters)),
            Filter::Not(filter) => Test::Not(Box::new(self.test(filter))),
            Filter::Equality(assertion) | Filter::Approximate(assertion) => {
                self.equals(&assertion.attribute, &assertion.value)
            }
            Filter::GreaterOrEqual(it) => compared(&it.attribute, &it.value, Test::AtLeast),
            Filter::LessOrEqual(it) => compared(&it.attribute, &it.value, Test::AtMost),
            Filter::Present(name) => AttributeId::named(name).map_or(Test::Undefined, Test::Present),
            Filter::Substrings(substrings) => pieces(substrings),
            Filter::Extensible(extensible) => self.extensible(extensible),
        }
    }

    fn equals(&self, name: &str, value: &[u8]) -> Test {
        if name.eq_ignore_ascii_case("anr") {
            return resolves(value);
        }
        let Some(attribute) = AttributeId::named(name) else { return Test::Undefined };
        let text = std::str::from_utf8(value).unwrap_or_default();
        if attribute.name() == "objectCategory" && !text.contains('=') {
            let category = Class::named(text).map_or(text, |class| class.category);
            let Some(domain) = self.directory.domain() else { return Test::Never };
            return compared("objectCategory", domain.category(category).as_bytes(), Test::Equals);
        }
        if let Some((link, side)) = Link::of(attribute) {
            let other = self.directory.find(text).ok();
            return other.map_or(Test::Never, |other| Test::Linked(link, side, other.id));
        }
        if attribute.name() == "distinguishedName" {
            return Test::OneOf(self.directory.find(text).iter().map(|entry| entry.id).collect());
        }
        compared(name, value, Test::Equals)
    }

    fn extensible(&self, asked: &Extensible) -> Test {
        let Some(attribute) = asked.attribute.as_deref() else { return Test::Undefined };
        let Some(rule) = asked.rule.as_deref() else { return self.equals(attribute, &asked.value) };
        let Some(attribute) = AttributeId::named(attribute) else { return Test::Undefined };
        let text = std::str::from_utf8(&asked.value).unwrap_or_default();
        match rule {
            BIT_AND | BIT_OR if matches!(attribute.syntax(), Syntax::Integer | Syntax::LargeInteger) => {
                text.trim().parse().map_or(Test::Undefined, |mask| Test::Bits(attribute, mask, rule == BIT_AND))
            }
            IN_CHAIN => match (Link::of(attribute), self.directory.find(text)) {
                (Some((link, side)), Ok(other)) => {
                    let back = if side == Side::From { Side::To } else { Side::From };
                    Test::OneOf(self.directory.links.in_chain(link, back, other.id).into_iter().collect())
                }
                (Some(_), Err(_)) => Test::Never,
                (None, _) => Test::Undefined,
            },
            _ => Test::Undefined,
        }
    }

    /// Whether an entry passes; `None` is neither yes nor no.
    pub(crate) fn passes(&self, entry: &Entry, test: &Test) -> Option<bool> {
        match test {
            Test::And(tests) => all(tests.iter().map(|test| self.passes(entry, test))),
            Test::Or(tests) => all(tests.iter().map(|test| self.passes(entry, test).map(|it| !it))).map(|it| !it),
            Test::Not(test) => self.passes(entry, test).map(|it| !it),
            Test::Undefined => None,
            Test::Never => Some(false),
            Test::Present(attribute) => Some(self.has(entry, *attribute)),
            Test::OneOf(entries) => Some(entries.contains(&entry.id)),
            Test::Linked(link, Side::From, other) => Some(self.directory.links.has(*link, entry.id, *other)),
            Test::Linked(link, Side::To, other) => Some(self.directory.links.has(*link, *other, entry.id)),
            Test::Equals(attribute, wanted) => self.any(entry, *attribute, |key| key == wanted),
            Test::AtLeast(attribute, wanted) => self.any(entry, *attribute, |key| key >= wanted.as_slice()),
            Test::AtMost(attribute, wanted) => self.any(entry, *attribute, |key| key <= wanted.as_slice()),
            Test::Substrings(attribute, pieces) => self.any(entry, *attribute, |key| pieces.are_in(key)),
            Test::Bits(attribute, mask, every) => {
                let values = self.values(entry, *attribute);
                let numbers = values.iter().filter_map(|value| std::str::from_utf8(value).ok()?.parse::<i64>().ok());
                Some(numbers.map(|number| number & mask).any(|bits| if *every { bits == *mask } else { bits != 0 }))
            }
            Test::Resolves(beginning) => Some(self.resolves(entry, beginning)),
        }
    }

    fn has(&self, entry: &Entry, attribute: AttributeId) -> bool {
        match Link::of(attribute) {
            Some((link, side)) => self.directory.links.at(link, side, entry.id).next().is_some(),
            None => !self.values(entry, attribute).is_empty(),
        }
    }

    fn any(&self, entry: &Entry, attribute: AttributeId, is_it: impl Fn(&[u8]) -> bool) -> Option<bool> {
        let is_it = |value: &[u8]| key::of(attribute, value).is_some_and(|key| is_it(&key));
        if attribute.is(Trait::Computed) || Link::of(attribute).is_some() {
            return Some(self.values(entry, attribute).iter().any(|value| is_it(value)));
        }
        Some(entry.values_of(attribute).iter().any(|value| is_it(value)))
    }

    fn resolves(&self, entry: &Entry, beginning: &[u8]) -> bool {
        let begins = |name: &str, beginning: &[u8]| {
            AttributeId::named(name).and_then(|attribute| self.any(entry, attribute, |key| key.starts_with(beginning)))
                == Some(true)
        };
        let names =
            resolved().any(|attribute| self.any(entry, attribute, |key| key.starts_with(beginning)) == Some(true));
        let mut words = beginning.splitn(2, |byte| *byte == b' ');
        let (Some(first), Some(second)) = (words.next(), words.next()) else { return names };
        let both = |one, other| begins("givenName", one) && begins("sn", other);
        names || both(first, second) || both(second, first)
    }
}

/// The attributes that ambiguous name resolution looks at.
pub(super) fn resolved() -> impl Iterator<Item = AttributeId> {
    AttributeId::all().filter(|attribute| attribute.is(Trait::Resolved))
}

/// True when all are, false when one is not, and nothing when one is nothing.
fn all(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let undefined = answers.try_fold(false, |undefined, answer| match answer {
        Some(true) => Some(undefined),
        Some(false) => None,
        None => Some(true),
    });
    match undefined {
        None => Some(false),
        Some(true) => None,
        Some(false) => Some(true),
    }
}

fn resolves(value: &[u8]) -> Test {
    let text = String::from_utf8_lossy(value);
    let beginning = prepared(text.trim_start_matches('=').trim_end_matches('*')).into_owned();
    if beginning.is_empty() { Test::Never } else { Test::Resolves(beginning.into_bytes()) }
}

fn compared(name: &str, value: &[u8], test: fn(AttributeId, Vec<u8>) -> Test) -> Test {
    let Some(attribute) = AttributeId::named(name) else { return Test::Undefined };
    key::asserted(attribute, value).map_or(Test::Undefined, |key| test(attribute, key))
}

fn pieces(asked: &Substrings) -> Test {
    if asked.attribute.eq_ignore_ascii_case("anr") {
        return asked.initial.as_deref().map_or(Test::Never, resolves);
    }
    let Some(attribute) = AttributeId::named(&asked.attribute) else { return Test::Undefined };
    let folded = |piece: &Vec<u8>| match attribute.syntax() {
        Syntax::Text | Syntax::Oid => String::from_utf8_lossy(piece).to_lowercase().into_bytes(),
        _ => piece.clone(),
    };
    let pieces = Pieces {
        initial: asked.initial.as_ref().map(folded),
        any: asked.any.iter().map(folded).collect(),
        last: asked.last.as_ref().map(folded),
    };
    match attribute.syntax() {
        Syntax::Text | Syntax::Oid | Syntax::Octets | Syntax::Sid => Test::Substrings(attribute, pieces),
        _ => Test::Undefined,
    }
}

impl Pieces {
    fn are_in(&self, value: &[u8]) -> bool {
        let rest = match &self.initial {
            Some(initial) => value.strip_prefix(initial.as_slice()),
            None => Some(value),
        };
        let rest = rest.and_then(|rest| match &self.last {
            Some(last) => rest.strip_suffix(last.as_slice()),
            None => Some(rest),
        });
        let after = |rest: Option<&[u8]>, piece: &Vec<u8>| {
            let rest = rest?;
            let mut windows = rest.windows(piece.len().max(1));
            let at = if piece.is_empty() { 0 } else { windows.position(|window| window == piece)? };
            rest.get(at + piece.len()..).map(<[u8]>::len)
        };
        let mut rest = rest;
        for piece in &self.any {
            let left = after(rest, piece);
            rest = left.and_then(|left| rest.and_then(|rest| rest.get(rest.len() - left..)));
        }
        rest.is_some()
    }
}
