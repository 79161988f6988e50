//! Runs features against a server.

use crate::client::control::Control;
use crate::client::transport::{Transport, TransportOptions, address};
use crate::gherkin::features;
use crate::gherkin::options::{Format, RunError, RunOptions, Summary};
use crate::gherkin::pretty::{Pretty, Tally};
use crate::gherkin::selection::Choice;
use crate::gherkin::site::drives_app;
use crate::gherkin::telling::{Telling, Traces};
use crate::gherkin::trace;
use crate::gherkin::world::{Target, World};
use ::gherkin::tagexpr::TagOperation;
use ::gherkin::{Feature, Rule, Scenario};
use cucumber::event::ScenarioFinished;
use cucumber::runner::basic::ScenarioType;
use cucumber::{Cucumber, Parser, World as _, Writer, WriterExt as _, cli, parser, runner, writer};
use futures_util::stream;
use std::ffi::OsStr;
use std::fs::File;
use std::future;
use std::io::{Write, stdout};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use std::vec;

/// How long a server may take to become ready.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs features and tells how that went, on standard output and in the report.
///
/// The future is not [`Send`]: await it where the runtime was entered, not in a spawned task.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use impostor::gherkin::options::RunOptions;
/// use impostor::gherkin::run::run;
/// use impostor::harness::Impostor;
///
/// let impostor = Impostor::start().await?;
/// let only = Some("Google's token is kept".to_owned());
/// let summary = run(RunOptions { only, ..RunOptions::shipped(impostor.url()) }).await?;
/// assert_eq!((summary.passed, summary.failed), (1, 0));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
///
/// # Errors
/// [`RunError`] when nothing could be run. A scenario that fails is no error: see [`Summary::failed`].
pub async fn run(options: RunOptions) -> Result<Summary, RunError> {
    let features = features::load(&options.features)?;
    let tags = options.tags.as_deref().map(parse_tags).transpose()?;
    let choice = Choice { tags, only: options.only.clone() };
    if !choice.takes_any(&features) {
        return Err(RunError::Nothing(unmatched(&options)));
    }
    let target = reach(&options).await?;
    let report = report(&options)?;
    let printed = || -> Option<Box<dyn Write>> {
        let beside = options.report.is_some() && !options.quiet;
        if beside { Some(Box::new(stdout())) } else { None }
    };
    let tally = Tally::default();
    let run = Run { features, choice, target, options: options.clone() };
    let rerun = options.rerun;
    match options.format {
        Format::Pretty => run.told_to(Pretty::new(Some(report), tally.clone(), rerun).normalized()).await,
        Format::Junit => {
            let junit = writer::JUnit::for_tee(report, 0);
            run.told_to(Pretty::new(printed(), tally.clone(), rerun).tee::<World, _>(junit).normalized()).await;
        }
        Format::Json => {
            let json = writer::Json::for_tee(report);
            run.told_to(Pretty::new(printed(), tally.clone(), rerun).tee::<World, _>(json).normalized()).await;
        }
    }
    Ok(tally.get())
}

/// All that is ready to be run.
struct Run {
    features: Vec<Feature>,
    choice: Choice,
    target: Arc<Target>,
    options: RunOptions,
}

