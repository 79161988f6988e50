//! What the step library says of itself: every sentence, what may stand in it, and what it is good for. Read from the
//! sources of the steps, so that it can't say anything else than they do.

pub mod nearest;
pub mod page;
mod read;
pub mod sentence;
pub mod snippet;

use crate::gherkin::reference::sentence::Sentence;

/// Every step there is.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The concepts, in the order of their names.
    pub concepts: Vec<Concept>,
    /// What may stand for the words in braces.
    pub words: Vec<Word>,
}

/// The steps about one thing.
#[derive(Debug, Clone)]
pub struct Concept {
    /// A title, and perhaps more about it.
    pub about: String,
    /// In the order of the source.
    pub steps: Vec<Entry>,
}

/// A step.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The sentences that mean it, one for each keyword that it may follow.
    pub sentences: Vec<Sentence>,
    /// What it does, in Markdown.
    pub about: String,
    /// A line of a feature, keyword included.
    pub example: String,
}

/// A word in braces.
#[derive(Debug, Clone)]
pub struct Word {
    /// Without the braces.
    pub name: String,
    /// What may stand for it, in Markdown.
    pub about: String,
}

impl Reference {
    /// The steps of this program.
    pub fn own() -> Self {
        let mut words = standard_words();
        words.extend(read::words(include_str!("../parameters.rs")));
        words.extend(read::words(include_str!("../mishap.rs")));
        let mut concepts = Vec::new();
        for source in crate::gherkin::steps::sources::SOURCES {
            words.extend(read::words(source));
            concepts.push(read::concept(source));
        }
        words.sort_by(|one, other| one.name.cmp(&other.name));
        Self { concepts, words }
    }

    /// Every step.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.concepts.iter().flat_map(|concept| &concept.steps)
    }

    /// The steps in whose sentences, description or concept every one of `words` occurs, in whatever case.
    #[must_use]
    pub fn about(&self, words: &[String]) -> Self {
        let wanted: Vec<_> = words.iter().map(|word| word.to_lowercase()).collect();
        let mut found = self.clone();
        for concept in &mut found.concepts {
            let about = concept.about.to_lowercase();
            concept.steps.retain(|entry| {
                let text = format!("{about} {}", entry.text().to_lowercase());
                wanted.iter().all(|word| text.contains(word.as_str()))
            });
        }
        found.concepts.retain(|concept| !concept.steps.is_empty());
        let used: Vec<_> = found.entries().flat_map(Entry::words).collect();
        found.words.retain(|word| used.contains(&word.name));
        found
    }
}

impl Entry {
    /// The words in braces in its sentences, each once.
    pub fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for word in self.sentences.iter().flat_map(Sentence::words) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }

    fn text(&self) -> String {
        let sentences: Vec<_> = self.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
        format!("{} {} {}", sentences.join(" "), self.about, self.example)
    }
}

/// The words that every Cucumber knows.
fn standard_words() -> Vec<Word> {
    let word = |name: &str, about: &str| Word { name: name.to_owned(), about: about.to_owned() };
    vec![
        word("string", "A text in quotes: `\"ana@people.example\"`."),
        word("int", "A whole number: `3`."),
        word("float", "A number: `0.5`."),
        word("word", "A single word without quotes."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gherkin::world::World;
    use ::gherkin::{Feature, GherkinEnv};
    use cucumber::World as _;

    #[test]
    fn every_step_has_a_sentence_a_description_and_an_example_that_it_understands() {
        let known = World::collection();
        for entry in Reference::own().entries() {
            assert!(!entry.sentences.is_empty() && !entry.about.is_empty(), "{entry:?}");
            let text = format!("Feature: f\n  Scenario: s\n    {}\n", entry.example);
            let feature = Feature::parse(text, GherkinEnv::default()).unwrap();
            assert!(known.find(&feature.scenarios[0].steps[0]).unwrap().is_some(), "{}", entry.example);
        }
    }

    #[test]
    fn every_word_in_braces_is_explained() {
        let reference = Reference::own();
        for entry in reference.entries() {
            for word in entry.words() {
                assert!(reference.words.iter().any(|known| known.name == word), "{{{word}}} in {entry:?}");
            }
        }
    }

    #[test]
    fn steps_are_found_by_their_words() {
        let found = Reference::own().about(&["signs".to_owned(), "DECLINING".to_owned()]);
        assert_eq!(found.entries().count(), 1);
        let words: Vec<_> = found.words.iter().map(|word| word.name.as_str()).collect();
        assert_eq!(words, ["person", "provider", "string"]);
    }
}
