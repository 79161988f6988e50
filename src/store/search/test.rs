//! What a term asks of a value, ready to be asked often.

use std::ops::Range as Span;

use crate::store::search::date;
use crate::store::search::pattern::Pattern;
use crate::store::search::query::Bound;
use crate::store::search::query::Range;
use crate::store::search::query::Wanted;

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'a> {
    Text(&'a str),
    Bool(bool),
    Number(f64),
    /// Milliseconds since the epoch.
    Time(i64),
}

/// A test of one value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Is(Literal),
    Like(Pattern),
    Between { low: Option<Edge>, high: Option<Edge> },
}

/// A text of the query in each way in which it can be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal {
    text: String,
    number: Option<f64>,
    span: Option<Span<i64>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edge {
    value: Literal,
    inclusive: bool,
}

impl Literal {
    fn new(text: &str) -> Self {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        Self { text: text.to_owned(), number, span: date::span(text) }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn is(&self, value: &Scalar<'_>) -> bool {
        match value {
            Scalar::Text(text) => self.text == *text,
            Scalar::Bool(true) => self.text == "true",
            Scalar::Bool(false) => self.text == "false",
            Scalar::Number(number) => self.number == Some(*number),
            Scalar::Time(time) => self.span.as_ref().is_some_and(|span| span.contains(time)),
        }
    }
}

impl Edge {
    fn new(bound: &Bound, caseless: bool) -> Self {
        Self { value: Literal::new(&folded(&bound.value, caseless)), inclusive: bound.inclusive }
    }

    /// Whether a value is above this lower edge. An excluded date excludes the whole day, month or year.
    fn is_below(&self, value: &Scalar<'_>) -> bool {
        match value {
            Scalar::Text(text) => *text > self.value.text() || self.inclusive && *text == self.value.text(),
            Scalar::Number(number) => {
                self.value.number.is_some_and(|low| *number > low || self.inclusive && *number >= low)
            }
            Scalar::Time(time) => self.value.span.as_ref().is_some_and(|span| {
                let first = if self.inclusive { span.start } else { span.end };
                *time >= first
            }),
            Scalar::Bool(_) => false,
        }
    }

    fn is_above(&self, value: &Scalar<'_>) -> bool {
        match value {
            Scalar::Text(text) => *text < self.value.text() || self.inclusive && *text == self.value.text(),
            Scalar::Number(number) => {
                self.value.number.is_some_and(|high| *number < high || self.inclusive && *number <= high)
            }
            Scalar::Time(time) => self.value.span.as_ref().is_some_and(|span| {
                let after = if self.inclusive { span.end } else { span.start };
                *time < after
            }),
            Scalar::Bool(_) => false,
        }
    }
}

impl Test {
    /// `caseless` values come in lower case, and so does what is compared with them.
    pub(super) fn new(wanted: &Wanted, caseless: bool) -> Self {
        match wanted {
            Wanted::Value(text) => Self::Is(Literal::new(&folded(text, caseless))),
            Wanted::Pattern(pattern) if caseless => Self::Like(pattern.to_lowercase()),
            Wanted::Pattern(pattern) => Self::Like(pattern.clone()),
            Wanted::Range(Range { low, high }) => {
                let edge = |bound: &Option<Bound>| bound.as_ref().map(|bound| Edge::new(bound, caseless));
                Self::Between { low: edge(low), high: edge(high) }
            }
        }
    }

    pub(super) fn fits(&self, value: &Scalar<'_>) -> bool {
        match self {
            Self::Is(literal) => literal.is(value),
            Self::Like(pattern) => matches!(value, Scalar::Text(text) if pattern.fits(text)),
            Self::Between { low, high } => {
                low.as_ref().is_none_or(|low| low.is_below(value))
                    && high.as_ref().is_none_or(|high| high.is_above(value))
            }
        }
    }
}

fn folded(text: &str, caseless: bool) -> String {
    if caseless { text.to_lowercase() } else { text.to_owned() }
}
