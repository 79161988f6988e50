//! What is known about an attribute: its name, how its values are compared, and who may write it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::LazyLock;

use crate::upstreams::active_directory::schema_table::ROWS;

/// A line of the table: name, OID, syntax, traits.
pub(super) type Row = (&'static str, &'static str, Syntax, &'static [Trait]);

/// How values of an attribute are written and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Without regard to case.
    Text,
    Integer,
    LargeInteger,
    Boolean,
    /// `20240102030405.0Z`
    Time,
    /// The name of an entry.
    Name,
    Octets,
    /// A security identifier, in bytes.
    Sid,
    /// The name of a class.
    Oid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    /// It may have several values.
    Several,
    /// Searches for a value, or for the beginning of one, look at the matching entries only.
    Indexed,
    /// Ambiguous name resolution (`anr`) looks at it.
    Resolved,
    /// It follows from others: not stored as such, nobody writes it.
    Computed,
    /// Only the server writes it.
    System,
}

/// An attribute by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AttributeId(u16);

struct Schema {
    by_name: HashMap<String, AttributeId>,
    names: Vec<Arc<str>>,
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let ids = || (0..).map(AttributeId);
    let by_name = ROWS.iter().zip(ids()).flat_map(|(row, id)| [(row.0.to_lowercase(), id), (row.1.to_owned(), id)]);
    Schema { by_name: by_name.collect(), names: ROWS.iter().map(|row| row.0.into()).collect() }
});

impl AttributeId {
    /// The attribute of a name or OID, whatever its case; options behind `;` do not count.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.split(';').next().unwrap_or_default();
        SCHEMA.by_name.get(&name.to_ascii_lowercase()).copied()
    }

    /// All that there are, in the order of the table.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..).map(Self).take(ROWS.len())
    }

    fn row(self) -> Row {
        // Every id came from the table.
        ROWS.get(usize::from(self.0)).copied().unwrap_or(("", "", Syntax::Octets, &[]))
    }

    /// Its name as the schema spells it.
    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    /// Its name, shared: answers are made of it.
    pub(crate) fn shared_name(self) -> Arc<str> {
        SCHEMA.names.get(usize::from(self.0)).cloned().unwrap_or_default()
    }

    pub(crate) fn oid(self) -> &'static str {
        self.row().1
    }

    pub(crate) fn syntax(self) -> Syntax {
        self.row().2
    }

    pub(crate) fn is(self, this: Trait) -> bool {
        self.row().3.contains(&this)
    }
}

/// A class that entries may have: its OID, what it is a kind of, and the category of its entries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Class {
    pub(crate) name: &'static str,
    pub(crate) oid: &'static str,
    pub(crate) parent: &'static str,
    /// `CN=…` in the schema.
    pub(crate) category: &'static str,
}

const fn class(name: &'static str, oid: &'static str, parent: &'static str, category: &'static str) -> Class {
    Class { name, oid, parent, category }
}

/// Source: MS-ADSC.
pub(crate) const CLASSES: &[Class] = &[
    class("top", "2.5.6.0", "", "Top"),
    class("person", "2.5.6.6", "top", "Person"),
    class("organizationalPerson", "2.5.6.7", "person", "Person"),
    class("user", "1.2.840.113556.1.5.9", "organizationalPerson", "Person"),
    class("inetOrgPerson", "2.16.840.1.113730.3.2.2", "user", "Person"),
    class("contact", "1.2.840.113556.1.5.15", "organizationalPerson", "Person"),
    class("computer", "1.2.840.113556.1.3.30", "user", "Computer"),
    class("group", "1.2.840.113556.1.5.8", "top", "Group"),
    class("organizationalUnit", "2.5.6.5", "top", "Organizational-Unit"),
    class("container", "1.2.840.113556.1.3.23", "top", "Container"),
    class("builtinDomain", "1.2.840.113556.1.5.4", "top", "Builtin-Domain"),
    class("domain", "1.2.840.113556.1.5.66", "top", "Domain"),
    class("domainDNS", "1.2.840.113556.1.5.67", "domain", "Domain-DNS"),
    class("configuration", "1.2.840.113556.1.5.12", "top", "Configuration"),
    class("dMD", "1.2.840.113556.1.3.9", "top", "DMD"),
    class("subSchema", "2.5.20.1", "top", "SubSchema"),
    class("crossRefContainer", "1.2.840.113556.1.5.7000.53", "top", "Cross-Ref-Container"),
    class("crossRef", "1.2.840.113556.1.3.11", "top", "Cross-Ref"),
    class("classSchema", "1.2.840.113556.1.3.13", "top", "Class-Schema"),
    class("foreignSecurityPrincipal", "1.2.840.113556.1.5.76", "top", "Foreign-Security-Principal"),
];

impl Class {
    /// The class of a name, whatever its case.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        CLASSES.iter().find(|class| class.name.eq_ignore_ascii_case(name))
    }

    /// The class and what it is a kind of, `top` first.
    pub(crate) fn chain(&'static self) -> Vec<&'static str> {
        let mut chain: Vec<_> = std::iter::successors(Some(self), |class| Self::named(class.parent)).collect();
        chain.reverse();
        chain.iter().map(|class| class.name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_by_name_and_oid_whatever_the_case() {
        let id = AttributeId::named("SAMACCOUNTNAME").unwrap();
        assert_eq!(id.name(), "sAMAccountName");
        assert_eq!(AttributeId::named(id.oid()), Some(id));
        assert_eq!(AttributeId::named("member;range=0-9").unwrap().name(), "member");
        assert_eq!(AttributeId::named("nonsense"), None);
    }

    #[test]
    fn every_row_is_there_once_and_every_class_has_its_parents() {
        let mut names: Vec<_> = ROWS.iter().flat_map(|row| [row.0.to_lowercase(), row.1.to_owned()]).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for class in CLASSES {
            assert_eq!(class.chain().first(), Some(&"top"), "{class:?}");
        }
        assert_eq!(Class::named("USER").unwrap().chain(), ["top", "person", "organizationalPerson", "user"]);
    }
}
