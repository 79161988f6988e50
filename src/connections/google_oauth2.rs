//! Google, as any OpenID provider: discovery, code flow, verified ID token, userinfo.
//! Source: spec/upstreams.md §0 and §1, spec/profile.md §6.1.

use crate::connections::error::ConnectionError;
use crate::connections::id_token::Expected;
use crate::connections::oauth2;
use crate::connections::oauth2::Credentials;
use crate::connections::openid;
use crate::connections::openid::WELL_KNOWN;
use crate::connections::parameters;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::profile::RawProfile;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::protocols::oauth::embedded_client;
use crate::time::Rng;

/// Asked for whatever the connection says. Source: spec/profile.md §6.1.
const ALWAYS: [&str; 2] = ["email", "profile"];

/// Parameters of `/authorize` that Google gets as they came. Source: spec/upstreams.md §0.
const FORWARDED: [&str; 2] = ["access_type", "approval_prompt"];

/// Sends a person to Google's sign-in pages.
pub(super) async fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let base = party.base("google");
    let endpoints = openid::discover(party, &format!("{base}{WELL_KNOWN}")).await?;
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
    Ok(Departure::redirect(oauth2::address(&endpoints.authorization, sent)?, visit))
}

/// Reads Google's callback; the ID token is verified before the profile is asked for.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    let code = oauth2::code_of(visit, callback)?;
    let endpoints = openid::discover(party, &format!("{}{WELL_KNOWN}", visit.base)).await?;
    endpoints.check_pinned(visit)?;
    let credentials = Credentials::of(party.connection, embedded_client::GOOGLE_ID);
    let answer = oauth2::exchange(party, visit, endpoints.token()?, (code, credentials)).await?;
    let tokens = oauth2::tokens_of(&answer);
    let expected = Expected::of(party, &endpoints.issuer, credentials.client_id, Some(&visit.nonce));
    let claims = openid::verify(party, &endpoints.jwks, openid::id_token_of(&answer)?, &expected).await?;
    let profile = openid::userinfo(party, endpoints.userinfo()?, tokens.access_token.as_deref(), &claims).await?;
    Ok(Returned::new(RawProfile(profile), tokens))
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
