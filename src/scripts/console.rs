//! What a script writes with `console`: kept for its trace, and bounded.

use serde::Serialize;

/// The longest line that is kept whole, in characters.
const LONGEST_LINE: usize = 1000;

/// The most lines that are kept.
const MOST_LINES: usize = 200;

/// A line of a script's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ConsoleLine {
    /// `log`, `info`, `warn`, `error` or `debug`.
    pub(crate) level: String,
    pub(crate) text: String,
}

/// The lines of one run.
#[derive(Debug, Default)]
pub(super) struct Console {
    lines: Vec<ConsoleLine>,
    lost: usize,
}

impl Console {
    pub(super) fn write(&mut self, level: String, text: &str) {
        if self.lines.len() >= MOST_LINES {
            self.lost = self.lost.saturating_add(1);
            return;
        }
        let mut short: String = text.chars().take(LONGEST_LINE).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        self.lines.push(ConsoleLine { level, text: short });
    }

    /// All lines, the last of which says how many more there were.
    pub(super) fn into_lines(mut self) -> Vec<ConsoleLine> {
        if self.lost > 0 {
            let text = format!("({} more lines are not kept)", self.lost);
            self.lines.push(ConsoleLine { level: "warn".to_owned(), text });
        }
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_console_is_bounded_and_says_what_is_missing() {
        let mut console = Console::default();
        console.write("log".to_owned(), &"é".repeat(LONGEST_LINE + 1));
        for _ in 0..MOST_LINES + 5 {
            console.write("log".to_owned(), "x");
        }
        let lines = console.into_lines();
        assert_eq!(lines.len(), MOST_LINES + 1);
        assert_eq!(lines[0].text.chars().count(), LONGEST_LINE + 1);
        assert_eq!(lines.last().unwrap().text, "(6 more lines are not kept)");
    }
}
