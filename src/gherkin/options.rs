//! What a run of features is told, and what it tells.

use crate::client::error::ClientError;
use crate::gherkin::features::FeatureError;
use std::fmt;
use std::path::PathBuf;

/// What is to be run, and how it is told.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Files and folders; none means the features that ship with the program.
    pub features: Vec<PathBuf>,
    /// The server's address.
    pub target: String,
    /// The tenant that each scenario's own one is forked from.
    pub tenant: String,
    /// Certificate authorities to trust besides the system's, in PEM form.
    pub trusted: Vec<Vec<u8>>,
    /// The control key of a server that listens beyond loopback.
    pub control_key: Option<String>,
    /// Which scenarios, by their tags: `@facebook and not @slow`.
    pub tags: Option<String>,
    /// Only scenarios with these words in their name or in their feature's.
    pub only: Option<String>,
    /// The form of the report.
    pub format: Format,
    /// Where a report goes; to standard output, if absent.
    pub report: Option<PathBuf>,
    /// Whether nothing is printed beside a report that goes to a file.
    pub quiet: bool,
    /// How many scenarios run at a time.
    pub concurrency: usize,
    /// Whether nothing is begun any more once a scenario failed.
    pub fail_fast: bool,
    /// The address of the app under test, for scenarios that do not say it.
    pub app_url: Option<String>,
    /// The command to which the place of a failed scenario is appended to run just that one; told with each failure.
    pub rerun: Option<String>,
}

/// The forms that a report has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// A line a scenario, for people.
    #[default]
    Pretty,
    /// The XML of `JUnit`, as CI servers read it.
    Junit,
    /// Cucumber's JSON.
    Json,
}

/// How a run went. Scenario Outlines count once an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Features of which something was run.
    pub features: usize,
    /// Scenarios that passed.
    pub passed: usize,
    /// Scenarios that failed, those with unknown sentences included.
    pub failed: usize,
    /// Steps that passed.
    pub steps: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { features, passed, failed, steps } = self;
        let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let (features, scenarios) = (counted(*features, "feature"), counted(passed + failed, "scenario"));
        writeln!(formatter, "{features}, {scenarios}, {} that passed", counted(*steps, "step"))?;
        write!(formatter, "{passed} passed, {failed} failed")
    }
}

/// Why nothing could be run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A feature can't be read.
    #[error(transparent)]
    Feature(#[from] FeatureError),
    /// The tag expression is none.
    #[error("{expression:?} is no tag expression: {cause}")]
    Tags {
        /// As it was given.
        expression: String,
        /// What is wrong with it.
        cause: String,
    },
    /// No scenario is what was asked for.
    #[error("there is no scenario{0}: nothing was run")]
    Nothing(
        /// What it would have to have.
        String,
    ),
    /// The report can't be written.
    #[error("failed to write the report {path}: {cause}")]
    Report {
        /// Its path.
        path: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The server is not there or not ready.
    #[error(transparent)]
    Target(#[from] ClientError),
}

impl RunOptions {
    /// The features that ship with the program, run against the server at `target`.
    pub fn shipped(target: impl Into<String>) -> Self {
        Self {
            features: Vec::new(),
            target: target.into(),
            tenant: "acme".to_owned(),
            trusted: Vec::new(),
            control_key: None,
            tags: None,
            only: None,
            format: Format::Pretty,
            report: None,
            quiet: false,
            concurrency: 8,
            fail_fast: false,
            app_url: None,
            rerun: None,
        }
    }
}
