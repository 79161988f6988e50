//! What is said of a sentence that nobody knows: the known ones that are like it, and the function to write for it.

use crate::gherkin::reference::Reference;
use crate::gherkin::reference::nearest::{keyword, nearest};
use ::gherkin::Step;

/// All that helps an author whose sentence nobody knows.
pub fn undefined(step: &Step) -> String {
    let reference = Reference::own();
    let near = nearest(&reference, step);
    let mut text = "there is no such sentence".to_owned();
    if !near.is_empty() {
        text.push_str("\nthe nearest ones are");
        for (sentence, example) in near {
            text.extend(["\n  ", &sentence.to_string(), "\n      ", example]);
        }
    }
    format!("{text}\nto add it with the Rust library\n{}", indented(&snippet(step)))
}

/// The function to write for a step, in Rust.
pub fn snippet(step: &Step) -> String {
    let (expression, count) = expression(&step.value);
    let mut arguments: Vec<_> = (1..=count).map(|number| format!("text_{number}: String")).collect();
    if step.table.is_some() || step.docstring.is_some() {
        arguments.push("step: &Step".to_owned());
    }
    let arguments: String = arguments.iter().flat_map(|argument| [", ", argument.as_str()]).collect();
    format!(
        "#[{attribute}(expr = {expression:?})]\nasync fn {name}(world: &mut World{arguments}) -> Result<(), Failure> {{\n    \
         Err(Failure::new(\"this step to be written\", \"nothing\"))\n}}",
        attribute = keyword(step.ty).to_lowercase(),
        name = name(&step.value),
    )
}

/// The sentence with `{string}` for each text in quotes, and how many these are. What would mean something to Cucumber
/// is escaped.
fn expression(sentence: &str) -> (String, usize) {
    let mut expression = String::new();
    let mut count = 0;
    for (index, part) in sentence.split('"').enumerate() {
        if index % 2 == 0 {
            part.chars().for_each(|char| {
                if "(){}/\\".contains(char) {
                    expression.push('\\');
                }
                expression.push(char);
            });
        } else {
            count += 1;
            expression.push_str("{string}");
        }
    }
    (expression, count)
}

/// The words outside of quotes as a function's name.
fn name(sentence: &str) -> String {
    const LONGEST: usize = 6;
    let outside: String = sentence.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let words = outside.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.take(LONGEST).map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    if name.starts_with(|start: char| start.is_ascii_alphabetic()) { name } else { format!("step_{name}") }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::gherkin::{Feature, GherkinEnv};

    fn step(line: &str) -> Step {
        let text = format!("Feature: f\n  Scenario: s\n    {line}\n");
        Feature::parse(text, GherkinEnv::default()).unwrap().scenarios.remove(0).steps.remove(0)
    }

    #[test]
    fn a_snippet_is_a_function_to_fill_in() {
        let expected = "#[when(expr = \"{string} buys 3 \\\\(red\\\\) {string}\")]\n\
                        async fn buys_3_red(world: &mut World, text_1: String, text_2: String) -> Result<(), Failure> {\n    \
                        Err(Failure::new(\"this step to be written\", \"nothing\"))\n}";
        assert_eq!(snippet(&step("When \"ana\" buys 3 (red) \"hats\"")), expected);
    }

    #[test]
    fn an_author_is_told_what_was_probably_meant() {
        let text = undefined(&step("When \"ana\" sings in with Facebook"));
        assert!(
            text.starts_with("there is no such sentence\nthe nearest ones are\n  When {person} signs in"),
            "{text}"
        );
        assert!(text.contains("async fn sings_in_with_facebook("), "{text}");
    }
}
