//! The reference as a page in Markdown: the file `STEPS.md` beside this folder, and what `impostor features --steps`
//! prints.

use crate::gherkin::reference::{Concept, Entry, Reference};
use std::fmt;

const INTRODUCTION: &str = "\
Every sentence that features may use, grouped by what it is about. Made from the sources; `impostor features --steps WORD…`
prints the steps about some words.

`And` and `But` stand for the keyword before them. `(the )` may be left out; of `her/his` and of `[another one/the same]`
one is chosen. A sentence that ends in a colon is followed by a table or a text.";

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "# Steps\n\n{INTRODUCTION}\n")?;
        write!(formatter, "{} steps.\n\n## Words in braces\n\n", self.entries().count())?;
        writeln!(formatter, "| word | what may stand for it |\n| --- | --- |")?;
        for word in &self.words {
            writeln!(formatter, "| `{{{}}}` | {} |", word.name, word.about.replace('|', "\\|"))?;
        }
        self.concepts
            .iter()
            .filter(|concept| !concept.steps.is_empty())
            .try_for_each(|concept| write!(formatter, "\n{concept}"))
    }
}

impl fmt::Display for Concept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (title, more) = self.about.split_once(". ").unwrap_or((self.about.trim_end_matches('.'), ""));
        writeln!(formatter, "## {title}")?;
        if !more.is_empty() {
            writeln!(formatter, "\n{more}")?;
        }
        self.steps.iter().try_for_each(|entry| write!(formatter, "\n{entry}"))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
        for sentence in &self.sentences {
            match said.iter_mut().find(|(text, _)| *text == sentence.text) {
                Some((_, keywords)) => keywords.push(sentence.keyword),
                None => said.push((&sentence.text, vec![sentence.keyword])),
            }
        }
        for (text, keywords) in said {
            writeln!(formatter, "- {} **`{text}`**", keywords.join(", "))?;
        }
        writeln!(formatter, "  <br>{}", self.about)?;
        writeln!(formatter, "  <br>`{}`", self.example)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_GOLDEN=1 cargo test` writes it anew.
    #[test]
    fn the_reference_page_says_what_the_steps_say() {
        let page = Reference::own().to_string();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/gherkin/STEPS.md");
        #[expect(clippy::disallowed_methods, reason = "how a developer asks for new golden files")]
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(file, &page).unwrap();
        }
        let kept = std::fs::read_to_string(file).unwrap_or_default();
        assert_eq!(kept, page, "run UPDATE_GOLDEN=1 cargo test");
    }
}
