//! What is wrong with a feature's text, told with its line.

use ::gherkin::{Feature, GherkinEnv, Scenario};
use std::fmt::Display;

/// The words that Scenario Outlines begin with; in other languages an outline is known by its examples.
const OUTLINES: [&str; 2] = ["Scenario Outline", "Scenario Template"];

/// Whatever would not be run, and so could not fail.
pub(crate) fn not_run(feature: &Feature) -> Option<String> {
    let of_rules = feature.rules.iter().flat_map(|rule| &rule.scenarios);
    feature.scenarios.iter().chain(of_rules).find_map(|scenario| {
        let lacks = if scenario.steps.is_empty() {
            // A misspelt keyword makes a step a part of the description.
            "has no steps"
        } else if is_without_rows(scenario) {
            "has no rows of examples, so that nothing of it is run"
        } else {
            return None;
        };
        Some(format!("line {}: {:?} {lacks}", scenario.position.line, scenario.name))
    })
}

fn is_without_rows(scenario: &Scenario) -> bool {
    let mut tables = scenario.examples.iter().filter_map(|examples| examples.table.as_ref());
    let is_outline = OUTLINES.contains(&scenario.keyword.trim()) || !scenario.examples.is_empty();
    is_outline && !tables.any(|table| table.rows.len() > 1)
}

/// What the parser's error means: it knows the place, and little else.
pub(crate) fn told(text: &str, error: &impl Display) -> String {
    if let Some(Err(unknown)) = language(text).map(GherkinEnv::new) {
        return unknown.to_string();
    }
    let error = error.to_string();
    let Some((line, column)) = place(&error) else { return error };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    // What the parser takes for a description it reads to its end, and then finds nothing: the last line is the culprit.
    let written = lines.iter().take(line).rposition(|line| !line.is_empty()).map_or(line, |index| index + 1);
    let there = written.checked_sub(1).and_then(|index| lines.get(index)).copied().unwrap_or_default();
    let at = if written == line { format!("line {line}, column {column}") } else { format!("line {written}") };
    let before = lines.iter().take(written.saturating_sub(1)).rev().find(|before| !before.is_empty());
    if there.starts_with('|') || before.is_some_and(|before| before.starts_with('|')) {
        return format!("{at}: the rows of a table must have as many cells as its first, between | and |");
    }
    if text.matches("\"\"\"").count() % 2 == 1 {
        return format!("{at}: a text that begins with \"\"\" must end with it");
    }
    let what =
        if there.is_empty() { "the text ends too soon".to_owned() } else { format!("{there:?} can't stand here") };
    format!("{at}: {what}; {}", wanted(&lines))
}

/// What may stand in a feature, as far as it has come.
fn wanted(lines: &[&str]) -> &'static str {
    if lines.iter().any(|line| line.starts_with("Feature:")) {
        "a step begins with Given, When, Then, And, But or *, a part with Background:, Rule:, Scenario:, Scenario Outline: or Examples:"
    } else {
        "a feature begins with a line such as \"Feature: Signing in\""
    }
}

/// The language that a first line asks for: `# language: de`.
fn language(text: &str) -> Option<&str> {
    let comment = text.trim_start().lines().next()?.strip_prefix('#')?;
    Some(comment.trim().strip_prefix("language:")?.trim())
}

/// Line and column out of `Error at 2:1: {…}`.
fn place(error: &str) -> Option<(usize, usize)> {
    let mut parts = error.strip_prefix("Error at ")?.splitn(3, ':');
    Some((parts.next()?.parse().ok()?, parts.next()?.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let said = match Feature::parse(text, GherkinEnv::default()) {
            Ok(feature) => not_run(&feature).unwrap_or_default(),
            Err(error) => told(text, &error),
        };
        assert!(said.starts_with(expected), "{said}");
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_what_is_wanted() {
        check(
            "Feature: f\n  Scenario: s\n    Given a\n    Perhaps b\n",
            "line 4: \"Perhaps b\" can't stand here; a step begins with Given",
        );
        check("Szenario: f\n", "line 1: \"Szenario: f\" can't stand here; a feature begins with a line");
        check("", "line 2, column 1: the text ends too soon; a feature begins");
        check("# language: klingon\nFeature: f\n", "Requested language 'klingon' is not supported.");
        let table = "Feature: f\n  Scenario: s\n    Given a\n      | a | b |\n      | 1 |\n";
        assert!(told(table, &Feature::parse(table, GherkinEnv::default()).unwrap_err()).contains("as many cells"));
    }

    #[test]
    fn what_would_not_be_run_is_a_mistake() {
        check("Feature: f\n  Scenario: s\n    Perhaps a\n", "line 2: \"s\" has no steps");
        let outline = "Feature: f\n  Scenario Outline: o\n    Given <a>\n";
        check(outline, "line 2: \"o\" has no rows of examples");
        check(&format!("{outline}    Examples:\n      | a |\n"), "line 2: \"o\" has no rows of examples");
        check(&format!("{outline}    Examples:\n      | a |\n      | 1 |\n"), "");
    }
}
