//! A server from start to stop: keys, fixtures, sites, the listener.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;

use crate::client::control::Control;
use crate::client::error::ClientError;
use crate::fixtures;
use crate::harness::control;
use crate::http::address::Address;
use crate::http::outgoing::Outgoing;
use crate::keys::Keyring;
use crate::keys::ca::Authorities;
use crate::keys::ca::CaFiles;
use crate::keys::ring::TENANT_ROLE;
use crate::server::config::Config;
use crate::server::config::Keys;
use crate::server::config::StartError;
use crate::server::ldap::ports::LdapPorts;
use crate::server::limits;
use crate::server::listener::Listener;
use crate::server::router;
use crate::server::screen::Screen;
use crate::server::service;
use crate::server::service::Service;
use crate::server::site;
use crate::server::site::Site;
use crate::server::sites::Sites;
use crate::server::tls;
use crate::store::tenant::Tenant;

use crate::time::Rng;
use crate::upstreams;

/// A server that answers. Dropping it closes its ports.
pub(crate) struct Running {
    listener: Listener,
    ldap: Arc<LdapPorts>,
    service: Service,
    authorities: Arc<Authorities>,
    ca_files: Option<CaFiles>,
    issuer: Option<Address>,
    control_key: Option<Arc<str>>,
}

impl Running {
    /// Starts a server; when this returns, it answers.
    ///
    /// # Errors
    /// [`StartError`], one sentence; for fixtures every mistake.
    pub(crate) async fn start(config: Config) -> Result<Self, StartError> {
        let other = |error: &dyn std::fmt::Display| StartError::Other(error.to_string());
        let keyring = keyring(&config)?;
        let sites = load(&config, &keyring)?;
        let control_key = control_key(&config);
        let issuer = config.issuer.as_deref().map(Address::of_base);
        let ca_files = keyring.dir().map(CaFiles::of);
        let trust = ca_files.as_ref().map(|files| how_to_trust(files, &config.keys));
        let fakes = Router::new().nest("/_upstreams", upstreams::router());
        limits::raise_open_files();
        let service = Service::new(service::Parts {
            router: router::router(control::router(control::Access { key: control_key.clone() })),
            sites,
            keyring: keyring.clone(),
            outgoing: Outgoing::new(fakes),
            issuer: issuer.clone(),
            hosts: config.hosts,
            fork_idle: config.fork_idle,
            trust,
        });
        let authorities = Authorities::load_or_make(keyring.dir(), service.names());
        let authorities = Arc::new(authorities.map_err(|error| other(&error))?);
        let tls = tls::acceptor(Arc::clone(&authorities)).map_err(|error| other(&error))?;
        service.set_tls(tls.clone(), authorities.bundle_pem());
        let listener = Listener::open(config.listen, tls, service.answers(None)).await;
        let listener = listener.map_err(|error| StartError::Listen(error.to_string()))?;
        let serving = service.speaks_ldap(service.sites().default_site()).map_err(|error| other(&error))?;
        let ldap = LdapPorts::open(config.ldap, config.ldaps, serving).await;
        let ldap = Arc::new(ldap.map_err(|error| StartError::Listen(error.to_string()))?);
        service.sites().set_ldap(Arc::clone(&ldap));
        service.sites().set_port(listener.port());
        tokio::spawn(service.clone().collect_forks());
        // The first token, and the first look at the key set, need these soon.
        keyring.warm(TENANT_ROLE, 0);
        keyring.warm(TENANT_ROLE, 1);
        Ok(Self { listener, ldap, service, authorities, ca_files, issuer, control_key })
    }

    /// The address over http, by a name that resolves everywhere; or the fixed issuer.
    pub(crate) fn address(&self) -> Address {
        self.address_over(false)
    }

    /// The same over https.
    pub(crate) fn secure_address(&self) -> Address {
        self.address_over(true)
    }

    fn address_over(&self, secure: bool) -> Address {
        self.issuer.clone().unwrap_or_else(|| Address::new(secure, &format!("localhost:{}", self.listener.port())))
    }

    pub(crate) fn listen(&self) -> SocketAddr {
        self.listener.local()
    }

    /// Where the default tenant's directory speaks LDAP.
    pub(crate) fn ldap(&self) -> &LdapPorts {
        &self.ldap
    }

    pub(crate) fn default_tenant(&self) -> &Tenant {
        &self.service.sites().default_site().tenant
    }

