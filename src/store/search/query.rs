//! What a query string says, before anybody knows what the fields are.

use crate::store::search::SearchError;
use crate::store::search::lexer;
use crate::store::search::parser;
use crate::store::search::pattern::Pattern;

/// A field's name, taken apart at its dots.
pub(super) type FieldName = Vec<String>;

/// A query, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Query {
    /// Everything: an empty query, `*` and `*:*`.
    All,
    And(Vec<Query>),
    Or(Vec<Query>),
    Not(Box<Query>),
    /// `_exists_:field`, and `field:*`.
    Exists(FieldName),
    /// A test of one field, or of those that are searched when none is named.
    Term(Option<FieldName>, Wanted),
}

/// The value that a term asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A word or a phrase: the whole value.
    Value(String),
    /// A word with `*` in it.
    Pattern(Pattern),
    Range(Range),
}

/// `[low TO high]`; braces exclude their bound, `*` leaves it open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(super) low: Option<Bound>,
    pub(super) high: Option<Bound>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) value: String,
    pub(super) inclusive: bool,
}

impl Query {
    /// Parses a query string.
    ///
    /// # Errors
    /// [`SearchError`] for what is no query, for what the language lacks here (regular expressions, `~`, `^`), and for
    /// a query that is too long or too deep.
    pub(crate) fn parse(text: &str) -> Result<Self, SearchError> {
        parser::parse(lexer::lex(text)?)
    }
}
