//! The lines of an LDIF file: continuations joined, comments gone. Source: RFC 2849, "Notes on LDIF syntax" 2.

/// A place in a file; both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A line with its continuations.
#[derive(Debug)]
pub(super) struct Line {
    /// Without line ends and the spaces that mark continuations.
    pub(super) text: String,
    /// For each line in the file: at which byte of `text` it begins.
    pieces: Vec<usize>,
    first: usize,
}

impl Line {
    /// Where a byte of the text is in the file.
    pub(super) fn position(&self, byte: usize) -> Position {
        let piece = self.pieces.iter().rposition(|start| *start <= byte).unwrap_or(0);
        let start = self.pieces.get(piece).copied().unwrap_or(0);
        let before = self.text.get(start..byte).map_or(0, |before| before.chars().count());
        // A continuation is behind a space.
        Position { line: self.first + piece, column: before + 1 + usize::from(piece > 0) }
    }
}

/// The lines of a file, comments left out. The empty ones stay: they end entries.
///
/// # Errors
/// The place of a line that continues nothing.
pub(super) fn lines(text: &str) -> Vec<Result<Line, Position>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines: Vec<Result<Line, Position>> = Vec::new();
    // Comments have continuations, too.
    let mut in_comment = false;
    for (place, line) in text.lines().enumerate() {
        if let Some(continuation) = line.strip_prefix(' ') {
            match lines.last_mut() {
                _ if in_comment => {}
                Some(Ok(last)) if !last.text.is_empty() => {
                    last.pieces.push(last.text.len());
                    last.text.push_str(continuation);
                }
                // A line of spaces looks empty to people.
                _ if continuation.trim().is_empty() => lines.push(Ok(Line::new("", place + 1))),
                _ => lines.push(Err(Position { line: place + 1, column: 1 })),
            }
            continue;
        }
        in_comment = line.starts_with('#');
        if !in_comment {
            lines.push(Ok(Line::new(line, place + 1)));
        }
    }
    lines
}

impl Line {
    fn new(text: &str, line: usize) -> Self {
        Self { text: text.to_owned(), pieces: vec![0], first: line }
    }
}
