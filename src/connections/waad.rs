//! Microsoft Entra ID: a company's directory, as an OpenID provider of two ages, with Microsoft Graph for what the ID
//! token doesn't say. Source: spec/enterprise.md §7, spec/upstreams.md §0 and §4, spec/profile.md §6.5.

mod graph;
mod settings;

#[cfg(test)]
mod tests;

use serde_json::Map;
use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::id_token::Doubt;
use crate::connections::id_token::Expected;
use crate::connections::oauth2;
use crate::connections::oauth2::Credentials;
use crate::connections::openid;
use crate::connections::openid::Endpoints;
use crate::connections::parameters;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::Returned;
use crate::connections::waad::settings::Api;
use crate::domain::profile::RawProfile;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::keys::verify::Jws;
use crate::protocols::oauth::embedded_client;
use crate::time::Rng;

/// What stands for a directory's id in the issuer of those that stand for several.
const TEMPLATE: &str = "{tenantid}";

/// Sends a person to the sign-in page of the directory.
pub(super) async fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let connection = party.connection;
    settings::check(connection)?;
    let endpoints = openid::discover(party, &settings::discovery(party)?).await?;
    let visit = UpstreamVisit {
        connection: connection.name.clone(),
        state: rng.url_safe(64),
        nonce: rng.url_safe(32),
        code_verifier: None,
        redirect_uri: party.callback(),
        base: party.base("microsoft"),
        issuer: Some(endpoints.issuer),
    };
    let client_id = Credentials::of(connection, embedded_client::MICROSOFT_ID).client_id;
    let mut sent = vec![
        ("response_type", "code".to_owned()),
        ("redirect_uri", visit.redirect_uri.clone()),
        ("state", visit.state.clone()),
        ("nonce", visit.nonce.clone()),
        ("client_id", client_id.to_owned()),
    ];
    match Api::of(connection) {
        // What it may read was agreed on when the app was registered.
        Api::One => sent.push(("resource", "https://graph.microsoft.com".to_owned())),
        Api::Two => sent.push(("scope", settings::scope(connection, request).join(" "))),
    }
    sent.extend(request.login_hint.clone().map(|hint| ("login_hint", hint)));
    for (name, value) in parameters::upstream_params(connection, request) {
        parameters::put(&mut sent, name, value);
    }
    Ok(Departure::redirect(oauth2::address(&endpoints.authorization, sent)?, visit))
}

/// Reads the directory's callback. The raw profile is the claims of the ID token, with Graph's `/me` beside them as
/// `graph`, and the groups as `memberOf` where the connection wants them.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    let code = oauth2::code_of(visit, callback)?;
    let endpoints = openid::discover(party, &settings::discovery(party)?).await?;
    endpoints.check_pinned(visit)?;
    let credentials = Credentials::of(party.connection, embedded_client::MICROSOFT_ID);
    let answer = oauth2::exchange(party, visit, endpoints.token()?, (code, credentials)).await?;
    let tokens = oauth2::tokens_of(&answer);
    let mut claims = verify(party, visit, (&endpoints, credentials), openid::id_token_of(&answer)?).await?;
    let token = tokens.access_token.as_deref();
    claims.insert("graph".to_owned(), graph::me(party, visit, token, &claims).await?.into());
    if party.connection.flag_option("ext_groups") {
        claims.insert("memberOf".to_owned(), graph::groups(party, visit, token).await?.into());
    }
    Ok(Returned::new(RawProfile(claims), tokens))
}

async fn verify(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    (endpoints, credentials): (&Endpoints, Credentials<'_>),
    token: &str,
) -> Result<Map<String, Value>, ConnectionError> {
    let issuer = issuer(&endpoints.issuer, token)?;
    let expected = Expected::of(party, &issuer, credentials.client_id, Some(&visit.nonce));
    openid::verify(party, &endpoints.jwks, token, &expected).await
}

/// The issuer that the token must have: the directory's own, or where it stands for several, that of the one which the
/// token says it is from.
fn issuer(told: &str, token: &str) -> Result<String, Doubt> {
    if !told.contains(TEMPLATE) {
        return Ok(told.to_owned());
    }
    let token = Jws::parse(token)?;
    let id = token.unverified("tid").and_then(Value::as_str).filter(|id| is_guid(id));
    Ok(told.replacen(TEMPLATE, id.ok_or(Doubt::Missing("tid"))?, 1))
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}
