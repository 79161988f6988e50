//! How a step says what is wrong.

use crate::client::error::ClientError;
use serde_json::Value;
use std::fmt;

/// Why a step failed: what was expected, what was found, and what else helps to see why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What should have been, a phrase without a full stop.
    pub expected: String,
    /// What was instead.
    pub found: String,
    /// A name and a text each: the stored profile, the page shown, …
    pub context: Vec<(String, String)>,
}

impl Failure {
    /// A failure without further context.
    pub fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { expected: expected.into(), found: found.into(), context: Vec::new() }
    }

    /// Adds something that helps to see why.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.context.push((name.into(), text.into()));
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "expected: {}\n   found: {}", self.expected, self.found)?;
        for (name, text) in &self.context {
            write!(formatter, "\n{name}: {text}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::new("the server to do what the step asks of it", error.to_string())
    }
}

/// A value as people write it in a feature; nothing as a word.
pub(crate) fn worded(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}
