//! How signing in with an upstream fails. What the app is told is `authentication`'s (spec/upstreams.md §10).

use crate::connections::id_token;
use crate::domain::strategy::Strategy;
use crate::http::failure::Failure;
use crate::http::outgoing::OutgoingError;
use crate::protocols::saml::binding::BindingError;

/// Why an assertion (SAML, WS-Federation) isn't believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// The check that failed, in one word.
    pub(crate) check: &'static str,
    /// For the app and the log.
    pub(crate) description: String,
    /// The message as it came, where the connection is to be debugged.
    pub(crate) message: Option<String>,
}

/// Why nobody arrived. Fragments that complete "failed to …".
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectionError {
    #[error("sign in with {0}: connections of this strategy are not built yet")]
    NotBuilt(Strategy),
    /// The upstream sent the person back with an error: the person cancelled (`access_denied`), or the upstream
    /// did not like the request.
    #[error("sign in: {} ({error})", .description.as_deref().unwrap_or("the provider refused"))]
    Refused { error: String, description: Option<String> },
    /// What came to the callback is not an answer of this visit: no code, another state, another connection.
    #[error("read the callback: {0}")]
    BadCallback(&'static str),
    /// The token endpoint answered with an error; what it said, if it said anything.
    #[error("exchange the code: {0}")]
    Exchange(String),
    /// The ID token is not to be believed.
    #[error("verify the ID token: {0}")]
    IdToken(#[from] id_token::Doubt),
    /// A check didn't let an assertion pass.
    #[error("sign in: {}", .0.description)]
    Assertion(Box<Doubt>),
    /// What came isn't a SAML message.
    #[error("read the SAML response: {0}")]
    SamlMessage(BindingError),
    /// The profile could not be had.
    #[error("obtain user profile: {0}")]
    Profile(String),
    /// The upstream's answer could not be read.
    #[error("read the answer of the provider's {0}")]
    Garbled(&'static str),
    #[error(transparent)]
    Unreachable(#[from] OutgoingError),
    /// The connection itself is set up wrongly.
    #[error("use the connection: {0}")]
    Misconfigured(String),
    #[error(transparent)]
    Internal(#[from] Failure),
}
