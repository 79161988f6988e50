//! LinkedIn in its three ages: OpenID Connect, and the APIs before it. Source: spec/upstreams.md §0 and §3,
//! spec/profile.md §6.3.

use serde_json::Map;
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
use crate::protocols::oauth::embedded_client;
use crate::time::Rng;

/// What the first age is asked for. Source: spec/profile.md §6.3.
const FIELDS: &str = "id,first-name,last-name,formatted-name,email-address,headline,industry,summary,location,\
    picture-url,public-profile-url,num-connections,positions,educations,skills";

/// What the second age is asked for. Source: spec/upstreams.md §3.
const PROJECTION: &str = "(id,localizedFirstName,localizedLastName,firstName,lastName,\
    profilePicture(displayImage~:playableStreams))";

const API: &str = "profile API";

/// Which of LinkedIn's APIs a connection speaks (`options.strategy_version`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    People,
    Lite,
    OpenId,
}

impl Age {
    /// By the option, else by the scopes that the connection has; a connection without either speaks OpenID Connect,
    /// the only age that lives at LinkedIn.
    fn of(connection: &Connection) -> Self {
        let scopes = parameters::scope_option(connection, "scope");
        let has = |names: &[&str]| scopes.iter().any(|scope| names.contains(scope));
        let version = connection.options.get("strategy_version").and_then(Value::as_u64);
        let of_old = |names| version.is_none() && !has(&["openid"]) && has(names);
        if version == Some(2) || of_old(&["r_liteprofile"]) {
            Self::Lite
        } else if version == Some(1) || of_old(&["r_basicprofile", "r_fullprofile"]) {
            Self::People
        } else {
            Self::OpenId
        }
    }

    /// Options that are true, and the scopes they stand for.
    fn ticked(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::People => &[
                ("basic_profile", "r_basicprofile"),
                ("full_profile", "r_fullprofile"),
                ("email", "r_emailaddress"),
                ("network", "r_network"),
            ],
            Self::Lite => {
                &[("profile", "r_liteprofile"), ("basic_profile", "r_basicprofile"), ("email", "r_emailaddress")]
            }
            Self::OpenId => &[("openid", "openid"), ("profile", "profile"), ("email", "email")],
        }
    }

    fn usual(self) -> &'static [&'static str] {
        match self {
            Self::People => &["r_basicprofile"],
            Self::Lite => &["r_liteprofile"],
            Self::OpenId => &["openid", "profile", "email"],
        }
    }
}

/// Sends a person to LinkedIn.
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
        base: party.base("linkedin"),
        issuer: None,
    };
    let client_id = Credentials::of(party.connection, embedded_client::LINKEDIN_ID).client_id;
    let mut sent = vec![
        ("response_type", "code".to_owned()),
        ("redirect_uri", visit.redirect_uri.clone()),
        ("scope", scope(party.connection, request).join(" ")),
        ("state", visit.state.clone()),
        ("client_id", client_id.to_owned()),
    ];
    for (name, value) in parameters::upstream_params(party.connection, request) {
        parameters::put(&mut sent, name, value);
    }
    let page = format!("{}/oauth/v2/authorization", visit.base);
    Ok(Departure::redirect(oauth2::address(&page, sent)?, visit))
}

/// Reads LinkedIn's callback. Whom the token is of, userinfo says: LinkedIn's ID tokens carry no nonce.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    let code = oauth2::code_of(visit, callback)?;
    let credentials = Credentials::of(party.connection, embedded_client::LINKEDIN_ID);
    let endpoint = format!("{}/oauth/v2/accessToken", visit.base);
    let answer = oauth2::exchange(party, visit, &endpoint, (code, credentials)).await?;
    let tokens = oauth2::tokens_of(&answer);

    let (api, bearer) = (api(&visit.base), tokens.access_token.as_deref());
    let (id, profile) = match Age::of(party.connection) {
        Age::People => {
            ("id", oauth2::fetch(party, &format!("{api}/v1/people/~:({FIELDS})?format=json"), bearer, API).await?)
        }
        Age::Lite => ("id", lite(party, &api, bearer).await?),
        Age::OpenId => ("sub", oauth2::fetch(party, &format!("{api}/v2/userinfo"), bearer, API).await?),
    };
    if profile.get(id).and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err(ConnectionError::Garbled(API));
    }
    Ok(Returned::new(RawProfile(profile), tokens))
}

/// `/v2/me`, with the address of `/v2/emailAddress` beside it as `emailAddress` where the token's scopes reach it.
async fn lite(party: RelyingParty<'_>, api: &str, bearer: Option<&str>) -> Result<Map<String, Value>, ConnectionError> {
    const WHAT: &str = "e-mail API";
    let me = oauth2::address(&format!("{api}/v2/me"), [("projection", PROJECTION.to_owned())])?;
    let mut profile = oauth2::fetch(party, &me, bearer, API).await?;
    let wanted = [("q", "members".to_owned()), ("projection", "(elements*(handle~))".to_owned())];
    let answer = oauth2::ask(party, &oauth2::address(&format!("{api}/v2/emailAddress"), wanted)?, bearer, WHAT).await?;
    if answer.status.as_u16() == 403 {
        return Ok(profile);
    }
    if !answer.status.is_success() {
        return Err(oauth2::refused(&answer, WHAT));
    }
    let found: Value = serde_json::from_slice(&answer.body).map_err(|_| ConnectionError::Garbled(WHAT))?;
    if let Some(email) = found.pointer("/elements/0/handle~/emailAddress").filter(|email| email.is_string()) {
        profile.insert("emailAddress".to_owned(), email.clone());
    }
    Ok(profile)
}

fn scope<'a>(connection: &'a Connection, request: &'a AuthorizationRequest) -> Vec<&'a str> {
    let age = Age::of(connection);
    parameters::scopes(connection, request, age.ticked(), age.usual())
}

/// The real LinkedIn has its pages and its API at two hosts.
fn api(base: &str) -> String {
    base.replacen("://www.linkedin.com", "://api.linkedin.com", 1)
}

#[cfg(test)]
mod tests;
