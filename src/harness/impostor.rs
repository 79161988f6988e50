//! Impostor inside a test's own process.

use std::net::Ipv4Addr;

use crate::server::config::Config;
use crate::server::config::Keys;
use crate::server::running::Running;

/// A running server with a tenant of its own, on a port of its own. Dropping it stops it.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use impostor::harness::Impostor;
///
/// let impostor = Impostor::start().await?;
/// let discovery = format!("{}/.well-known/openid-configuration", impostor.url());
/// # let _ = discovery;
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
pub struct Impostor {
    running: Running,
}

/// What an [`Impostor`] is started with.
#[derive(Clone, Debug)]
pub struct Builder {
    fixture: String,
    seed: Option<u64>,
    strict: bool,
}

/// Why an [`Impostor`] did not start: one sentence, or every mistake of its fixture.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(String);

impl Impostor {
    /// Starts with the built-in tenant `acme`, a free port on loopback and keys in memory.
    ///
    /// # Errors
    /// [`StartError`] when no port can be had.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// For what [`Impostor::start`] doesn't decide as wanted.
    pub fn builder() -> Builder {
        Builder { fixture: "acme".to_owned(), seed: None, strict: false }
    }

    /// The base address over http, without a trailing slash: `http://localhost:PORT`.
    pub fn url(&self) -> String {
        self.running.address().base().to_owned()
    }

    /// The base address over https, without a trailing slash: `https://localhost:PORT`.
    pub fn secure_url(&self) -> String {
        self.running.secure_address().base().to_owned()
    }

    /// The CA certificate that its certificates come from, as PEM.
    pub fn ca_pem(&self) -> String {
        self.running.ca_pem()
    }

    /// Stops it and waits until requests under way are answered. Dropping stops it as well, without waiting.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// Fixtures take values from the test's environment.
#[expect(clippy::disallowed_methods, reason = "the test's environment is this server's")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl std::fmt::Debug for Impostor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Impostor({})", self.url())
    }
}

impl Builder {
    /// A built-in fixture (`acme`, `blank`) or the path of a folder with a `tenant.yaml`.
    #[must_use]
    pub fn fixture(mut self, fixture: impl Into<String>) -> Self {
        self.fixture = fixture.into();
        self
    }

    /// Makes ids, codes and made-up people the same every time.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// A fixture's unknown keys are mistakes, not warnings.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// [`StartError`] when the fixture has mistakes (all of them are told) or no port can be had.
    pub async fn start(self) -> Result<Impostor, StartError> {
        let config = Config {
            fixtures: vec![self.fixture],
            strict: self.strict,
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            issuer: None,
            hosts: Vec::new(),
            keys: Keys::Memory,
            seed: self.seed,
            one_click_people: true,
            control_key: None,
            fork_idle: None,
            environment: variable,
        };
        let running = Running::start(config).await.map_err(|error| StartError(error.to_string()))?;
        Ok(Impostor { running })
    }
}
