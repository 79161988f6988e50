//! What every OpenID provider has: a discovery document, keys, ID tokens signed with them.
//! Source: OpenID Connect Discovery §3, OpenID Connect Core §3.1.3.7.

use serde_json::Map;
use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::id_token;
use crate::connections::id_token::Doubt;
use crate::connections::id_token::Expected;
use crate::connections::oauth2;
use crate::connections::redirect::RelyingParty;
use crate::domain::transaction::UpstreamVisit;
use crate::keys::verify::TokenError;

/// Where a discovery document stands below an issuer.
pub(super) const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// Where the provider's endpoints are, as it says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Endpoints {
    pub(super) issuer: String,
    pub(super) authorization: String,
    pub(super) token: Option<String>,
    pub(super) userinfo: Option<String>,
    pub(super) jwks: String,
    /// The PKCE methods that the provider knows; empty when it says nothing of them.
    pub(super) challenge_methods: Vec<String>,
}

impl Endpoints {
    /// The token endpoint of a provider that must have one.
    ///
    /// # Errors
    /// [`ConnectionError::Garbled`] when it has none.
    pub(super) fn token(&self) -> Result<&str, ConnectionError> {
        self.token.as_deref().ok_or(ConnectionError::Garbled("discovery document"))
    }

    /// The `UserInfo` endpoint of a provider that must have one.
    ///
    /// # Errors
    /// [`ConnectionError::Garbled`] when it has none.
    pub(super) fn userinfo(&self) -> Result<&str, ConnectionError> {
        self.userinfo.as_deref().ok_or(ConnectionError::Garbled("discovery document"))
    }

    /// Whether the provider is still the one that the person was sent to.
    ///
    /// # Errors
    /// [`ConnectionError::IdToken`] when it names another issuer by now.
    pub(super) fn check_pinned(&self, visit: &UpstreamVisit) -> Result<(), ConnectionError> {
        let same = visit.issuer.as_ref() == Some(&self.issuer);
        if same { Ok(()) } else { Err(ConnectionError::IdToken(Doubt::Token(TokenError::WrongIssuer))) }
    }
}

/// Reads a provider's discovery document.
///
/// # Errors
/// [`ConnectionError::Garbled`] when it lacks what every provider has, and those of [`oauth2::fetch`].
pub(super) async fn discover(party: RelyingParty<'_>, url: &str) -> Result<Endpoints, ConnectionError> {
    endpoints(&document(party, url).await?).ok_or(ConnectionError::Garbled("discovery document"))
}

/// A provider's discovery document, unread.
///
/// # Errors
/// Those of [`oauth2::fetch`].
pub(super) async fn document(party: RelyingParty<'_>, url: &str) -> Result<Map<String, Value>, ConnectionError> {
    oauth2::fetch(party, url, None, "discovery document").await
}

/// The endpoints that a discovery document, or a connection's options in its words, names.
pub(super) fn endpoints(document: &Map<String, Value>) -> Option<Endpoints> {
    let text = |name: &str| document.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let methods = document.get("code_challenge_methods_supported").and_then(Value::as_array);
    let methods = methods.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    Some(Endpoints {
        issuer: text("issuer")?.to_owned(),
        authorization: text("authorization_endpoint")?.to_owned(),
        token: text("token_endpoint").map(str::to_owned),
        userinfo: text("userinfo_endpoint").map(str::to_owned),
        jwks: text("jwks_uri")?.to_owned(),
        challenge_methods: methods.collect(),
    })
}

/// The claims of an ID token, if it is to be believed. A key that is not in the set is looked for once more: the
/// provider may be changing keys just now.
///
/// # Errors
/// [`ConnectionError::IdToken`], and those of [`oauth2::fetch`] when the keys can't be had.
pub(super) async fn verify(
    party: RelyingParty<'_>,
    jwks: &str,
    token: &str,
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, ConnectionError> {
    let mut verified = id_token::verify(token, &keys(party, jwks).await?, expected);
    if matches!(verified, Err(Doubt::Token(TokenError::UnknownKey))) {
        verified = id_token::verify(token, &keys(party, jwks).await?, expected);
    }
    Ok(verified?)
}

/// The ID token of a token endpoint's answer.
///
/// # Errors
/// [`ConnectionError::IdToken`] when there is none.
pub(super) fn id_token_of(answer: &Map<String, Value>) -> Result<&str, ConnectionError> {
    answer.get("id_token").and_then(Value::as_str).ok_or(ConnectionError::IdToken(Doubt::NoToken))
}

/// What the `UserInfo` endpoint says of the person whom the verified claims of an ID token name.
///
/// # Errors
/// [`ConnectionError::Profile`] when it speaks of somebody else, and those of [`oauth2::fetch`].
pub(super) async fn userinfo(
    party: RelyingParty<'_>,
    endpoint: &str,
    access_token: Option<&str>,
    claims: &Map<String, Value>,
) -> Result<Map<String, Value>, ConnectionError> {
    let profile = oauth2::fetch(party, endpoint, access_token, "userinfo endpoint").await?;
    if profile.get("sub").and_then(Value::as_str) != claims.get("sub").and_then(Value::as_str) {
        return Err(ConnectionError::Profile("the profile is not of the person whom the ID token names".into()));
    }
    Ok(profile)
}

async fn keys(party: RelyingParty<'_>, jwks: &str) -> Result<Vec<Value>, ConnectionError> {
    let mut document = oauth2::fetch(party, jwks, None, "key set").await?;
    match document.remove("keys") {
        Some(Value::Array(keys)) => Ok(keys),
        _ => Err(ConnectionError::Garbled("key set")),
    }
}
