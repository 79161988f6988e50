//! GitHub: the sign-in page, the code exchange, the person and their e-mail addresses as its API words them.
//! Source: spec/upstreams.md §0 and §6, spec/profile.md §6.6.

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
use crate::domain::profile::RawProfile;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::UpstreamVisit;
use crate::protocols::oauth::embedded_client;
use crate::time::Rng;

/// Asked for where the connection names no scope: an app wants the address (unverified).
const USUAL: [&str; 1] = ["user:email"];

/// Options that are true, and the scopes they stand for. The others (`gist`, `repo`, …) have the scope's own name.
/// Source: reference/management-api.json, `ConnectionOptionsGitHub`.
const TICKED: &[(&str, &str)] = &[
    ("admin_org", "admin:org"),
    ("admin_public_key", "admin:public_key"),
    ("admin_repo_hook", "admin:repo_hook"),
    ("delete_repo", "delete_repo"),
    ("email", "user:email"),
    ("follow", "user:follow"),
    ("gist", "gist"),
    ("notifications", "notifications"),
    ("public_repo", "public_repo"),
    ("read_org", "read:org"),
    ("read_public_key", "read:public_key"),
    ("read_repo_hook", "read:repo_hook"),
    ("read_user", "read:user"),
    ("repo", "repo"),
    ("repo_deployment", "repo_deployment"),
    ("repo_status", "repo:status"),
    ("write_org", "write:org"),
    ("write_public_key", "write:public_key"),
    ("write_repo_hook", "write:repo_hook"),
];

/// Sends a person to GitHub.
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
        base: party.base("github"),
        issuer: None,
    };
    let client_id = Credentials::of(party.connection, embedded_client::GITHUB_ID).client_id;
    let mut sent = vec![
        ("response_type", "code".to_owned()),
        ("redirect_uri", visit.redirect_uri.clone()),
        ("scope", parameters::scopes(party.connection, request, TICKED, &USUAL).join(" ")),
        ("state", visit.state.clone()),
        ("client_id", client_id.to_owned()),
    ];
    for (name, value) in parameters::upstream_params(party.connection, request) {
        parameters::put(&mut sent, name, value);
    }
    let page = format!("{}/login/oauth/authorize", visit.base);
    Ok(Departure::redirect(oauth2::address(&page, sent)?, visit))
}

/// Reads GitHub's callback. The addresses are a second question, which GitHub doesn't answer without `user:email`.
pub(super) async fn arrive(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    callback: &CallbackParameters,
) -> Result<Returned, ConnectionError> {
    let code = oauth2::code_of(visit, callback)?;
    let credentials = Credentials::of(party.connection, embedded_client::GITHUB_ID);
    let endpoint = format!("{}/login/oauth/access_token", visit.base);
    let answer = oauth2::exchange(party, visit, &endpoint, (code, credentials)).await?;
    let tokens = oauth2::tokens_of(&answer);

    let api = api(&visit.base);
    let bearer = tokens.access_token.as_deref();
    let mut profile = oauth2::fetch(party, &format!("{api}/user"), bearer, "user API").await?;
    if !profile.get("id").is_some_and(|id| id.is_u64() || id.is_i64()) {
        return Err(ConnectionError::Garbled("user API"));
    }
    if let Some(emails) = emails(party, &api, bearer).await? {
        profile.insert("emails".to_owned(), emails);
    }
    Ok(Returned::new(RawProfile(profile), tokens))
}

/// The list of `/user/emails`; `None` when the token's scopes don't reach it.
async fn emails(party: RelyingParty<'_>, api: &str, bearer: Option<&str>) -> Result<Option<Value>, ConnectionError> {
    const WHAT: &str = "e-mail API";
    let answer = oauth2::ask(party, &format!("{api}/user/emails"), bearer, WHAT).await?;
    if matches!(answer.status.as_u16(), 403 | 404) {
        return Ok(None);
    }
    if !answer.status.is_success() {
        return Err(oauth2::refused(&answer, WHAT));
    }
    let list: Vec<Map<String, Value>> =
        serde_json::from_slice(&answer.body).map_err(|_| ConnectionError::Garbled(WHAT))?;
    Ok(Some(list.into()))
}

/// The real GitHub has its pages and its API at two hosts.
fn api(base: &str) -> String {
    base.replacen("://github.com", "://api.github.com", 1)
}

#[cfg(test)]
mod tests;