impl Run {
    async fn told_to<Wr>(self, writer: Wr)
    where
        Wr: Writer<World, Cli: Default> + writer::Normalized,
    {
        let Self { features, choice, target, options } = self;
        let traces = Traces::default();
        let of_failures = traces.clone();
        let mut runner = runner::Basic::default();
        if options.fail_fast {
            runner = runner.fail_fast();
        }
        let runner = runner
            .steps(World::collection())
            .max_concurrent_scenarios(options.concurrency.max(1))
            .retry_options(|_, _, _, _| None)
            .which_scenario(|feature, rule, scenario| {
                if is_serial(feature, rule, scenario) { ScenarioType::Serial } else { ScenarioType::Concurrent }
            })
            .before(move |feature, rule, scenario, world| {
                world.begin(Arc::clone(&target), fork_name(feature, scenario));
                if drives_app(feature, rule, scenario) {
                    world.share_tenant();
                }
                Box::pin(future::ready(()))
            })
            .after(move |feature, _, scenario, finished, world| {
                let traces = of_failures.clone();
                Box::pin(async move {
                    if let Some(world) = world {
                        if matches!(finished, ScenarioFinished::StepFailed(..))
                            && let Some(trace) = trace::of(world).await
                        {
                            traces.keep(feature, scenario, trace);
                        }
                        world.end().await;
                    }
                })
            });
        let chosen =
            move |feature: &Feature, rule: Option<&Rule>, scenario: &Scenario| choice.takes(feature, rule, scenario);
        let cucumber = Cucumber::<World, _, _, _, _>::custom(Loaded, runner, Telling::new(writer, traces));
        cucumber.with_default_cli().filter_run(features, chosen).await;
    }
}

/// The parser of features that were parsed already.
struct Loaded;

impl Parser<Vec<Feature>> for Loaded {
    type Cli = cli::Empty;
    type Output = stream::Iter<vec::IntoIter<parser::Result<Feature>>>;

