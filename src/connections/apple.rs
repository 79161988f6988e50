//! Sign in with Apple: a code by form, a client secret that the connection signs itself, no userinfo.
//! Source: spec/upstreams.md §0 and §5, spec/profile.md §6.7.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

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
use crate::keys::es256::Es256Key;
use crate::protocols::oauth::embedded_client;
use crate::time::Rng;
use crate::time::Timestamp;

#[cfg(test)]
mod tests;

/// Whom a client secret is for.
const AUDIENCE: &str = "https://appleid.apple.com";

/// How long a client secret is good for, in seconds: it is made anew for every exchange.
const SECRET_SECONDS: i64 = 300;

/// Sends a person to Apple's sign-in pages. The answer comes by form, as it must when name or address are asked for.
pub(super) async fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let base = party.base("apple");
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
    let client_id = Credentials::of(party.connection, embedded_client::APPLE_ID).client_id;
    let mut sent = vec![
        ("response_type", "code".to_owned()),
        ("response_mode", "form_post".to_owned()),
        ("redirect_uri", visit.redirect_uri.clone()),
        ("scope", scope(party.connection, request).join(" ")),
        ("state", visit.state.clone()),
        ("client_id", client_id.to_owned()),
    ];
    for (name, value) in parameters::upstream_params(party.connection, request) {
        parameters::put(&mut sent, name, value);
    }
    Ok(Departure::redirect(oauth2::address(&endpoints.authorization, sent)?, visit))
}

/// Reads Apple's callback. The raw profile is the claims of the ID token, with the form's `user` beside them at the
/// first sign-in.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    let code = oauth2::code_of(visit, callback)?;
    let user = user_of(callback)?;
    let endpoints = openid::discover(party, &format!("{}{WELL_KNOWN}", visit.base)).await?;
    endpoints.check_pinned(visit)?;
    let credentials = Credentials::of(party.connection, embedded_client::APPLE_ID);
    let signed = client_secret(party.connection, credentials.client_id, party.now)?;
    let client_secret = signed.as_deref().unwrap_or(credentials.client_secret);
    let credentials = Credentials { client_secret, ..credentials };
    let answer = oauth2::exchange(party, visit, endpoints.token()?, (code, credentials)).await?;
    let expected = Expected::of(party, &endpoints.issuer, credentials.client_id, None);
    let mut claims = openid::verify(party, &endpoints.jwks, openid::id_token_of(&answer)?, &expected).await?;
    claims.remove("user"); // The form alone tells it.
    claims.extend(user.map(|user| ("user".to_owned(), user.into())));
    Ok(Returned::new(RawProfile(claims), oauth2::tokens_of(&answer)))
}

/// The person's name and address, which only the browser brings.
fn user_of(callback: &CallbackParameters) -> Result<Option<Map<String, Value>>, ConnectionError> {
    let Some(user) = callback.get("user").filter(|user| !user.is_empty()) else { return Ok(None) };
    let user = serde_json::from_str(user).map_err(|_| ConnectionError::BadCallback("its user is no JSON object"))?;
    Ok(Some(user))
}

/// The connection's client secret, if it has a key to sign one with: `app_secret`, `kid` and `team_id`.
fn client_secret(connection: &Connection, client_id: &str, now: Timestamp) -> Result<Option<String>, ConnectionError> {
    let own = |name| connection.text_option(name).filter(|text| !text.is_empty());
    let Some(pem) = own("app_secret") else { return Ok(None) };
    let wrong = |cause: String| ConnectionError::Misconfigured(cause);
    let required = |name| own(name).ok_or_else(|| wrong(format!("it has an app_secret and no {name}")));
    let (team_id, kid) = (required("team_id")?, required("kid")?);
    let claims = json!({
        "iss": team_id,
        "iat": now.seconds(),
        "exp": now.plus_seconds(SECRET_SECONDS).seconds(),
        "aud": AUDIENCE,
        "sub": client_id,
    });
    let signed = Es256Key::of_pem(pem).and_then(|key| key.sign(kid, &claims));
    signed.map(Some).map_err(|error| wrong(format!("its app_secret is of no use: failed to {error}")))
}

/// What is asked for: name and address unless the connection says otherwise, by its `scope` or by its switches.
fn scope<'a>(connection: &'a Connection, request: &'a AuthorizationRequest) -> Vec<&'a str> {
    let is_off = |name: &str| connection.options.get(name) == Some(&Value::Bool(false));
    let usual = ["name", "email"].into_iter().filter(|name| !is_off(name)).collect();
    let own = match parameters::scope_option(connection, "scope") {
        own if own.is_empty() => usual,
        own => own,
    };
    let free = parameters::scope_option(connection, "freeform_scopes");
    let asked = parameters::words(request.connection_scope.as_deref().unwrap_or_default());
    parameters::each_once(own.into_iter().chain(free).chain(asked))
}
