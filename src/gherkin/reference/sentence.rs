//! The sentence of a step, as people read it.

use std::fmt;

/// A sentence and the keyword that it follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// `Given`, `When` or `Then`.
    pub keyword: &'static str,
    /// The words. `{person}` stands for a word of that kind, `(the )` may be left out, of `her/his` one is chosen.
    pub text: String,
}

impl Sentence {
    /// The words in braces, in order.
    pub fn words(&self) -> Vec<String> {
        let inner = self.text.split('{').skip(1).filter_map(|part| part.split_once('}'));
        inner.map(|(word, _)| word.to_owned()).filter(|word| !word.is_empty()).collect()
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.keyword, self.text)
    }
}

/// A regular expression of a step in the manner of the other sentences.
pub(super) fn of_regex(regex: &str) -> String {
    let regex = regex.trim_start_matches('^').trim_end_matches('$');
    let mut text = regex.replace(r#""([^"]*)""#, "{string}").replace(r"(\{.*\})", "{value}");
    text = text.replace(r"(\d+)", "{int}").replace("(?:", "(");
    let mut readable = String::new();
    while let Some((before, rest)) = text.split_once('(') {
        let (group, after) = rest.split_once(')').unwrap_or((rest, ""));
        readable.push_str(&optional_letter(before));
        let left_out = after.strip_prefix('?');
        match left_out {
            Some(_) => readable.extend(["(", group, ")"]),
            None => readable.push_str(&alternatives(group)),
        }
        text = left_out.unwrap_or(after).to_owned();
    }
    readable.push_str(&optional_letter(&text));
    readable
}

/// `her|his` as `her/his`; where the choices have several words, in brackets: `[another one/the same]`.
fn alternatives(group: &str) -> String {
    let chosen = group.replace('|', "/");
    if group.contains(' ') { format!("[{chosen}]") } else { chosen }
}

/// `permissions?` as `permission(s)`.
fn optional_letter(text: &str) -> String {
    let mut readable = String::new();
    for letter in text.chars() {
        match (letter, readable.pop()) {
            ('?', Some(before)) => readable.extend(['(', before, ')']),
            (letter, before) => readable.extend(before.into_iter().chain([letter])),
        }
    }
    readable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(regex: &str, expected: &str) {
        assert_eq!(of_regex(regex), expected);
    }

    #[test]
    fn expressions_become_readable() {
        check(
            r#"^the app signs "([^"]*)" in with (?:her|his) password$"#,
            "the app signs {string} in with her/his password",
        );
        check(r#"^"([^"]*)" is (another one|the same)$"#, "{string} is [another one/the same]");
        check(r#"^"([^"]*)" has (no )?"([^"]*)"$"#, "{string} has (no ){string}");
        check(r#"^the permissions? "([^"]*)"$"#, "the permission(s) {string}");
    }
}