    fn parse(self, features: Vec<Feature>, _: cli::Empty) -> Self::Output {
        stream::iter(features.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

fn parse_tags(expression: &str) -> Result<TagOperation, RunError> {
    let wrong = |cause: String| RunError::Tags { expression: expression.to_owned(), cause };
    TagOperation::from_str(expression).map_err(|error| wrong(error.to_string()))
}

/// What it is that no scenario has.
fn unmatched(options: &RunOptions) -> String {
    let tags = options.tags.as_ref().map(|tags| format!(" with the tags {tags}"));
    let only = options.only.as_ref().map(|only| format!(" with {only:?} in its name or its feature's"));
    let parts: Vec<_> = tags.into_iter().chain(only).collect();
    parts.join(" and")
}

/// The server, once it is ready. Names below `.localhost` are looked for on its machine.
async fn reach(options: &RunOptions) -> Result<Arc<Target>, RunError> {
    let host = address(&options.target)?.host_str().map(str::to_owned);
    let elsewhere = host.filter(|host| host != "localhost" && !host.ends_with(".localhost"));
    let transport = Transport::with(TransportOptions { trusted: options.trusted.clone(), localhost: elsewhere })?;
    let steering = match &options.control_key {
        Some(key) => transport.clone().bearing(key)?,
        None => transport.clone(),
    };
    Control::at(steering.clone(), &options.target)?.until_ready(PATIENCE).await?;
    Ok(Arc::new(Target {
        transport,
        steering,
        address: options.target.clone(),
        tenant: options.tenant.clone(),
        app_url: options.app_url.clone(),
    }))
}

fn report(options: &RunOptions) -> Result<Box<dyn Write>, RunError> {
    let Some(path) = &options.report else { return Ok(Box::new(stdout())) };
    let failed = |cause| RunError::Report { path: path.display().to_string(), cause };
    Ok(Box::new(File::create(path).map_err(failed)?))
}

/// Whether a scenario runs while no other does: it is tagged so, or drives an app.
fn is_serial(feature: &Feature, rule: Option<&Rule>, scenario: &Scenario) -> bool {
    let of_rule = rule.map(|rule| rule.tags.as_slice()).unwrap_or_default();
    let mut tags = feature.tags.iter().chain(of_rule).chain(&scenario.tags);
    tags.any(|tag| tag == "serial") || drives_app(feature, rule, scenario)
}

/// A name for the scenario's tenant that is the same in every run: `normalization-google-12`.
fn fork_name(feature: &Feature, scenario: &Scenario) -> String {
    const LONGEST: usize = 40;
    let path = feature.path.as_ref().map(|path| path.with_extension("")).unwrap_or_default();
    let parts: Vec<_> = path.iter().rev().take(2).filter_map(OsStr::to_str).collect();
    let plain = |char: char| if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '-' };
    let name: String =
        parts.iter().rev().copied().collect::<Vec<_>>().join("-").chars().map(plain).take(LONGEST).collect();
    format!("{}-{}", name.trim_matches('-'), scenario.position.line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::gherkin::GherkinEnv;
    use std::fs;
    use wiremock::matchers::{header, method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    #[tokio::test]
    async fn what_fails_is_counted_and_reported() {
        let server = MockServer::start().await;
        let health = Mock::given(method("GET")).and(path("/_impostor/health"));
        health.respond_with(ResponseTemplate::new(200)).mount(&server).await;
        let scratch = std::env::temp_dir().join(format!("impostor-run-{}", std::process::id()));
        fs::create_dir_all(&scratch).unwrap();
        let feature = scratch.join("some.feature");
        let text = "Feature: f\n  Scenario: unknown\n    Given a sentence that nobody knows\n\n  @b\n  Scenario: no fork\n    Given \"ana\" has a Google account\n";
        fs::write(&feature, text).unwrap();

        let options = RunOptions { features: vec![feature], quiet: true, ..RunOptions::shipped(server.uri()) };
        for (format, said) in [
            (Format::Pretty, "there is no such sentence"),
            (Format::Junit, "POST /_impostor/tenants answered 404"),
            (Format::Json, "POST /_impostor/tenants answered 404"),
        ] {
            let report = scratch.join("report");
            let summary = run(RunOptions { format, report: Some(report.clone()), ..options.clone() }).await.unwrap();
            assert_eq!((summary.features, summary.passed, summary.failed), (1, 0, 2));
            let report = fs::read_to_string(report).unwrap();
            assert!(report.contains(said), "{report}");
        }
        let none = options.clone();
        let keyed = Mock::given(path("/_impostor/tenants")).and(header("authorization", "Bearer k3y"));
        keyed.respond_with(ResponseTemplate::new(418)).mount(&server).await;
        let (report, control_key) = (scratch.join("keyed"), Some("k3y".to_owned()));
        run(RunOptions { control_key, report: Some(report.clone()), ..options.clone() }).await.unwrap();
        assert!(fs::read_to_string(report).unwrap().contains("POST /_impostor/tenants answered 418"));
        let tagged = run(RunOptions {
            tags: Some("@b".to_owned()),
            format: Format::Json,
            report: Some(scratch.join("r")),
            ..options
        });
        assert_eq!(tagged.await.unwrap().failed, 1);
        for (tags, only, told) in [
            (Some("@c"), None, "there is no scenario with the tags @c: nothing was run"),
            (None, Some("zzz"), "there is no scenario with \"zzz\" in its name or its feature's: nothing was run"),
        ] {
            let (tags, only) = (tags.map(str::to_owned), only.map(str::to_owned));
            assert_eq!(run(RunOptions { tags, only, ..none.clone() }).await.unwrap_err().to_string(), told);
        }
        fs::write(scratch.join("some.feature"), "Feature: f\n  Words.\n").unwrap();
        assert_eq!(run(none).await.unwrap_err().to_string(), "there is no scenario: nothing was run");
        fs::remove_dir_all(scratch).unwrap();
    }

    #[test]
    fn a_tenant_is_named_for_its_scenario() {
        let text = "Feature: f\n\n  Scenario: s\n    Given a\n";
        let mut feature = Feature::parse(text, GherkinEnv::default()).unwrap();
        feature.path = Some("features/sign_in/Single sign-on.feature".into());
        assert_eq!(fork_name(&feature, &feature.scenarios[0]), "sign-in-single-sign-on-3");
    }

    #[test]
    fn a_wrong_tag_expression_is_told() {
        assert!(parse_tags("@a and not @b").is_ok());
        assert!(parse_tags("@a und @b").unwrap_err().to_string().starts_with("\"@a und @b\" is no tag expression"));
    }
}
