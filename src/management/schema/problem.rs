//! What doesn't fit a shape, and the refusal that it becomes.

use crate::management::error::ApiError;

/// What doesn't fit, and where: `rule.match[0].name`, or nothing for the body itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) text: String,
    pub(super) path: String,
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem { text, path } if path.is_empty() => Self::InvalidBody(text),
            Problem { text, path } => Self::InvalidProperty { problem: text, property: path },
        }
    }
}
