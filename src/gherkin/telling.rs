//! Has every form of report say of a step that failed what helps to see why: what an unknown sentence was probably meant
//! to be, and what led to a failure; no secrets.

use crate::gherkin::mask::masked;
use crate::gherkin::reference::snippet;
use crate::gherkin::world::World;
use ::gherkin::{Feature, Scenario, Step};
use cucumber::event::{self, Cucumber, RetryableScenario, StepError};
use cucumber::{Event, Writer, parser, writer};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What led to the failures so far; shared by all clones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Traces(Rc<RefCell<BTreeMap<String, String>>>);

/// Rewrites what failed for the writer inside.
pub(crate) struct Telling<Wr> {
    inner: Wr,
    traces: Traces,
}

impl Traces {
    /// Keeps the trace of a scenario until its failure is told.
    pub(crate) fn keep(&self, feature: &Feature, scenario: &Scenario, trace: String) {
        self.0.borrow_mut().insert(place(feature, scenario), trace);
    }

    fn take(&self, feature: &Feature, scenario: &Scenario) -> Option<String> {
        self.0.borrow_mut().remove(&place(feature, scenario))
    }
}

impl<Wr> Telling<Wr> {
    /// For a writer that is told of failures.
    pub(crate) fn new(inner: Wr, traces: Traces) -> Self {
        Self { inner, traces }
    }

    fn told(&self, event: Cucumber<World>) -> Cucumber<World> {
        let Cucumber::Feature(feature, event) = event else { return event };
        let event = match event {
            event::Feature::Scenario(scenario, event) => {
                let event = self.scenario(&feature, &scenario, event);
                event::Feature::Scenario(scenario, event)
            }
            event::Feature::Rule(rule, event::Rule::Scenario(scenario, event)) => {
                let event = self.scenario(&feature, &scenario, event);
                event::Feature::Rule(rule, event::Rule::Scenario(scenario, event))
            }
            other => other,
        };
        Cucumber::Feature(feature, event)
    }

    fn scenario(
        &self,
        feature: &Feature,
        scenario: &Scenario,
        RetryableScenario { event, retries }: RetryableScenario<World>,
    ) -> RetryableScenario<World> {
        let told = |step: &Step, event| explained(step, event, || self.traces.take(feature, scenario));
        let event = match event {
            event::Scenario::Step(step, event) => {
                let event = told(&step, event);
                event::Scenario::Step(step, event)
            }
            event::Scenario::Background(step, event) => {
                let event = told(&step, event);
                event::Scenario::Background(step, event)
            }
            other => other,
        };
        RetryableScenario { event, retries }
    }
}

fn explained(step: &Step, event: event::Step<World>, trace: impl FnOnce() -> Option<String>) -> event::Step<World> {
    let (captures, location, world, said) = match event {
        event::Step::Skipped | event::Step::Failed(_, _, _, StepError::NotFound) => {
            (None, None, None, snippet::undefined(step))
        }
        event::Step::Failed(captures, location, world, error) => (captures, location, world, said(&error)),
        other => return other,
    };
    let trace = trace().map(|trace| format!("\n{trace}")).unwrap_or_default();
    let secrets = world.as_ref().map(|world| world.secrets()).unwrap_or_default();
    let text = masked(&format!("{said}{trace}"), &secrets);
    event::Step::Failed(captures, location, world, StepError::Panic(Arc::new(text)))
}

/// What a step that failed said.
pub(crate) fn said(error: &StepError) -> String {
    let StepError::Panic(info) = error else { return error.to_string() };
    let text = info.downcast_ref::<String>().map(String::as_str).or_else(|| info.downcast_ref::<&str>().copied());
    text.unwrap_or("the step panicked without a word").to_owned()
}

/// Where a scenario stands: `features/sign_in/social.feature:12`. The line of an example is that of its row.
pub(crate) fn place(feature: &Feature, scenario: &Scenario) -> String {
    let path = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    format!("{path}:{}", scenario.position.line)
}

impl<Wr: Writer<World>> Writer<World> for Telling<Wr> {
    type Cli = Wr::Cli;

    async fn handle_event(&mut self, event: parser::Result<Event<Cucumber<World>>>, cli: &Wr::Cli) {
        let event = event.map(|event| event.map(|event| self.told(event)));
        self.inner.handle_event(event, cli).await;
    }
}

impl<Wr: writer::Normalized> writer::Normalized for Telling<Wr> {}