    /// What the terminal shows when the server is ready.
    pub(crate) fn screen(&self) -> String {
        let screen = Screen {
            site: self.service.sites().default_site(),
            http: self.address(),
            https: self.secure_address(),
            trust: self.service.trust(),
            control_key: self.control_key(),
            ldap: &self.ldap.urls(),
        };
        screen.text()
    }

    /// The file with the CA to trust, where keys are kept.
    pub(crate) fn ca_file(&self) -> Option<String> {
        self.ca_files.as_ref().map(|files| files.ca.display().to_string())
    }

    /// The file with both CAs.
    pub(crate) fn bundle_file(&self) -> Option<String> {
        self.ca_files.as_ref().map(|files| files.bundle.display().to_string())
    }

    /// Both CAs as PEM.
    pub(crate) fn ca_pem(&self) -> String {
        self.authorities.bundle_pem()
    }

    /// What the control API wants, when the server listens beyond loopback.
    pub(crate) fn control_key(&self) -> Option<&str> {
        self.control_key.as_deref()
    }

    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    pub(crate) fn default_site(&self) -> &Site {
        self.service.sites().default_site()
    }

    /// The control API of the default tenant, over the server's own port.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub(crate) fn control(&self) -> Result<Control, ClientError> {
        let own = Address::new(false, &format!("localhost:{}", self.listener.port()));
        Control::at(self.service.own_transport()?, own.base())
    }

    /// Closes the port and waits for requests under way.
    pub(crate) async fn stop(self) {
        self.close().await;
    }

    /// As [`Running::stop`], for who keeps it.
    pub(crate) async fn close(&self) {
        self.service.stop_streams();
        tokio::join!(self.listener.close(), self.ldap.close());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.service.stop_streams();
        // Forks' ports hold the service, which holds the forks.
        self.service.sites().clear();
    }
}

/// On loopback none unless given; beyond it always one, made up if not given.
fn control_key(config: &Config) -> Option<Arc<str>> {
    let given = config.control_key.as_deref().map(Arc::from);
    if config.listen.ip().is_loopback() {
        return given;
    }
    Some(given.unwrap_or_else(|| Rng::new(None).alphanumeric(32).into()))
}

/// A line for a shell, which names the directory unless it is the one where everybody looks.
fn how_to_trust(files: &CaFiles, keys: &Keys) -> String {
    let data = match keys {
        Keys::Dir(dir) => format!(" --data {}", std::path::absolute(dir).unwrap_or_else(|_| dir.clone()).display()),
        Keys::Home(_) | Keys::Memory => String::new(),
    };
    format!("eval \"$(impostor ca env{data})\"   (the CA is {})", files.ca.display())
}

fn keyring(config: &Config) -> Result<Keyring, StartError> {
    let failed = |dir: &PathBuf, error: &dyn std::fmt::Display| StartError::Keys {
        dir: dir.display().to_string(),
        cause: error.to_string(),
    };
    match &config.keys {
        Keys::Memory => Ok(Keyring::in_memory()),
        Keys::Dir(dir) => Keyring::in_dir(dir.clone()).map_err(|error| failed(dir, &error)),
        Keys::Home(dir) => {
            let dir = dir.clone().ok_or_else(|| "there is no home directory".to_owned());
            let kept = dir.and_then(|dir| Keyring::in_dir(dir).map_err(|error| error.to_string()));
            Ok(kept.unwrap_or_else(|error| {
                tracing::warn!("keys are kept in memory and change with each start: {error}");
                Keyring::in_memory()
            }))
        }
    }
}

/// Loads every fixture; all mistakes of all are told at once.
fn load(config: &Config, keyring: &Keyring) -> Result<Sites, StartError> {
    let mut sites = Vec::new();
    let mut mistakes = Vec::new();
    for fixture in &config.fixtures {
        let parts = site::Parts { keyring: keyring.clone(), clock: config.clock(), seed: config.seed };
        let source = fixtures::Source::of(fixture);
        let loaded = fixtures::load(&source, &config.environment, config.seed, parts.clock.now());
        match loaded.and_then(|loaded| loaded.judged(config.strict)) {
            Ok(mut loaded) => {
                if !config.shows_people() {
                    Arc::make_mut(&mut loaded.state.own).one_click_people = false;
                }
                for warning in &loaded.warnings {
                    tracing::warn!("{warning}");
                }
                sites.push(Site::new(&loaded.name, loaded.state, loaded.upstreams, &parts));
            }
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        return Err(StartError::Fixtures(told.join("\n\n")));
    }
    if sites.is_empty() {
        return Err(StartError::Other("start: no fixture was given".to_owned()));
    }
    let default = sites.remove(0);
    Ok(Sites::new(default, sites))
}
