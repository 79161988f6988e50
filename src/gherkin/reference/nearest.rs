//! The known sentences that are most like one that nobody knows.

use crate::gherkin::reference::Reference;
use crate::gherkin::reference::sentence::Sentence;
use ::gherkin::{Step, StepType};

/// How many are shown.
const SHOWN: usize = 3;

/// How alike a sentence must be to be worth showing, from 0 to 1.
const ALIKE: f64 = 0.5;

/// Known sentences like that of `step`, with an example each; the likest first.
pub fn nearest<'a>(reference: &'a Reference, step: &Step) -> Vec<(&'a Sentence, &'a str)> {
    let wanted = shape(&step.value);
    let keyword = keyword(step.ty);
    let mut found: Vec<(f64, &Sentence, &str)> = Vec::new();
    for entry in reference.entries() {
        // A sentence that is known after another keyword only is the nearest there is.
        let of_keyword = entry.sentences.iter().find(|sentence| sentence.keyword == keyword);
        let Some(sentence) = of_keyword.or(entry.sentences.first()) else { continue };
        let (_, example) = entry.example.split_once(' ').unwrap_or_default();
        let like = |text: &str| strsim::sorensen_dice(text, &wanted).max(strsim::normalized_levenshtein(text, &wanted));
        let likeness = like(&shape(&sentence.text)).max(like(&shape(example)));
        if likeness >= ALIKE {
            found.push((likeness, sentence, &entry.example));
        }
    }
    found.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    found.into_iter().take(SHOWN).map(|(_, sentence, example)| (sentence, example)).collect()
}

/// The keyword that a step counts as: `And` goes with the one before it.
pub(super) fn keyword(kind: StepType) -> &'static str {
    match kind {
        StepType::Given => "Given",
        StepType::When => "When",
        StepType::Then => "Then",
    }
}

/// A sentence without what differs from use to use: quoted texts and words in braces.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '{']) {
        let (before, from) = rest.split_at(at);
        shape.push_str(before);
        shape.push('_');
        let closing = if from.starts_with('"') { '"' } else { '}' };
        let inner = from.get(1..).unwrap_or_default();
        rest = inner.split_once(closing).map_or("", |(_, after)| after);
    }
    shape.push_str(rest);
    shape.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::gherkin::{Feature, GherkinEnv};

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let text = format!("Feature: f\n  Scenario: s\n    {line}\n");
        let feature = Feature::parse(text, GherkinEnv::default()).unwrap();
        let reference = Reference::own();
        let found = nearest(&reference, &feature.scenarios[0].steps[0]);
        assert_eq!(found.first().map(|(sentence, _)| sentence.to_string()).as_deref(), Some(expected), "{found:?}");
    }

    #[test]
    fn what_was_meant_comes_first() {
        check("When \"ana\" sings in with Facebook", "When {person} signs in with (the ){provider}");
        check("Given \"ana\" has an Google acount", "Given {person} has a(n) {provider} account");
        check("When the profile of \"ana\" has \"a\" \"b\"", "Then the {reading} of {person} has {string} {value}");
    }

    #[test]
    fn what_is_like_nothing_finds_nothing() {
        let text = "Feature: f\n  Scenario: s\n    Given zzz\n";
        let feature = Feature::parse(text, GherkinEnv::default()).unwrap();
        assert!(nearest(&Reference::own(), &feature.scenarios[0].steps[0]).is_empty());
    }
}
