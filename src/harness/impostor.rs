//! Impostor inside a test's own process.

use std::collections::BTreeMap;
use std::path::PathBuf;

use parking_lot::Mutex;

use crate::client::control::Control;
use crate::client::error::ClientError;
use crate::client::journal::Expectation;
use crate::client::tenants;
use crate::harness::environment;
use crate::harness::environment::TrustFiles;
use crate::harness::environment::Variables;
use crate::harness::fork::Fork;
use crate::harness::traveller;
use crate::harness::upstream::Upstream;
use crate::http::journal::near;
use crate::server::config::Config;
use crate::server::config::Keys;
use crate::server::config::LdapAddress;
use crate::server::running::Running;
use crate::time::Timestamp;

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
    control: Control,
    expectations: Mutex<Vec<Expectation>>,
    upstreams: tokio::sync::Mutex<BTreeMap<String, Upstream>>,
}

/// What an [`Impostor`] is started with.
#[derive(Clone, Debug)]
pub struct Builder {
    fixture: String,
    seed: Option<u64>,
    strict: bool,
    issuer: Option<String>,
    keys: Option<PathBuf>,
    frozen_at: Option<String>,
    ldap: bool,
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
        Builder {
            fixture: "acme".to_owned(),
            seed: None,
            strict: false,
            issuer: None,
            keys: None,
            frozen_at: None,
            ldap: false,
        }
    }

    /// The base address over http, without a trailing slash: `http://localhost:PORT`.
    pub fn url(&self) -> String {
        self.running.address().base().to_owned()
    }

    /// The address to reach it at over http, whatever its issuer is: `http://localhost:PORT`.
    pub fn url_here(&self) -> String {
        format!("http://localhost:{}", self.running.listen().port())
    }

    /// Where the directory of its default tenant speaks LDAP, and TLS after `StartTLS`: `ldap://127.0.0.1:PORT`; with
    /// [`Builder::ldap`] alone.
    pub fn ldap_url(&self) -> Option<String> {
        self.running.ldap().ldap_url()
    }

    /// Where it speaks LDAP over TLS: `ldaps://127.0.0.1:PORT`; with [`Builder::ldap`] alone.
    pub fn ldaps_url(&self) -> Option<String> {
        self.running.ldap().ldaps_url()
    }

    /// The base address over https, without a trailing slash: `https://localhost:PORT`.
    pub fn secure_url(&self) -> String {
        self.running.secure_address().base().to_owned()
    }

    /// The CA certificate that its certificates come from, as PEM.
    pub fn ca_pem(&self) -> String {
        self.running.ca_pem()
    }

    /// Everything that can be done with its default tenant: people, tokens, logins, clock, faults, journal, outbox,
    /// snapshots, …
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use impostor::client::people::NewPerson;
    /// use impostor::harness::Impostor;
    ///
    /// let impostor = Impostor::start().await?;
    /// let ana = impostor.control().add_person(&NewPerson { at: "google".to_owned(), ..NewPerson::default() }).await?;
    /// impostor.control().advance("PT25H").await?;
    /// # let _ = ana;
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// A tenant of its own that begins as the default one is now, with a port of its own. Dropping it removes it.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use impostor::client::logins::NewLogin;
    /// use impostor::harness::Impostor;
    ///
    /// let impostor = Impostor::start().await?;
    /// let fork = impostor.fork().await?;
    /// let login = fork.control().log_in(&NewLogin::of("alice@acme.example").exchanging()).await?;
    /// assert_eq!(login.claims.unwrap_or_default()["iss"], fork.issuer());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] when no port is left.
    pub async fn fork(&self) -> Result<Fork, ClientError> {
        let plan = tenants::Fork {
            from: self.running.default_tenant().name().to_owned(),
            port: true,
            ..tenants::Fork::default()
        };
        let made = self.control.fork(&plan).await?;
        let control = Control::at(self.control.transport.clone(), &made.issuer)?;
        Ok(Fork::new(made.name, made.issuer, control, self.running.service().clone()))
    }

    /// Expects calls of the default tenant. What does not come true fails the test when this is dropped, with the calls
    /// that nearly were what was expected.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use impostor::client::journal::Call;
    /// use impostor::client::journal::Expectation;
    /// use impostor::harness::Impostor;
    ///
    /// let impostor = Impostor::start().await?;
    /// impostor.expect(Expectation::of(Call::to("POST /oauth/token")).never());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn expect(&self, expectation: Expectation) {
        self.expectations.lock().push(expectation);
    }

    /// A provider of the default tenant, to put mocks in front of: `google`, `facebook`, `github`, ….
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use impostor::client::logins::NewLogin;
    /// use impostor::client::people::NewPerson;
    /// use impostor::harness::Impostor;
    /// use wiremock::Mock;
    /// use wiremock::ResponseTemplate;
    /// use wiremock::matchers::path;
    ///
    /// let impostor = Impostor::start().await?;
    /// let google = impostor.upstream("google").await;
    /// google.mount(Mock::given(path("/token")).respond_with(ResponseTemplate::new(503)).expect(1)).await;
    ///
    /// let ana = impostor.control().add_person(&NewPerson { at: "google".to_owned(), ..NewPerson::default() }).await?;
    /// let login = impostor.control().log_in(&NewLogin::of(format!("google:{}", ana.id))).await?;
    /// // The page where she chose her account was still the fake's; the token request met the mock.
    /// assert!(login.callback.is_some_and(|callback| callback.parameters.contains_key("error")));
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub async fn upstream(&self, name: &str) -> Upstream {
        let mut upstreams = self.upstreams.lock().await;
        if let Some(known) = upstreams.get(name) {
            return known.clone();
        }
        let upstream = Upstream::start().await;
        self.running.default_site().fronts.put(name, upstream.base());
        upstreams.insert(name.to_owned(), upstream.clone());
        upstream
    }

    /// The name of its default tenant.
    pub fn tenant_name(&self) -> String {
        self.running.default_tenant().name().to_owned()
    }

    /// What an app under test reads from its environment, and the files that it names.
    pub(crate) fn environment(&self, client: Option<&str>) -> Result<(Variables, TrustFiles), StartError> {
        let failed = |error: &dyn std::fmt::Display| StartError(error.to_string());
        let client =
            traveller::client(&self.running.default_tenant().read(), client).map_err(|error| failed(&error))?;
        let name = format!("app-{}-{}", std::process::id(), self.running.listen().port());
        let files = TrustFiles::write(&self.ca_pem(), &name).map_err(|error| failed(&error))?;
        Ok((environment::variables(&self.running, &client, &files), files))
    }

    /// Stops it and waits until requests under way are answered. Dropping stops it as well, without waiting.
    pub async fn stop(self) {
        self.running.close().await;
    }

    /// What of the expectations did not come true.
    fn unsatisfied(&self) -> Vec<String> {
        let expected = self.expectations.lock();
        let read = |expectation: &Expectation| serde_json::from_value(serde_json::json!(expectation)).ok();
        let expected: Vec<_> = expected.iter().filter_map(read).collect();
        let entries = self.running.default_site().journal.entries();
        let verdicts = near::verify(&expected, false, &entries);
        verdicts.into_iter().filter(|verdict| !verdict.satisfied).map(|verdict| verdict.reason).collect()
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        let unsatisfied = self.unsatisfied();
        let failing = std::thread::panicking();
        assert!(unsatisfied.is_empty() || failing, "the journal is not what was expected:\n{}", unsatisfied.join("\n"));
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

    /// The issuer's base, as behind a proxy: `http://login.example`. Tokens carry it whatever address is asked.
    #[must_use]
    pub fn issuer(mut self, base: impl Into<String>) -> Self {
        self.issuer = Some(base.into().trim_end_matches('/').to_owned());
        self
    }

    /// Keeps keys in this directory, so that they are the same next time.
    #[must_use]
    pub fn keys_in(mut self, dir: impl Into<PathBuf>) -> Self {
        self.keys = Some(dir.into());
        self
    }

    /// Starts with the clock standing still at this time, in ISO 8601.
    #[must_use]
    pub fn frozen_at(mut self, time: impl Into<String>) -> Self {
        self.frozen_at = Some(time.into());
        self
    }

    /// The directory speaks LDAP, on free ports.
    #[must_use]
    pub fn ldap(mut self) -> Self {
        self.ldap = true;
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
        let frozen_at = self
            .frozen_at
            .as_deref()
            .map(|text| Timestamp::parse(text).ok_or_else(|| StartError(format!("\"{text}\" is no time in ISO 8601"))));
        let config = Config {
            fixtures: vec![self.fixture],
            strict: self.strict,
            ldap: self.ldap.then(LdapAddress::picked),
            ldaps: self.ldap.then(LdapAddress::picked),
            issuer: self.issuer,
            keys: self.keys.map_or(Keys::Memory, Keys::Dir),
            seed: self.seed,
            frozen_at: frozen_at.transpose()?,
            fork_idle: None,
            environment: variable,
            ..Config::on_a_free_port()
        };
        let running = Running::start(config).await.map_err(|error| StartError(error.to_string()))?;
        let control = running.control().map_err(|error| StartError(error.to_string()))?;
        Ok(Impostor { running, control, expectations: Mutex::default(), upstreams: tokio::sync::Mutex::default() })
    }
}
