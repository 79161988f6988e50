//! Scenarios chosen by the line that they stand at: `features/shop.feature:12`.

use ::gherkin::tagexpr::TagOperation;
use ::gherkin::{Feature, Rule, Scenario};
use cucumber::tag::Ext as _;
use std::path::{Path, PathBuf};

/// A path and the line behind its last colon, if there is one.
pub(crate) fn split(path: &Path) -> (PathBuf, Option<usize>) {
    let split = path.to_str().and_then(|text| text.rsplit_once(':'));
    match split.and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((file, line)) if !path.exists() => (PathBuf::from(file), Some(line)),
        _ => (path.to_owned(), None),
    }
}

/// Keeps the scenario that has `line` of `text` inside, its tags included; of an outline, as it was written.
pub(crate) fn keep_outline(feature: &mut Feature, text: &str, line: usize) {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    keep(feature, |scenario| {
        let begin = scenario.position.line;
        let above = lines.iter().take(begin.saturating_sub(1)).rev();
        let tags = above.take_while(|above| above.starts_with('@')).count();
        let written = text.get(..scenario.span.end).unwrap_or(text).trim_end();
        (begin - tags..=written.lines().count()).contains(&line)
    });
}

/// Of an outline that was written out, keeps the row at `line`, if one is there.
pub(crate) fn keep_row(feature: &mut Feature, line: usize) {
    let mut all = feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios));
    if all.any(|scenario| scenario.position.line == line) {
        keep(feature, |scenario| scenario.position.line == line);
    }
}

fn keep(feature: &mut Feature, wanted: impl Fn(&Scenario) -> bool) {
    feature.scenarios.retain(&wanted);
    feature.rules.iter_mut().for_each(|rule| rule.scenarios.retain(&wanted));
    feature.rules.retain(|rule| !rule.scenarios.is_empty());
}

/// Scenarios chosen by their tags and names.
#[derive(Clone)]
pub(crate) struct Choice {
    pub(crate) tags: Option<TagOperation>,
    /// Words of the scenario's name or of its feature's.
    pub(crate) only: Option<String>,
}

impl Choice {
    /// Whether a scenario is chosen.
    pub(crate) fn takes(&self, feature: &Feature, rule: Option<&Rule>, scenario: &Scenario) -> bool {
        let of_rule = rule.map(|rule| rule.tags.as_slice()).unwrap_or_default();
        let all: Vec<_> = feature.tags.iter().chain(of_rule).chain(&scenario.tags).collect();
        let tagged = self.tags.as_ref().is_none_or(|tags| tags.eval(&all));
        let named = |only: &String| feature.name.contains(only) || scenario.name.contains(only);
        tagged && self.only.as_ref().is_none_or(named)
    }

    /// Whether any scenario is chosen.
    pub(crate) fn takes_any(&self, features: &[Feature]) -> bool {
        features.iter().any(|feature| {
            let in_rule = |rule: &Rule| rule.scenarios.iter().any(|it| self.takes(feature, Some(rule), it));
            feature.scenarios.iter().any(|it| self.takes(feature, None, it)) || feature.rules.iter().any(in_rule)
        })
    }
}
