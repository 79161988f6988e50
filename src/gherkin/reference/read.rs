//! Reads the source of a file of steps: its documentation, its sentences, the words that it defines.

use crate::gherkin::reference::sentence::{Sentence, of_regex};
use crate::gherkin::reference::{Concept, Entry, Word};

const KEYWORDS: [(&str, &str); 3] = [("#[given(", "Given"), ("#[when(", "When"), ("#[then(", "Then")];

/// The steps of one file.
pub(super) fn concept(source: &str) -> Concept {
    let about: Vec<_> = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let mut steps = Vec::new();
    let (mut docs, mut sentences) = (Vec::new(), Vec::new());
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if let Some(doc) = line.strip_prefix("///") {
            docs.push(doc.trim());
        } else if let Some((opening, keyword)) = KEYWORDS.iter().find(|(opening, _)| line.starts_with(opening)) {
            let mut attribute = line.to_owned();
            while !attribute.ends_with(")]") {
                let Some(more) = lines.next() else { break };
                attribute = format!("{attribute} {}", more.trim());
            }
            sentences.extend(sentence(keyword, attribute.strip_prefix(opening).unwrap_or_default()));
        } else if !line.starts_with("#[") {
            if !sentences.is_empty() {
                steps.push(entry(&docs, std::mem::take(&mut sentences)));
            }
            docs.clear();
        }
    }
    Concept { about: about.join(" "), steps }
}

/// The words in braces that a file defines: types with `#[param(name = "…")]`.
pub(super) fn words(source: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut docs = Vec::new();
    for line in source.lines() {
        if let Some(doc) = line.strip_prefix("///") {
            docs.push(doc.trim());
        } else if let Some((_, rest)) = line.trim_start().trim_start_matches("#[param(").split_once("name = \"")
            && let Some((name, _)) = rest.split_once('"')
            && !docs.is_empty()
        {
            words.push(Word { name: name.to_owned(), about: docs.join(" ") });
        } else if line.starts_with(|start: char| start.is_alphabetic()) {
            docs.clear();
        }
    }
    words
}

fn entry(docs: &[&str], mut sentences: Vec<Sentence>) -> Entry {
    sentences.dedup();
    let example = docs.iter().find_map(|line| line.strip_prefix("Example: `")).unwrap_or_default();
    let about: Vec<_> = docs.iter().take_while(|line| !line.starts_with("Example:")).copied().collect();
    Entry { sentences, about: about.join(" ").trim().to_owned(), example: example.trim_end_matches('`').to_owned() }
}

/// Reads `expr = "…")]`, `regex = r#"…"#)]` or `"…")]`.
fn sentence(keyword: &'static str, attribute: &str) -> Option<Sentence> {
    let attribute = attribute.trim();
    let (is_regex, literal) = match (attribute.strip_prefix("regex = "), attribute.strip_prefix("expr = ")) {
        (Some(literal), _) => (true, literal),
        (_, Some(literal)) => (false, literal),
        _ => (false, attribute),
    };
    let literal = literal.trim_end_matches(")]").trim().trim_end_matches(',');
    let raw = literal.strip_prefix('r').map(|raw| raw.trim_matches('#'));
    let text = raw.unwrap_or(literal).strip_prefix('"')?.strip_suffix('"')?;
    let text = if raw.is_some() { text.to_owned() } else { text.replace("\\\"", "\"").replace("\\\\", "\\") };
    Some(Sentence { keyword, text: if is_regex { of_regex(&text) } else { text } })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r##"//! Signing in.

use x;

/// A kind: `a`, `b`.
#[derive(Debug)]
#[param(
    name = "kind",
    regex = "a|b"
)]
pub enum Kind {}

/// Somebody signs in,
/// with luck.
///
/// Example: `When "ana" signs in`
#[given(expr = "{person} signs in")]
#[when(
    regex = r#"^"([^"]*)" signs (in|up)$"#
)]
async fn signs_in() {}

/// No step.
fn helper() {}
"##;

    #[test]
    fn a_source_tells_its_steps_and_its_words() {
        let concept = concept(SOURCE);
        assert_eq!(concept.about, "Signing in.");
        let [step] = concept.steps.as_slice() else { panic!("{concept:?}") };
        let sentences: Vec<_> = step.sentences.iter().map(Sentence::to_string).collect();
        assert_eq!(sentences, ["Given {person} signs in", "When {string} signs in/up"]);
        assert_eq!(step.about, "Somebody signs in, with luck.");
        assert_eq!(step.example, "When \"ana\" signs in");
        let words: Vec<_> = words(SOURCE).into_iter().map(|word| (word.name, word.about)).collect();
        assert_eq!(words, [("kind".to_owned(), "A kind: `a`, `b`.".to_owned())]);
    }
}
