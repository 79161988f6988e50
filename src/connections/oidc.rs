//! Any OpenID provider, and Okta: by the front channel (an ID token in a form) or the back channel (a code).
//! Source: spec/upstreams.md §0 and §9, spec/enterprise.md §7, spec/profile.md §6.11.

use serde_json::Map;
use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::id_token;
use crate::connections::id_token::Doubt;
use crate::connections::id_token::Expected;
use crate::connections::oauth2;
use crate::connections::oauth2::Credentials;
use crate::connections::oauth2::Method;
use crate::connections::openid;
use crate::connections::openid::Endpoints;
use crate::connections::parameters;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::Departure;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::Returned;
use crate::domain::connection::Connection;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::RawProfile;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::protocols::oauth::embedded_client;
use crate::protocols::oauth::pkce;
use crate::time::Rng;

mod settings;

#[cfg(test)]
mod tests;

/// Sends a person to the provider's sign-in pages.
pub(super) async fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let connection = party.connection;
    let endpoints = settings::endpoints(party).await?;
    let method = settings::challenge_method(connection, &endpoints);
    let visit = UpstreamVisit {
        connection: connection.name.clone(),
        state: rng.url_safe(64),
        nonce: rng.url_safe(32),
        code_verifier: method.map(|_| rng.url_safe(43)),
        redirect_uri: party.callback(),
        base: party.base("oidc"),
        issuer: Some(endpoints.issuer),
    };
    let client_id = Credentials::of(connection, embedded_client::OIDC_ID).client_id;
    let mut sent = vec![
        ("client_id", client_id.to_owned()),
        ("redirect_uri", visit.redirect_uri.clone()),
        ("scope", settings::scope(connection, request).join(" ")),
        ("state", visit.state.clone()),
    ];
    if settings::is_front_channel(connection) {
        sent.extend([("response_type", "id_token".to_owned()), ("response_mode", "form_post".to_owned())]);
    } else {
        sent.push(("response_type", "code".to_owned()));
    }
    if settings::sends_nonce(connection) {
        sent.push(("nonce", visit.nonce.clone()));
    }
    if let Some((method, verifier)) = method.zip(visit.code_verifier.as_deref()) {
        let challenge = if method == "S256" { pkce::s256(verifier) } else { verifier.to_owned() };
        sent.extend([("code_challenge", challenge), ("code_challenge_method", method.to_owned())]);
    }
    for (name, value) in parameters::upstream_params(connection, request) {
        parameters::put(&mut sent, name, value);
    }
    Ok(Departure::redirect(oauth2::address(&endpoints.authorization, sent)?, visit))
}

/// Reads the provider's callback. The raw profile is the claims of the ID token, with `userinfo` beside them where the
/// connection wants it, and `access_token` where a template does.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    oauth2::check_callback(visit, callback)?;
    let endpoints = settings::endpoints(party).await?;
    endpoints.check_pinned(visit)?;
    if !settings::is_front_channel(party.connection) {
        return by_code(party, visit, callback, &endpoints).await;
    }
    let token = callback.get("id_token").ok_or(ConnectionError::IdToken(Doubt::NoToken))?;
    let raw = RawProfile(verify(party, visit, &endpoints, token).await?);
    Ok(Returned::new(raw, ProviderTokens::default()))
}

async fn by_code(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
    endpoints: &Endpoints,
) -> Result<Returned, ConnectionError> {
    let code = oauth2::code_of(visit, callback)?;
    let method = authentication(party.connection)?;
    let credentials = Credentials { method, ..Credentials::of(party.connection, embedded_client::OIDC_ID) };
    let answer = oauth2::exchange(party, visit, endpoints.token()?, (code, credentials)).await?;
    let tokens = oauth2::tokens_of(&answer);
    let mut claims = verify(party, visit, endpoints, openid::id_token_of(&answer)?).await?;
    if settings::wants(party.connection, settings::USERINFO) {
        let endpoint = endpoints.userinfo()?;
        let userinfo = openid::userinfo(party, endpoint, tokens.access_token.as_deref(), &claims).await?;
        claims.insert("userinfo".to_owned(), userinfo.into());
    }
    if settings::wants(party.connection, settings::ACCESS_TOKEN) {
        claims.insert("access_token".to_owned(), tokens.access_token.clone().into());
    }
    Ok(Returned::new(RawProfile(claims), tokens))
}

async fn verify(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    endpoints: &Endpoints,
    token: &str,
) -> Result<Map<String, Value>, ConnectionError> {
    let connection = party.connection;
    let own = parameters::scope_option(connection, "id_token_signed_response_algs");
    let expected = Expected {
        issuer: &endpoints.issuer,
        audience: Credentials::of(connection, embedded_client::OIDC_ID).client_id,
        nonce: settings::sends_nonce(connection).then_some(&visit.nonce),
        algorithms: if own.is_empty() { id_token::USUAL } else { &own },
        now: party.now,
    };
    openid::verify(party, &endpoints.jwks, token, &expected).await
}

/// How the connection shows its secret (`token_endpoint_auth_method`).
fn authentication(connection: &Connection) -> Result<Method, ConnectionError> {
    match connection.text_option("token_endpoint_auth_method") {
        Some("private_key_jwt") => Err(ConnectionError::Misconfigured("private_key_jwt is not built yet".to_owned())),
        Some("client_secret_basic") => Ok(Method::Basic),
        _ => Ok(Method::Post),
    }
}
