//! Scenarios chosen by the line that they stand at: `features/shop.feature:12`.

use ::gherkin::{Feature, Scenario};
use std::path::{Path, PathBuf};

/// A path and the line behind its last colon, if there is one.
pub(crate) fn split(path: &Path) -> (PathBuf, Option<usize>) {
    let split = path.to_str().and_then(|text| text.rsplit_once(':'));
    match split.and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((file, line)) if !path.exists() => (PathBuf::from(file), Some(line)),
        _ => (path.to_owned(), None),
    }
}

/// Keeps the scenario that begins at `line` or has it inside; of an outline, as it was written.
pub(crate) fn keep_outline(feature: &mut Feature, line: usize) {
    let all = feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios));
    let begins = all.map(|scenario| scenario.position.line).filter(|begin| *begin <= line).max();
    keep(feature, |scenario| Some(scenario.position.line) == begins);
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
