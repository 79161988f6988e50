//! What seeding did, for people and for scripts.

use std::collections::BTreeMap;

use serde_json::json;

/// What became of one thing of the fixture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Created,
    /// With what changed.
    Changed(Vec<String>),
    /// It was as the fixture says already.
    Left,
    /// It could not be brought, and why.
    Failed(String),
    /// It can't be brought by seeding, and why: no fault of the target's.
    Skipped(String),
}

/// All that became of a fixture.
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: Vec<(&'static str, String, Outcome)>,
}

impl Report {
    /// Notes what became of a thing; further notes of the same thing are joined to the first.
    pub(super) fn add(&mut self, kind: &'static str, name: &str, outcome: Outcome) {
        let known = self.lines.iter_mut().rev().find(|(of, called, _)| *of == kind && called == name);
        match (known, outcome) {
            (Some((_, _, before)), outcome) => *before = joined(before.clone(), outcome),
            (None, outcome) => self.lines.push((kind, name.to_owned(), outcome)),
        }
    }

    pub(super) fn has_failures(&self) -> bool {
        self.lines.iter().any(|(_, _, outcome)| matches!(outcome, Outcome::Failed(_)))
    }

    /// A line for each thing that something became of, then the sum.
    pub(super) fn print(&self, is_dry: bool) {
        for (kind, name, outcome) in &self.lines {
            match outcome {
                Outcome::Created => println!("created  {kind} {name}"),
                Outcome::Changed(what) => println!("changed  {kind} {name}: {}", what.join(", ")),
                Outcome::Left => {}
                Outcome::Skipped(why) => println!("skipped  {kind} {name}: {why}"),
                Outcome::Failed(why) => eprintln!("FAILED   {kind} {name}: {why}"),
            }
        }
        let counts = self.counts();
        let sum: Vec<_> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        let note = if is_dry { " (dry run: nothing was done)" } else { "" };
        println!("{}{note}", sum.join(", "));
    }

    pub(super) fn print_json(&self) {
        let things = self.lines.iter().map(|(kind, name, outcome)| match outcome {
            Outcome::Changed(what) => json!({ "kind": kind, "name": name, "outcome": "changed", "changed": what }),
            Outcome::Failed(why) | Outcome::Skipped(why) => {
                json!({ "kind": kind, "name": name, "outcome": word(outcome), "why": why })
            }
            _ => json!({ "kind": kind, "name": name, "outcome": word(outcome) }),
        });
        println!("{}", json!({ "counts": self.counts(), "things": things.collect::<Vec<_>>() }));
    }

    fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::from([("created", 0), ("changed", 0), ("left", 0)]);
        for (_, _, outcome) in &self.lines {
            *counts.entry(word(outcome)).or_default() += 1;
        }
        counts
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Changed(_) => "changed",
        Outcome::Left => "left",
        Outcome::Failed(_) => "failed",
        Outcome::Skipped(_) => "skipped",
    }
}

/// What became of a thing of which two things are told: the graver one.
fn joined(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Failed(why), Outcome::Failed(more)) => Outcome::Failed(format!("{why}; {more}")),
        (Outcome::Failed(why), _) | (_, Outcome::Failed(why)) => Outcome::Failed(why),
        (Outcome::Created, _) => Outcome::Created,
        (Outcome::Changed(mut what), Outcome::Changed(more)) => {
            what.extend(more);
            Outcome::Changed(what)
        }
        (Outcome::Changed(what), _) | (_, Outcome::Changed(what)) => Outcome::Changed(what),
        (Outcome::Left, other) => other,
        (one, _) => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_a_thing_twice_is_one_line_of_the_graver_kind() {
        let mut report = Report::default();
        report.add("role", "a", Outcome::Left);
        report.add("role", "a", Outcome::Changed(vec!["permissions".to_owned()]));
        report.add("role", "b", Outcome::Created);
        report.add("role", "b", Outcome::Changed(vec!["permissions".to_owned()]));
        report.add("role", "c", Outcome::Failed("no".to_owned()));
        report.add("role", "c", Outcome::Left);
        assert_eq!(report.counts(), BTreeMap::from([("changed", 1), ("created", 1), ("failed", 1), ("left", 0)]));
        assert!(report.has_failures());
    }
}
