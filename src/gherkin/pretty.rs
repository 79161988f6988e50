//! What is printed while features run, for people: a line a scenario, and all about those that failed.

use crate::gherkin::options::Summary;
use crate::gherkin::world::World;
use ::gherkin::{Feature, Scenario, Step};
use cucumber::event::{self, Cucumber, RetryableScenario, StepError};
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
    failure: Option<String>,
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
    pub(crate) fn new(out: Option<Box<dyn Write>>, tally: Tally) -> Self {
        Self { out, tally, failure: None }
    }

    fn scenario(&mut self, feature: &Feature, scenario: &Scenario, event: event::Scenario<World>) {
        match event {
            event::Scenario::Started => self.failure = None,
            event::Scenario::Background(step, event) | event::Scenario::Step(step, event) => {
                self.step(feature, &step, event);
            }
            event::Scenario::Hook(which, event::Hook::Failed(_, info)) => {
                let said = info.downcast_ref::<String>().cloned().unwrap_or_default();
                self.failure = Some(format!("the {which} hook panicked: {said}"));
            }
            event::Scenario::Finished => self.finished(scenario),
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
            event::Step::Skipped | event::Step::Failed(_, _, _, StepError::NotFound) => {
                "there is no such sentence".to_owned()
            }
            event::Step::Failed(_, _, _, StepError::AmbiguousMatch(error)) => error.to_string(),
            event::Step::Failed(_, _, _, StepError::Panic(info)) => said(&info),
        };
        let path = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let place = format!("{path}:{}", step.position.line);
        self.failure = Some(format!("{} {}   ({place})\n{what}", step.keyword.trim(), step.value));
    }

    fn finished(&mut self, scenario: &Scenario) {
        let failure = self.failure.take();
        if failure.is_some() {
            self.tally.count(|summary| summary.failed += 1);
        } else {
            self.tally.count(|summary| summary.passed += 1);
        }
        let mark = if failure.is_some() { "FAILED" } else { "ok" };
        self.print(&format!("  {mark:<6} {}", scenario.name));
        for line in failure.iter().flat_map(|failure| failure.lines()) {
            self.print(&format!("         {line}"));
        }
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
            Cucumber::Finished => return self.print(&self.tally.get().to_string()),
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

/// What a step that failed said.
fn said(info: &event::Info) -> String {
    let text = info.downcast_ref::<String>().map(String::as_str).or_else(|| info.downcast_ref::<&str>().copied());
    text.unwrap_or("the step panicked without a word").to_owned()
}
