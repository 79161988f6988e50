//! What is printed while features run, for people: a line a scenario, and all about those that failed.

use crate::gherkin::options::Summary;
use crate::gherkin::telling::{place, said};
use crate::gherkin::trace;
use crate::gherkin::world::World;
use ::gherkin::{Feature, Scenario, Step};
use cucumber::event::{self, Cucumber, RetryableScenario};
use cucumber::{Event, Writer, cli, parser, writer};
use std::cell::Cell;
use std::io::Write;
use std::rc::Rc;

/// What has been counted so far; shared by all clones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(Rc<Cell<Summary>>);

/// Counts scenarios, and prints them as they end.
pub(crate) struct Pretty {
    out: Option<Box<dyn Write>>,
    tally: Tally,
    failure: Option<Failed>,
    failed: Vec<String>,
    rerun: Option<String>,
}

/// A step that failed: the step and its place, what it said, and what led there.
struct Failed {
    step: String,
    said: String,
    trace: String,
}

impl Tally {
    /// The counts.
    pub(crate) fn get(&self) -> Summary {
        self.0.get()
    }

    fn count(&self, change: impl FnOnce(&mut Summary)) {
        let mut summary = self.0.get();
        change(&mut summary);
        self.0.set(summary);
    }
}

impl Pretty {
    /// Prints to `out`, or only counts.
    pub(crate) fn new(out: Option<Box<dyn Write>>, tally: Tally, rerun: Option<String>) -> Self {
        Self { out, tally, failure: None, failed: Vec::new(), rerun }
    }

    fn scenario(&mut self, feature: &Feature, scenario: &Scenario, event: event::Scenario<World>) {
        match event {
            event::Scenario::Started => self.failure = None,
            event::Scenario::Background(step, event) | event::Scenario::Step(step, event) => {
                self.step(feature, &step, event);
            }
            event::Scenario::Hook(which, event::Hook::Failed(_, info)) => {
                let said = info.downcast_ref::<String>().cloned().unwrap_or_default();
                let step = format!("the {which} hook panicked");
                self.failure = Some(Failed { step, said, trace: String::new() });
            }
            event::Scenario::Finished => self.finished(feature, scenario),
            event::Scenario::Hook(..) | event::Scenario::Log(_) => {}
        }
    }

    fn step(&mut self, feature: &Feature, step: &Step, event: event::Step<World>) {
        let what = match event {
            event::Step::Started => return,
            event::Step::Passed(..) => {
                self.tally.count(|summary| summary.steps += 1);
                return;
            }
            event::Step::Skipped => "there is no such sentence".to_owned(),
            event::Step::Failed(_, _, _, error) => said(&error),
        };
        let path = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let place = format!("{path}:{}", step.position.line);
        let (said, trace) = what.split_once(trace::HEADING).unwrap_or((&what, ""));
        let step = format!("{} {}   ({place})", step.keyword.trim(), step.value);
        self.failure = Some(Failed { step, said: said.trim_end().to_owned(), trace: trace.to_owned() });
    }

    fn finished(&mut self, feature: &Feature, scenario: &Scenario) {
        let failure = self.failure.take();
        if failure.is_some() {
            self.tally.count(|summary| summary.failed += 1);
        } else {
            self.tally.count(|summary| summary.passed += 1);
        }
        let mark = if failure.is_some() { "FAILED" } else { "ok" };
        self.print(&format!("  {mark:<6} {}", scenario.name));
        let Some(Failed { step, said, trace }) = failure else { return };
        for line in step.lines().chain(said.lines()) {
            self.print(&format!("         {line}"));
        }
        let place = place(feature, scenario);
        let reason = said.lines().take(2).flat_map(|line| ["\n    ", line]).collect::<String>();
        let trace = if trace.is_empty() {
            trace
        } else {
            format!("\n    {}\n{}", trace::HEADING, indented(trace.trim_start_matches('\n')))
        };
        let rerun = self.rerun.as_ref().map(|rerun| format!("\n    run it alone: {rerun} {}", quoted(&place)));
        let rerun = rerun.unwrap_or_default();
        self.failed.push(format!("  {place}  {}\n    {step}{reason}{trace}{rerun}", scenario.name));
    }

    /// What failed once more, at the end, with all that led there.
    fn summary(&mut self) {
        let failed = std::mem::take(&mut self.failed);
        if !failed.is_empty() {
            self.print("\nfailed:");
        }
        for failure in failed {
            self.print(&failure);
        }
        self.print(&format!("\n{}", self.tally.get()));
    }

    /// A terminal or pipe that is gone is no reason to fail.
    fn print(&mut self, line: &str) {
        if let Some(out) = &mut self.out {
            drop(writeln!(out, "{line}"));
        }
    }
}

impl Writer<World> for Pretty {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<Cucumber<World>>>, _: &cli::Empty) {
        let Ok(event) = event else { return };
        let (feature, event) = match event.into_inner() {
            Cucumber::Feature(feature, event) => (feature, event),
            Cucumber::Finished => return self.summary(),
            Cucumber::Started | Cucumber::ParsingFinished { .. } => return,
        };
        match event {
            event::Feature::Started => {
                self.tally.count(|summary| summary.features += 1);
                self.print(&feature.name);
            }
            event::Feature::Scenario(scenario, RetryableScenario { event, .. })
            | event::Feature::Rule(_, event::Rule::Scenario(scenario, RetryableScenario { event, .. })) => {
                self.scenario(&feature, &scenario, event);
            }
            event::Feature::Rule(..) | event::Feature::Finished => {}
        }
    }
}

impl writer::NonTransforming for Pretty {}

fn indented(text: &str) -> String {
    text.lines().flat_map(|line| ["    ", line, "\n"]).collect::<String>().trim_end().to_owned()
}

/// A place as one word of a shell.
fn quoted(place: &str) -> String {
    if place.contains([' ', '\'', '"', '$', '&', '(', ';']) { format!("'{place}'") } else { place.to_owned() }
}
