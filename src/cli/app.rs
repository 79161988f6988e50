//! The app under test, started for a run of features and stopped after it, whatever becomes of the run.

use std::process::ExitStatus;
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::Child;
use tokio::process::Command;
use tokio::time::interval;
use tokio::time::timeout;
use url::Url;

use crate::cli::error::CliError;

/// How long an app may take to listen, and to end when it is asked to.
const PATIENCE: Duration = Duration::from_mins(1);
const LAST_WORDS: Duration = Duration::from_secs(5);

/// How often it is looked whether it listens.
const PACE: Duration = Duration::from_millis(50);

/// A running app. Dropping it ends it and whatever it started.
pub(super) struct App {
    child: Child,
}

impl App {
    /// Starts the command by a shell, in a process group of its own, and waits until it listens at `url`.
    ///
    /// # Errors
    /// With code 2 when it can't be started, ends too soon or never listens: nothing can be run.
    pub(super) async fn start(
        command: &str,
        url: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, CliError> {
        let address =
            Url::parse(url).ok().and_then(|url| Some((url.host_str()?.to_owned(), url.port_or_known_default()?)));
        let (host, port) = address.ok_or_else(|| CliError::usage(format!("--app-url is no address: {url}")))?;
        let mut process = Command::new("sh");
        process.args(["-c", command]).envs(variables).env("PORT", port.to_string()).env("APP_URL", url);
        process.stdin(Stdio::null()).process_group(0).kill_on_drop(true);
        let child = process.spawn().map_err(|error| CliError::usage(format!("can't run {command}: {error}")))?;
        let mut app = Self { child };
        match timeout(PATIENCE, app.listens((&host, port))).await {
            Ok(Ok(())) => Ok(app),
            Ok(Err(status)) => Err(CliError::usage(format!("the app ended before it listened at {url}: {status}"))),
            Err(_) => Err(CliError::usage(format!("the app does not listen at {url} after {} s", PATIENCE.as_secs()))),
        }
    }

    async fn listens(&mut self, address: (&str, u16)) -> Result<(), ExitStatus> {
        let mut pace = interval(PACE);
        loop {
            pace.tick().await;
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(status);
            }
            if TcpStream::connect(address).await.is_ok() {
                return Ok(());
            }
        }
    }

    /// Asks it to end, and ends it if it does not.
    pub(super) async fn stop(mut self) {
        self.signal(rustix::process::Signal::TERM);
        // When this is dropped, whatever is left is killed.
        let _ = timeout(LAST_WORDS, self.child.wait()).await;
    }

    /// To it and all that it started.
    fn signal(&self, signal: rustix::process::Signal) {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        if let Some(id) = id {
            let _ = rustix::process::kill_process_group(id, signal);
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.signal(rustix::process::Signal::KILL);
    }
}
