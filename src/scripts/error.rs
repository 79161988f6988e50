//! How a script can fail, told in the words that help who wrote it.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;

/// Why a script gave no answer. Display is a whole line for people, with the place in their file where there is one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum ScriptError {
    /// It can't be read, threw, rejected its promise, or called back with an error.
    #[error("{0}")]
    Threw(Box<Thrown>),
    #[error("the script was stopped: it took longer than {limit:?}")]
    TimedOut { limit: Duration },
    #[error("the script was stopped: it used more than {} MiB of memory", .bytes >> 20)]
    OutOfMemory { bytes: usize },
    /// What the engine throws when nothing is left to make an error of.
    #[error("null was thrown, by the script or because it used more than {} MiB of memory", .bytes >> 20)]
    Null { bytes: usize },
    #[error("the script ended without an answer: it neither called back nor settled its promise")]
    NoAnswer,
    #[error("the script is longer than {bytes} bytes")]
    SourceTooLong { bytes: usize },
    #[error("the script's answer is longer than {bytes} bytes of JSON")]
    AnswerTooLong { bytes: usize },
    #[error("read the script's answer: {0}")]
    Answer(String),
    #[error("the script could not be run: others take all places for scripts")]
    Busy,
    #[error("run the script: {0}")]
    Engine(String),
}

/// Something thrown, with what it says of itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Thrown {
    /// `TypeError`, …; what isn't an error has none.
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) message: String,
    #[serde(default)]
    stack: String,
    /// Its other properties, such as `code`.
    #[serde(default)]
    pub(crate) properties: Map<String, Value>,
    /// Where in the user's file.
    #[serde(skip)]
    pub(crate) place: Option<Place>,
}

/// A place in a user's file, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Thrown {
    pub(super) fn new(name: String, message: String, stack: String) -> Self {
        Self { name, message, stack, properties: Map::new(), place: None }
    }

    /// Finds the innermost place in `file` that the stack names. The first line of the file stands `indent` columns
    /// to the right there, because it has the head of a function in front of it.
    #[must_use]
    pub(super) fn placed(mut self, file: &str, indent: u32) -> Self {
        self.place = self.stack.lines().find_map(|frame| {
            let (_, position) = frame.rsplit_once(&format!("{file}:"))?;
            let (line, column) = position.trim_end_matches(')').split_once(':')?;
            let (line, column) = (line.parse().ok()?, column.parse::<u32>().ok()?);
            let column = if line == 1 { column.saturating_sub(indent).max(1) } else { column };
            Some(Place { file: file.to_owned(), line, column })
        });
        self
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name.as_str(), self.message.as_str()) {
            ("", message) => write!(f, "{message}")?,
            (name, "") => write!(f, "{name}")?,
            (name, message) => write!(f, "{name}: {message}")?,
        }
        match &self.place {
            Some(Place { file, line, column }) => write!(f, " ({file}:{line}:{column})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stack: &str, expected: &str) {
        let thrown = Thrown::new("TypeError".to_owned(), "no".to_owned(), stack.to_owned());
        assert_eq!(thrown.placed("a/b.js", 10).to_string(), expected);
    }

    #[test]
    fn the_innermost_place_in_the_users_file_is_told() {
        check("    at f (native)\n    at g (a/b.js:3:11)\n    at h (a/b.js:9:1)", "TypeError: no (a/b.js:3:11)");
        check("    at a/b.js:1:15\n", "TypeError: no (a/b.js:1:5)");
        check("    at a/b.js:1:4\n", "TypeError: no (a/b.js:1:1)");
        check("    at f (other.js:3:11)\n    at x (a/b.js:x:1)", "TypeError: no");
        check("", "TypeError: no");
    }
}
