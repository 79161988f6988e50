//! A query string, cut into tokens.

use crate::store::search::SearchError;
use crate::store::search::pattern::Pattern;
use crate::store::search::query::Bound;
use crate::store::search::query::FieldName;
use crate::store::search::query::Range;
use crate::store::search::query::Wanted;

/// How many characters a query may have.
const MOST_CHARACTERS: usize = 16_384;

/// Characters that end a word unless a backslash stands before them.
const SPECIAL: &str = "()[]{}\":^~";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    /// `NOT`, `!` or `-`.
    Not,
    /// `+`
    Must,
    /// `name:`
    Field(FieldName),
    Value(Wanted),
}

/// A token and the character that it begins with.
pub(super) type Placed = (Token, usize);

struct Lexer {
    characters: Vec<char>,
    at: usize,
}

/// A character, and whether a backslash stood before it.
type Written = (char, bool);

/// Cuts a query into tokens.
///
/// # Errors
/// [`SearchError`] where a quote or a range isn't closed, and for what the language lacks.
pub(super) fn lex(text: &str) -> Result<Vec<Placed>, SearchError> {
    let characters: Vec<char> = text.chars().take(MOST_CHARACTERS.saturating_add(1)).collect();
    if characters.len() > MOST_CHARACTERS {
        return Err(SearchError(format!("the query has more than {MOST_CHARACTERS} characters")));
    }
    let mut lexer = Lexer { characters, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_spaces();
        let at = lexer.at;
        match lexer.token()? {
            Some(token) => tokens.push((token, at)),
            None => return Ok(tokens),
        }
    }
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(next)
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// The next token; `None` at the end.
    fn token(&mut self) -> Result<Option<Token>, SearchError> {
        let at = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let token = match first {
            '(' => Token::Open,
            ')' => Token::Close,
            '+' => Token::Must,
            '-' | '!' => Token::Not,
            '"' => return self.phrase().map(|phrase| Some(Token::Value(Wanted::Value(phrase)))),
            '[' | '{' => return self.range().map(|range| Some(Token::Value(Wanted::Range(range)))),
            ']' | '}' | ':' => return Err(SearchError::at(&format!("unexpected \"{first}\""), at)),
            '^' | '~' => return Err(unsupported(first, at)),
            '/' => return Err(SearchError::at("regular expressions are not supported", at)),
            _ => return self.word().map(Some),
        };
        self.next();
        Ok(Some(token))
    }

    /// What is between quotes; the first character is the opening one.
    fn phrase(&mut self) -> Result<String, SearchError> {
        let at = self.at;
        self.next();
        let mut phrase = String::new();
        loop {
            match self.next() {
                Some('"') => break,
                Some('\\') => phrase.extend(self.next()),
                Some(other) => phrase.push(other),
                None => return Err(SearchError::at("the quote is not closed that opens", at)),
            }
        }
        match self.peek() {
            Some(mark @ ('^' | '~')) => Err(unsupported(mark, self.at)),
            _ => Ok(phrase),
        }
    }

    fn word(&mut self) -> Result<Token, SearchError> {
        let at = self.at;
        let written = self.written(SPECIAL)?;
        if self.peek() == Some(':') {
            self.next();
            return Ok(Token::Field(field_name(&written)));
        }
        if let Some(mark @ ('^' | '~')) = self.peek() {
            return Err(unsupported(mark, self.at));
        }
        let escaped = written.iter().any(|(_, escaped)| *escaped);
        let text: String = written.iter().map(|(character, _)| character).collect();
        match text.as_str() {
            "AND" | "&&" if !escaped => Ok(Token::And),
            "OR" | "||" if !escaped => Ok(Token::Or),
            "NOT" if !escaped => Ok(Token::Not),
            "" => Err(SearchError::at("a word is missing", at)),
            _ if written.contains(&('*', false)) => Ok(Token::Value(Wanted::Pattern(Pattern::new(&written)))),
            _ => Ok(Token::Value(Wanted::Value(text))),
        }
    }

    /// Characters up to a space or one of `ends`.
    fn written(&mut self, ends: &str) -> Result<Vec<Written>, SearchError> {
        let mut written = Vec::new();
        while let Some(character) = self.peek() {
            if character.is_whitespace() || ends.contains(character) {
                break;
            }
            self.next();
            written.push(match character {
                '\\' => {
                    let at = self.at;
                    (self.next().ok_or_else(|| SearchError::at("nothing follows the backslash", at))?, true)
                }
                plain => (plain, false),
            });
        }
        Ok(written)
    }

    /// `[low TO high]`; the first character is the opening bracket.
    fn range(&mut self) -> Result<Range, SearchError> {
        let at = self.at;
        let broken = || SearchError::at("a range is like [low TO high], and this one is not,", at);
        let low_inclusive = self.next() == Some('[');
        let low = self.bound()?;
        self.skip_spaces();
        let to: String = self.written("]}\"")?.into_iter().map(|(character, _)| character).collect();
        let high = self.bound()?;
        self.skip_spaces();
        let high_inclusive = match self.next() {
            Some(']') => true,
            Some('}') => false,
            _ => return Err(broken()),
        };
        if to != "TO" || low.as_deref() == Some("") || high.as_deref() == Some("") {
            return Err(broken());
        }
        let bound = |value: Option<String>, inclusive| value.map(|value| Bound { value, inclusive });
        Ok(Range { low: bound(low, low_inclusive), high: bound(high, high_inclusive) })
    }

    /// A bound of a range; `None` is the open one.
    fn bound(&mut self) -> Result<Option<String>, SearchError> {
        self.skip_spaces();
        if self.peek() == Some('"') {
            return self.phrase().map(Some);
        }
        let written = self.written("]}\"")?;
        if written == [('*', false)] {
            return Ok(None);
        }
        Ok(Some(written.into_iter().map(|(character, _)| character).collect()))
    }
}

fn unsupported(mark: char, at: usize) -> SearchError {
    let what = if mark == '~' { "fuzzy search (~) is not supported" } else { "boosting (^) is not supported" };
    SearchError::at(what, at)
}

/// A name at its dots, but for those that a backslash keeps.
fn field_name(written: &[Written]) -> FieldName {
    let parts = written.split(|part| *part == ('.', false));
    parts.map(|part| part.iter().map(|(character, _)| character).collect()).collect()
}
