//! What a server is started with.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::time::Clock;
use crate::time::Timestamp;

/// Everything that the command line, or a Rust test, decides.
pub(crate) struct Config {
    /// Built-in names or folders; the first is the default tenant.
    pub(crate) fixtures: Vec<String>,
    /// A fixture's warnings are mistakes.
    pub(crate) strict: bool,
    pub(crate) listen: SocketAddr,
    /// Where the default tenant's directory speaks LDAP, if anywhere.
    pub(crate) ldap: Option<LdapAddress>,
    /// Where it speaks LDAP over TLS.
    pub(crate) ldaps: Option<LdapAddress>,
    /// The fixed base address, without a trailing slash.
    pub(crate) issuer: Option<String>,
    /// Host names to answer to besides the built-in ones, lower case.
    pub(crate) hosts: Vec<String>,
    pub(crate) keys: Keys,
    pub(crate) seed: Option<u64>,
    /// Where the clocks stand still from the start.
    pub(crate) frozen_at: Option<Timestamp>,
    /// Login pages may have buttons that sign somebody in with one click, where the tenant has it so.
    pub(crate) one_click_people: bool,
    pub(crate) control_key: Option<String>,
    /// How long nobody may ask a fork before it is let go of; for ever, if not given.
    pub(crate) fork_idle: Option<Duration>,
    /// Where fixtures take `##KEY##` and `@@KEY@@` from.
    pub(crate) environment: fn(&str) -> Option<String>,
}

/// How long nobody may ask a fork before it is let go of, if nothing else is said.
pub(crate) const USUAL_FORK_IDLE: Duration = Duration::from_mins(30);

impl Config {
    /// A clock as the tenants begin with.
    pub(crate) fn clock(&self) -> Clock {
        let clock = Clock::default();
        if let Some(at) = self.frozen_at {
            clock.freeze(at);
        }
        clock
    }

    /// A server on a free port of loopback, with everything else as usual and keys in memory.
    pub(crate) fn on_a_free_port() -> Self {
        Self {
            fixtures: Vec::new(),
            strict: false,
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            ldap: None,
            ldaps: None,
            issuer: None,
            hosts: Vec::new(),
            keys: Keys::Memory,
            seed: None,
            frozen_at: None,
            one_click_people: true,
            control_key: None,
            fork_idle: Some(USUAL_FORK_IDLE),
            environment: |_| None,
        }
    }

    /// Whether login pages may sign people in without a password: only to who may steer the server, too.
    pub(crate) fn shows_people(&self) -> bool {
        self.one_click_people && self.control_key.is_none() && self.listen.ip().is_loopback()
    }
}

/// An address for LDAP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LdapAddress {
    pub(crate) address: SocketAddr,
    /// Somebody asked for this one: without it the server doesn't start.
    pub(crate) asked_for: bool,
}

impl LdapAddress {
    /// A free port of loopback.
    pub(crate) fn picked() -> Self {
        Self { address: (Ipv4Addr::LOCALHOST, 0).into(), asked_for: true }
    }
}

/// Where keys live (design page, section 10).
pub(crate) enum Keys {
    /// With this process.
    Memory,
    /// The user's own place for data, if there is one; in memory, with a warning, when it can't be written.
    Home(Option<PathBuf>),
    /// This directory, and nowhere else.
    Dir(PathBuf),
}

/// Why a server did not start, one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// All mistakes of all fixtures, as they are to be shown.
    #[error("{0}")]
    Fixtures(String),
    #[error("can't keep keys in {dir}: {cause}")]
    Keys { dir: String, cause: String },
    #[error("{0}")]
    Listen(String),
    #[error("failed to {0}")]
    Other(String),
}
