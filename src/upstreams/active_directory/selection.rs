//! Which attributes of an entry are answered, and in which pieces.
//! Source: RFC 4511 §4.5.1.8; MS-ADTS §3.1.1.3.1.3.3 (range retrieval).

use std::sync::Arc;

use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Entry as Answer;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::entry::Value;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::Trait;
use crate::upstreams::active_directory::view::View;

/// How many values of an attribute are answered at once. Source: `MaxValRange` of Active Directory's LDAP policies.
const MOST_VALUES: usize = 1_500;

/// How many attributes a search may name.
const MOST_NAMED: usize = 2_000;

/// What a search asked for.
#[derive(Debug)]
pub(crate) struct Selection {
    all: bool,
    computed: bool,
    named: Vec<(AttributeId, Option<Range>)>,
    types_only: bool,
}

/// `range=0-1499`; without an end up to the last one.
#[derive(Debug, Clone, Copy)]
struct Range {
    first: usize,
    last: Option<usize>,
}

impl Selection {
    pub(crate) fn of(names: &[String], types_only: bool) -> Self {
        let has = |name: &str| names.iter().any(|it| it == name);
        let known = names.iter().take(MOST_NAMED);
        let mut known: Vec<_> = known.filter_map(|name| Some((AttributeId::named(name)?, range(name)))).collect();
        let mut seen = std::collections::HashSet::new();
        known.retain(|(attribute, _)| seen.insert(*attribute));
        Self { all: names.is_empty() || has("*"), computed: has("+"), named: known, types_only }
    }

    /// The entry as it is answered.
    pub(crate) fn answer(&self, view: View<'_>, entry: &Entry) -> Answer {
        let mut attributes = Vec::new();
        let is_named = |attribute: &AttributeId| self.named.iter().any(|(named, _)| named == attribute);
        if self.all {
            for attribute in View::shown(entry).into_iter().filter(|attribute| !is_named(attribute)) {
                attributes.extend(self.attribute(view, entry, (attribute, None)));
            }
        }
        if self.computed {
            let computed = AttributeId::all().filter(|attribute| attribute.is(Trait::Computed));
            let more = computed
                .filter(|attribute| !is_named(attribute))
                .filter(|attribute| !self.all || !View::shown(entry).contains(attribute));
            attributes.extend(more.filter_map(|attribute| self.attribute(view, entry, (attribute, None))));
        }
        attributes.extend(self.named.iter().filter_map(|named| self.attribute(view, entry, *named)));
        Answer { dn: Arc::clone(&entry.dn), attributes }
    }

    fn attribute(
        &self,
        view: View<'_>,
        entry: &Entry,
        (attribute, range): (AttributeId, Option<Range>),
    ) -> Option<Attribute> {
        let values = view.values(entry, attribute);
        if values.is_empty() {
            return None;
        }
        if self.types_only {
            return Some(Attribute { name: attribute.shared_name(), values: Vec::new() });
        }
        if range.is_none() && values.len() <= MOST_VALUES {
            return Some(Attribute { name: attribute.shared_name(), values });
        }
        Some(piece(attribute, values, range.unwrap_or(Range { first: 0, last: None })))
    }
}

fn piece(attribute: AttributeId, values: Vec<Value>, range: Range) -> Attribute {
    let count = values.len();
    let most =
        range.last.map_or(MOST_VALUES, |last| last.saturating_sub(range.first).saturating_add(1)).min(MOST_VALUES);
    let values: Vec<_> = values.into_iter().skip(range.first).take(most).collect();
    let end = range.first.saturating_add(values.len());
    let last = if end >= count { "*".to_owned() } else { end.saturating_sub(1).to_string() };
    Attribute { name: format!("{};range={}-{last}", attribute.name(), range.first).into(), values }
}

fn range(name: &str) -> Option<Range> {
    let option = name
        .split(';')
        .skip(1)
        .find_map(|option| option.to_ascii_lowercase().strip_prefix("range=").map(str::to_owned))?;
    let (first, last) = option.split_once('-')?;
    let last = if last == "*" { None } else { Some(last.parse().ok()?) };
    Some(Range { first: first.parse().ok()?, last })
}
