//! Google, as any OpenID provider: discovery, code flow, verified ID token, userinfo.
//! Source: spec/upstreams.md §0 and §1, spec/profile.md §6.1.

use serde_json::Map;
use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::id_token;
use crate::connections::id_token::Doubt;
use crate::connections::id_token::Expected;
use crate::connections::oauth2;
use crate::connections::oauth2::Credentials;
use crate::connections::parameters;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::profile::RawProfile;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::keys::verify::TokenError;
use crate::protocols::oauth::embedded_client;
use crate::time::Rng;

/// Asked for whatever the connection says. Source: spec/profile.md §6.1.
const ALWAYS: [&str; 2] = ["email", "profile"];

/// Parameters of `/authorize` that Google gets as they came. Source: spec/upstreams.md §0.
const FORWARDED: [&str; 2] = ["access_type", "approval_prompt"];

/// Where the provider's endpoints are, as it says itself (OpenID Connect Discovery §3).
struct Endpoints {
    issuer: String,
    authorization: String,
    token: String,
    userinfo: String,
    jwks: String,
}

/// Sends a person to Google's sign-in pages.
pub(super) async fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let base = party.base("google");
    let endpoints = discover(party, &base).await?;
    let visit = UpstreamVisit {
        connection: party.connection.name.clone(),
        state: rng.url_safe(64),
        nonce: rng.url_safe(32),
        code_verifier: None,
        redirect_uri: party.callback(),
        base,
        issuer: Some(endpoints.issuer),
    };
    let client_id = Credentials::of(party.connection, embedded_client::GOOGLE_ID).client_id;
    let mut sent = vec![
        ("response_type", "code".to_owned()),
        ("redirect_uri", visit.redirect_uri.clone()),
        ("scope", scope(party.connection, request).join(" ")),
        ("state", visit.state.clone()),
        ("nonce", visit.nonce.clone()),
        ("client_id", client_id.to_owned()),
    ];
    for (name, value) in extras(party.connection, request) {
        parameters::put(&mut sent, name, value);
    }
    Ok(Departure { location: oauth2::address(&endpoints.authorization, sent)?, visit })
}

/// Reads Google's callback; the ID token is verified before the profile is asked for.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    let code = oauth2::code_of(visit, callback)?;
    let endpoints = discover(party, &visit.base).await?;
    if visit.issuer.as_ref() != Some(&endpoints.issuer) {
        return Err(ConnectionError::IdToken(Doubt::Token(TokenError::WrongIssuer)));
    }
    let credentials = Credentials::of(party.connection, embedded_client::GOOGLE_ID);
    let answer = oauth2::exchange(party, visit, &endpoints.token, (code, credentials)).await?;
    let tokens = oauth2::tokens_of(&answer);

    let id_token = answer.get("id_token").and_then(Value::as_str);
    let id_token = id_token.ok_or(ConnectionError::IdToken(Doubt::NoToken))?;
    let expected =
        Expected { issuer: &endpoints.issuer, audience: credentials.client_id, nonce: &visit.nonce, now: party.now };
    let subject = verify(party, &endpoints.jwks, id_token, &expected).await?;

    let profile =
        oauth2::fetch(party, &endpoints.userinfo, tokens.access_token.as_deref(), "userinfo endpoint").await?;
    if profile.get("sub").and_then(Value::as_str) != Some(&subject) {
        return Err(ConnectionError::Profile("the profile is not of the person whom the ID token names".into()));
    }
    Ok(Returned { raw: RawProfile(profile), tokens })
}

/// The subject of an ID token, if it is to be believed. A key that is not in the set is looked for once more: the
/// provider may be changing keys just now.
async fn verify(
    party: RelyingParty<'_>,
    jwks: &str,
    token: &str,
    expected: &Expected<'_>,
) -> Result<String, ConnectionError> {
    let mut verified = id_token::verify(token, &keys(party, jwks).await?, expected);
    if matches!(verified, Err(Doubt::Token(TokenError::UnknownKey))) {
        verified = id_token::verify(token, &keys(party, jwks).await?, expected);
    }
    Ok(verified?)
}

async fn keys(party: RelyingParty<'_>, jwks: &str) -> Result<Vec<Value>, ConnectionError> {
    let mut document = oauth2::fetch(party, jwks, None, "key set").await?;
    match document.remove("keys") {
        Some(Value::Array(keys)) => Ok(keys),
        _ => Err(ConnectionError::Garbled("key set")),
    }
}

async fn discover(party: RelyingParty<'_>, base: &str) -> Result<Endpoints, ConnectionError> {
    let url = format!("{base}/.well-known/openid-configuration");
    let document = oauth2::fetch(party, &url, None, "discovery document").await?;
    endpoints(&document).ok_or(ConnectionError::Garbled("discovery document"))
}

fn endpoints(document: &Map<String, Value>) -> Option<Endpoints> {
    let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Endpoints {
        issuer: text("issuer")?,
        authorization: text("authorization_endpoint")?,
        token: text("token_endpoint")?,
        userinfo: text("userinfo_endpoint")?,
        jwks: text("jwks_uri")?,
    })
}

fn scope<'a>(connection: &'a Connection, request: &'a AuthorizationRequest) -> Vec<&'a str> {
    let asked = parameters::words(request.connection_scope.as_deref().unwrap_or_default());
    let own = ["scope", "freeform_scopes"].into_iter().flat_map(|option| parameters::scope_option(connection, option));
    parameters::each_once(ALWAYS.into_iter().chain(own).chain(asked))
}

fn extras<'a>(connection: &'a Connection, request: &AuthorizationRequest) -> Vec<(&'a str, String)> {
    let mut extras = Vec::new();
    if connection.flag_option("offline_access") {
        extras.push(("access_type", "offline".to_owned()));
    }
    for name in FORWARDED {
        if let Some(value) = request.others.get(name) {
            parameters::put(&mut extras, name, value.clone());
        }
    }
    let prompts = ["consent", "select_account"].into_iter().filter(|prompt| request.asks_prompt(prompt));
    let prompts = prompts.collect::<Vec<_>>().join(" ");
    if !prompts.is_empty() {
        extras.push(("prompt", prompts));
    }
    if let Some(hint) = &request.login_hint {
        extras.push(("login_hint", hint.clone()));
    }
    for (name, value) in parameters::upstream_params(connection, request) {
        parameters::put(&mut extras, name, value);
    }
    extras
}

#[cfg(test)]
mod tests;
