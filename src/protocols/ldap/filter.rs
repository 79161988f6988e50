//! What a search looks for. Values are bytes: a filter finds `objectGUID`s as well as names. Source: RFC 4511 §4.5.1.7.

/// How deep filters may be nested, both on the wire and as text.
pub(crate) const MOST_DEPTH: usize = 64;

/// How many parts a filter may have in all.
pub(crate) const MOST_PARTS: usize = 8_192;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// All of them; none is true (RFC 4526).
    And(Vec<Filter>),
    /// One of them; none is false (RFC 4526).
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Equality(Assertion),
    GreaterOrEqual(Assertion),
    LessOrEqual(Assertion),
    Approximate(Assertion),
    /// The attribute has a value.
    Present(String),
    Substrings(Substrings),
    Extensible(Extensible),
}

/// An attribute and a value to hold against its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assertion {
    pub(crate) attribute: String,
    pub(crate) value: Vec<u8>,
}

/// `initial*any*any*final`; at least one of them is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Substrings {
    pub(crate) attribute: String,
    pub(crate) initial: Option<Vec<u8>>,
    pub(crate) any: Vec<Vec<u8>>,
    pub(crate) last: Option<Vec<u8>>,
}

/// `attribute:dn:rule:=value`; a rule or an attribute is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Extensible {
    /// A matching rule by OID or name.
    pub(crate) rule: Option<String>,
    pub(crate) attribute: Option<String>,
    pub(crate) value: Vec<u8>,
    /// The parts of the entry's name count as attributes, too.
    pub(crate) dn_attributes: bool,
}

/// Counts the parts and the depth of a filter while it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    parts: usize,
    depth: usize,
}

impl Bounds {
    pub(super) fn new() -> Self {
        Self { parts: MOST_PARTS, depth: MOST_DEPTH }
    }

    /// Counts one part; `None` when there were too many, or too deep ones.
    pub(super) fn enter(&mut self) -> Option<()> {
        self.parts = self.parts.checked_sub(1)?;
        self.depth = self.depth.checked_sub(1)?;
        Some(())
    }

    /// The part that was entered ends.
    pub(super) fn leave(&mut self) {
        self.depth += 1;
    }
}
