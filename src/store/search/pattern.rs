//! Words with `*` in them, which stands for any characters, none included.

/// Literal pieces between the stars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// What the value begins with; empty if the pattern begins with a star.
    start: String,
    /// In this order, anywhere.
    middle: Vec<String>,
    end: String,
}

impl Pattern {
    /// From characters, each with whether a backslash stood before it. There is at least one plain star.
    pub(super) fn new(written: &[(char, bool)]) -> Self {
        let pieces = written.split(|part| *part == ('*', false));
        let mut pieces: Vec<String> =
            pieces.map(|piece| piece.iter().map(|(character, _)| character).collect()).collect();
        let end = pieces.pop().unwrap_or_default();
        let mut pieces = pieces.into_iter();
        let start = pieces.next().unwrap_or_default();
        Self { start, middle: pieces.filter(|piece| !piece.is_empty()).collect(), end }
    }

    /// Stars alone.
    pub(super) fn is_anything(&self) -> bool {
        self.start.is_empty() && self.middle.is_empty() && self.end.is_empty()
    }

    /// Whether it begins with a star and has fewer than three literal characters: the real service refuses it.
    pub(super) fn is_too_wide(&self) -> bool {
        let literals = self.middle.iter().chain([&self.end]).map(|piece| piece.chars().count());
        self.start.is_empty() && literals.sum::<usize>() < 3
    }

    pub(super) fn to_lowercase(&self) -> Self {
        let lower = |text: &String| text.to_lowercase();
        Self { start: lower(&self.start), middle: self.middle.iter().map(lower).collect(), end: lower(&self.end) }
    }

    pub(super) fn fits(&self, text: &str) -> bool {
        let Some(rest) = text.strip_prefix(self.start.as_str()) else { return false };
        let Some(mut rest) = rest.strip_suffix(self.end.as_str()) else { return false };
        // The first place of each piece leaves the most for those after it.
        for piece in &self.middle {
            match rest.split_once(piece.as_str()) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        let written: Vec<_> = pattern.chars().map(|character| (character, false)).collect();
        Pattern::new(&written).fits(text)
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text, expected) in [
            ("jo*", "john", true),
            ("jo*", "ajohn", false),
            ("*ohn", "john", true),
            ("*oh*", "john", true),
            ("j*h*n", "john", true),
            ("j*n*h", "john", false),
            ("jane*smith", "jane o. smith", true),
            ("ab*ba", "aba", false),
            ("*é*", "René", true),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_that_begins_with_a_star_needs_three_characters() {
        let is_too_wide = |text: &str| {
            Pattern::new(&text.chars().map(|character| (character, false)).collect::<Vec<_>>()).is_too_wide()
        };
        assert!(is_too_wide("*sa") && is_too_wide("*s*a*"));
        assert!(!is_too_wide("*usa") && !is_too_wide("j*") && !is_too_wide("*a*bc"));
    }
}
