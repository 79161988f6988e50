//! Facebook: the login dialog, the code exchange, the person as Graph words it.
//! Source: spec/upstreams.md §0 and §2, spec/profile.md §6.2.

use serde_json::Value;

use crate::connections::error::ConnectionError;
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
use crate::keys::digest;
use crate::protocols::oauth::embedded_client;
use crate::time::Rng;

/// The version of Graph that is asked.
const VERSION: &str = "v19.0";

/// What Graph is asked for at each login. Source: spec/profile.md §6.2 (the list and the large picture).
const FIELDS: &str = "address,age_range,birthday,cover,currency,devices,email,favorite_athletes,favorite_teams,\
    first_name,gender,hometown,id,inspirational_people,install_type,installed,is_verified,languages,last_name,link,\
    locale,location,meeting_for,middle_name,name,name_format,picture,picture.type(large).as(picture_large),public_key,\
    quotes,security_settings,short_name,significant_other,sports,third_party_id,timezone,updated_time,verified,\
    video_upload_limits,viewer_can_send_gift";

/// An option that is true and no permission. Source: reference/management-api.json, `ConnectionOptionsFacebook`.
const NO_PERMISSION: [&str; 1] = ["allow_context_profile_field"];

/// Sends a person to Facebook's login dialog.
pub(super) fn depart(
    party: RelyingParty<'_>,
    request: &AuthorizationRequest,
    rng: &mut Rng,
) -> Result<Departure, ConnectionError> {
    let visit = UpstreamVisit {
        connection: party.connection.name.clone(),
        state: rng.url_safe(64),
        nonce: rng.url_safe(32),
        code_verifier: None,
        redirect_uri: party.callback(),
        base: party.base("facebook"),
        issuer: None,
    };
    let client_id = Credentials::of(party.connection, embedded_client::FACEBOOK_ID).client_id;
    let mut sent = vec![
        ("response_type", "code".to_owned()),
        ("redirect_uri", visit.redirect_uri.clone()),
        ("scope", scope(party.connection, request).join(",")),
        ("state", visit.state.clone()),
        ("client_id", client_id.to_owned()),
    ];
    for (name, value) in parameters::upstream_params(party.connection, request) {
        parameters::put(&mut sent, name, value);
    }
    let dialog = format!("{}/{VERSION}/dialog/oauth", visit.base);
    Ok(Departure::redirect(oauth2::address(&dialog, sent)?, visit))
}

/// Reads Facebook's callback.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    let code = oauth2::code_of(visit, callback)?;
    let credentials = Credentials::of(party.connection, embedded_client::FACEBOOK_ID);
    let graph = graph(&visit.base);
    let endpoint = format!("{graph}/{VERSION}/oauth/access_token");
    let answer = oauth2::exchange(party, visit, &endpoint, (code, credentials)).await?;
    let tokens = oauth2::tokens_of(&answer);

    let access_token = tokens.access_token.clone().unwrap_or_default();
    let proof = appsecret_proof(credentials.client_secret, &access_token);
    let me = oauth2::address(
        &format!("{graph}/{VERSION}/me"),
        [("fields", FIELDS.to_owned()), ("access_token", access_token), ("appsecret_proof", proof)],
    )?;
    let profile = oauth2::fetch(party, &me, None, "Graph API").await?;
    if !profile.get("id").is_some_and(Value::is_string) {
        return Err(ConnectionError::Garbled("Graph API"));
    }
    Ok(Returned::new(RawProfile(profile), tokens))
}

/// Proof that who shows a token also knows the app's secret. Source: spec/upstreams.md §2.
fn appsecret_proof(secret: &str, access_token: &str) -> String {
    digest::hex(&digest::hmac_sha256(secret.as_bytes(), access_token.as_bytes()))
}

/// The real Facebook has its dialog and Graph at two hosts.
fn graph(base: &str) -> String {
    base.replacen("://www.facebook.com", "://graph.facebook.com", 1)
}

/// `scope` as it is stored, or the permissions that are ticked.
fn scope<'a>(connection: &'a Connection, request: &'a AuthorizationRequest) -> Vec<&'a str> {
    let mut own = parameters::scope_option(connection, "scope");
    if own.is_empty() {
        let ticked = connection.options.iter().filter(|(_, value)| **value == Value::Bool(true));
        own = ticked.map(|(name, _)| name.as_str()).filter(|name| is_permission(name)).collect();
    }
    if own.is_empty() {
        own = vec!["public_profile", "email"];
    }
    let freeform = parameters::scope_option(connection, "freeform_scopes");
    let asked = parameters::words(request.connection_scope.as_deref().unwrap_or_default());
    parameters::each_once(own.into_iter().chain(freeform).chain(asked))
}

/// Options that are flags are permissions; these names have the form of Facebook's.
fn is_permission(name: &str) -> bool {
    const FAMILIES: [&str; 9] =
        ["user_", "pages_", "publish_", "read_", "manage_", "ads_", "groups_", "business_", "leads_"];
    let known = ["email", "public_profile"].contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family));
    known && !NO_PERMISSION.contains(&name)
}

#[cfg(test)]
mod tests;
