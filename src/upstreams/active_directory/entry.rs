//! An entry of the directory, as it is kept.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::LazyLock;

use crate::upstreams::active_directory::directory::is_within;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::CLASSES;
use crate::upstreams::active_directory::secret::Secret;

/// An entry by its number in the directory, which it keeps when it is renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(pub(super) u32);

/// A value, shared with the answers that it is part of.
pub(crate) type Value = Arc<[u8]>;

/// The values of an attribute, of which there is mostly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    One(Value),
    Several(Box<[Value]>),
}

impl Values {
    fn of(values: Vec<Value>) -> Self {
        match <[Value; 1]>::try_from(values) {
            Ok([value]) => Self::One(common(value)),
            Err(values) => Self::Several(values.into_iter().map(common).collect()),
        }
    }

    pub(super) fn as_slice(&self) -> &[Value] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Several(values) => values,
        }
    }
}

/// What most entries have among their values: kept once.
static COMMON: LazyLock<HashSet<Value>> = LazyLock::new(|| {
    let numbers = ["0", "4", "512", "513", "514", "66048", "805306368", "268435456", "9223372036854775807"];
    let others = ["-2147483646", "1", "TRUE", "FALSE"];
    let classes = CLASSES.iter().map(|class| class.name);
    numbers.into_iter().chain(others).chain(classes).map(|value| value.as_bytes().into()).collect()
});

fn common(value: Value) -> Value {
    COMMON.get(&value).cloned().unwrap_or(value)
}

/// An entry with what is stored of it: no links and nothing that follows from something else.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) id: EntryId,
    /// Its name, as it was spelled.
    pub(crate) dn: Arc<str>,
    /// Where it is in the tree ([`crate::upstreams::active_directory::key::place`]).
    pub(super) place: Arc<str>,
    pub(super) attributes: Vec<(AttributeId, Values)>,
    pub(super) secret: Option<Secret>,
    /// The passwords before it, the newest first, as many as the domain remembers: for who has changed theirs.
    pub(super) earlier: Option<Arc<[Secret]>>,
}

impl Entry {
    /// The stored values of an attribute by its name in the schema.
    pub(crate) fn values(&self, name: &str) -> &[Value] {
        let found = self.attributes.iter().find(|(id, _)| id.name() == name);
        found.map_or(&[], |(_, values)| values.as_slice())
    }

    /// Everything that is stored, in the order in which it was written.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (AttributeId, &[Value])> {
        self.attributes.iter().map(|(attribute, values)| (*attribute, values.as_slice()))
    }

    /// The hash of the password, as `{SSHA256}…`.
    pub(crate) fn password_hash(&self) -> Option<String> {
        self.secret.as_ref().map(Secret::to_hash)
    }

    /// The hashes of the passwords before it, the newest first.
    pub(crate) fn earlier_hashes(&self) -> impl Iterator<Item = String> {
        self.earlier.iter().flat_map(|earlier| earlier.iter()).map(Secret::to_hash)
    }

    pub(super) fn values_of(&self, attribute: AttributeId) -> &[Value] {
        let found = self.attributes.iter().find(|(id, _)| *id == attribute);
        found.map_or(&[], |(_, values)| values.as_slice())
    }

    /// The first value, if it is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values(name).first().and_then(|value| std::str::from_utf8(value).ok())
    }

    /// The first value, if it is a number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// Whether it is of a class, whatever its case.
    pub(crate) fn is_a(&self, class: &str) -> bool {
        self.values("objectClass").iter().any(|value| value.eq_ignore_ascii_case(class.as_bytes()))
    }

    /// Whether it is one of those that every domain has.
    pub(crate) fn is_standard(&self) -> bool {
        self.text("isCriticalSystemObject") == Some("TRUE")
    }

    /// Puts values in the place of an attribute's; none takes it away.
    pub(super) fn set(&mut self, attribute: AttributeId, values: Vec<Value>) {
        let place = self.attributes.iter().position(|(id, _)| *id == attribute);
        match place.and_then(|place| self.attributes.get_mut(place)) {
            _ if values.is_empty() => self.attributes.retain(|(id, _)| *id != attribute),
            Some((_, before)) => *before = Values::of(values),
            None => self.attributes.push((attribute, Values::of(values))),
        }
    }

    /// As [`Entry::set`], by the attribute's name in the schema and with one value.
    pub(super) fn put(&mut self, name: &str, value: impl AsRef<[u8]>) {
        if let Some(attribute) = AttributeId::named(name) {
            self.set(attribute, vec![value.as_ref().into()]);
        }
    }

    /// As [`Entry::put`], unless it has a value.
    pub(super) fn default(&mut self, name: &str, value: impl AsRef<[u8]>) {
        if self.values(name).is_empty() {
            self.put(name, value);
        }
    }

    /// Whether another one is this or below it.
    pub(super) fn is_above(&self, other: &Self) -> bool {
        is_within(&other.place, &self.place)
    }

    /// Its step of the name: `CN=John Doe`.
    pub(super) fn last_step(&self) -> &str {
        self.place.rsplit('\0').next().unwrap_or_default()
    }
}
