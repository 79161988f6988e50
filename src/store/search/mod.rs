//! Searching a table by a query string in the Lucene subset of spec/management-api.md §5.1: text → [`query`] → [`users`] filter → plan.

mod date;
mod lexer;
mod parser;
mod pattern;
pub(crate) mod query;
pub(crate) mod sort;
mod test;
#[cfg(test)]
mod tests;
mod user_field;
pub(crate) mod users;

/// What is wrong with a query, as a fragment, with the place where that is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct SearchError(pub(crate) String);

impl SearchError {
    fn at(what: &str, character: usize) -> Self {
        Self(format!("{what} at character {}", character.saturating_add(1)))
    }
}
