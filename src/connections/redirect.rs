//! Signing in by sending the person somewhere: out to the upstream, and in again from its callback.

use std::collections::BTreeMap;

use crate::connections::adfs;
use crate::connections::apple;
use crate::connections::error::ConnectionError;
use crate::connections::facebook;
use crate::connections::github;
use crate::connections::google_oauth2;
use crate::connections::linkedin;
use crate::connections::oidc;
use crate::connections::samlp;
use crate::connections::waad;
use crate::connections::windowslive;
use crate::domain::connection::Connection;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::RawProfile;
use crate::domain::session::UpstreamSession;
use crate::domain::strategy::Strategy;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::http::address::Address;
use crate::http::outgoing::Outgoing;
use crate::http::outgoing::Place;
use crate::keys::Keyring;
use crate::time::Rng;
use crate::time::Timestamp;

/// The tenant, as an upstream meets it through one connection.
#[derive(Clone, Copy)]
pub(crate) struct RelyingParty<'a> {
    pub(crate) connection: &'a Connection,
    /// The address that the flow began at: callback and embedded fake are below it.
    pub(crate) address: &'a Address,
    pub(crate) outgoing: &'a Outgoing,
    pub(crate) own: Own<'a>,
    /// By the tenant's clock: ID tokens expire by it.
    pub(crate) now: Timestamp,
}

/// Who the tenant is, to those whose documents it signs and reads.
#[derive(Clone, Copy)]
pub(crate) struct Own<'a> {
    /// The tenant's name.
    pub(crate) name: &'a str,
    pub(crate) keyring: &'a Keyring,
    /// The slot of the key that signs.
    pub(crate) slot: u32,
}

/// Where the person goes, and what must be remembered until they come back.
#[derive(Clone, Debug)]
pub(crate) struct Departure {
    pub(crate) location: String,
    /// What the browser posts there; nothing: it is redirected.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) visit: UpstreamVisit,
}

/// What an upstream said of the person who came back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Returned {
    /// In the upstream's own words, unread.
    pub(crate) raw: RawProfile,
    pub(crate) tokens: ProviderTokens,
    /// What vouches for them, where it may be used once.
    pub(crate) once: Option<Once>,
    /// What they are called in their session there, for logging out of it.
    pub(crate) session: Option<Box<UpstreamSession>>,
    /// What the connection's script wrote to its console, for the trace of the login.
    pub(crate) console: Vec<String>,
}

/// A thing that is good for one login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Once {
    /// Of its issuer and its id.
    pub(crate) hash: [u8; 32],
    /// When it is good for none anyway.
    pub(crate) until: Timestamp,
}

impl Departure {
    pub(crate) fn redirect(location: String, visit: UpstreamVisit) -> Self {
        Self { location, fields: Vec::new(), visit }
    }
}

impl Returned {
    /// Somebody whom this was said of, over a connection that is asked anew at each login.
    pub(crate) fn new(raw: RawProfile, tokens: ProviderTokens) -> Self {
        Self { raw, tokens, once: None, session: None, console: Vec::new() }
    }
}

/// Options with which an OpenID connection names its provider; others have none of them.
const OF_ANOTHER_SERVER: [&str; 3] = ["discovery_url", "issuer", "authorization_endpoint"];

/// The parameters of a callback, each once.
pub(crate) type CallbackParameters = BTreeMap<String, String>;

/// Sends a person to the connection's upstream. State and nonce are drawn from `rng`.
///
/// # Errors
/// [`ConnectionError::NotBuilt`], [`ConnectionError::Unreachable`] and [`ConnectionError::Garbled`] when the upstream
/// could not be asked where its pages are.
pub(crate) async fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    // By name: a constant as a pattern in an asynchronous function sends the compiler round in a circle when it
    // builds without incremental compilation.
    match party.connection.strategy.as_str() {
        "google-oauth2" => google_oauth2::depart(party, request, rng).await,
        "adfs" => adfs::depart(party, request, rng).await,
        "apple" => apple::depart(party, request, rng).await,
        "facebook" => facebook::depart(party, request, rng),
        "github" => github::depart(party, request, rng),
        "linkedin" => linkedin::depart(party, request, rng),
        "oidc" | "okta" => oidc::depart(party, request, rng).await,
        "samlp" | "pingfederate" => samlp::depart(party, request, rng).await,
        "waad" => waad::depart(party, request, rng).await,
        "windowslive" => windowslive::depart(party, request, rng),
        _ => Err(ConnectionError::NotBuilt(party.connection.strategy)),
    }
}

/// Reads what came to `/login/callback` for `visit`, exchanges its code, verifies what must be, asks for the profile.
///
/// # Errors
/// [`ConnectionError`]: nobody arrived.
pub(crate) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    match party.connection.strategy.as_str() {
        "google-oauth2" => google_oauth2::arrive(party, visit, callback).await,
        "adfs" => adfs::arrive(party, visit, callback).await,
        "apple" => apple::arrive(party, visit, callback).await,
        "facebook" => facebook::arrive(party, visit, callback).await,
        "github" => github::arrive(party, visit, callback).await,
        "linkedin" => linkedin::arrive(party, visit, callback).await,
        "oidc" | "okta" => oidc::arrive(party, visit, callback).await,
        "samlp" | "pingfederate" => samlp::arrive(party, Some(visit), callback).await,
        "waad" => waad::arrive(party, visit, callback).await,
        "windowslive" => windowslive::arrive(party, visit, callback).await,
        _ => Err(ConnectionError::NotBuilt(party.connection.strategy)),
    }
}

/// What the provider of a strategy is called, whoever stands in for it.
pub(crate) fn provider_of(strategy: Strategy) -> &'static str {
    match strategy.as_str() {
        "google-oauth2" => "google",
        "waad" | "windowslive" => "microsoft",
        "okta" => "oidc",
        other => other,
    }
}

impl RelyingParty<'_> {
    /// Our own callback.
    pub(crate) fn callback(&self) -> String {
        self.address.url("/login/callback")
    }

    /// The upstream's base address: the connection's own, or the embedded fake called `fake`.
    pub(crate) fn base(&self, fake: &str) -> String {
        match &self.connection.upstream_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => self.address.url(&format!("/_upstreams/{fake}")),
        }
    }

    /// Whom requests go to: the embedded fake unless the connection names another server.
    pub(crate) fn place(&self) -> Place {
        let names = |option: &&str| self.connection.text_option(option).is_some_and(|text| !text.is_empty());
        let elsewhere = self.connection.upstream_url.is_some() || OF_ANOTHER_SERVER.iter().any(names);
        if elsewhere { Place::Outside } else { Place::Embedded }
    }
}
