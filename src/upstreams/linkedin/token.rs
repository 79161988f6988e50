//! `POST /oauth/v2/accessToken`: a code becomes a token of sixty days. Source: spec/upstreams.md §3.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::cell::Draft;
use crate::http::parameters::Parameters;
use crate::upstreams::accounts::Account;
use crate::upstreams::clients::Client;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Grant;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::keys;
use crate::upstreams::linkedin::Linkedin;
use crate::upstreams::linkedin::claims;
use crate::upstreams::linkedin::error::OAuthError;
use crate::upstreams::linkedin::scopes;
use crate::upstreams::provider::Provider;
use crate::upstreams::request;
use crate::upstreams::request::Asked;
use crate::upstreams::state::UpstreamState;

/// How long a token is good for, in seconds: sixty days; LinkedIn tells one less.
const LIFETIME_SECONDS: i64 = 60 * 24 * 3600 - 1;

const CODE_LIFETIME: Duration = Duration::from_mins(30);

/// The token endpoint, whatever the grant.
pub(super) async fn exchange(linkedin: Linkedin, request: extract::Request) -> Result<Response, OAuthError> {
    let asked = request::read(request).await?;
    let grant_type = asked.parameters.get("grant_type").ok_or(OAuthError::Missing("grant_type"))?.to_owned();
    let client = authenticated(&linkedin, &asked)?;
    match grant_type.as_str() {
        "authorization_code" => {}
        "refresh_token" => return Err(OAuthError::BadRefreshToken), // Only approved partners are given any.
        "client_credentials" => return Err(OAuthError::NoAppTokens),
        _ => return Err(OAuthError::UnsupportedGrantType),
    }
    let (token, grant, account) = linkedin.upstreams.write(|draft| of_code(draft, &client, &asked.parameters))?;
    let account = linkedin.shown(account, (&grant.client_id, &token));
    let mut answer = json!({
        "access_token": token,
        "expires_in": LIFETIME_SECONDS,
        "scope": grant.scopes.join(","),
        "token_type": "Bearer",
    });
    if let Some(members) = answer.as_object_mut().filter(|_| grant.has(scopes::OPENID)) {
        let claims = claims::id_token(&linkedin.base, &account, &grant, linkedin.now());
        let signed = keys::sign(&linkedin, &claims).await?;
        members.insert("id_token".to_owned(), Value::from(signed));
    }
    Ok(([(CACHE_CONTROL, "no-cache, no-store")], Json(answer)).into_response())
}

/// The client that a request of OAuth's endpoints is from, by its secret.
///
/// # Errors
/// [`OAuthError::Missing`], [`OAuthError::WrongClient`].
pub(super) fn authenticated(linkedin: &Linkedin, asked: &Asked) -> Result<Client, OAuthError> {
    let (id, secret) = asked.client();
    let id = id.ok_or(OAuthError::Missing("client_id"))?;
    let secret = secret.ok_or(OAuthError::Missing("client_secret"))?;
    let client = linkedin.read().client(&id).filter(|client| client.has_secret(&secret));
    client.ok_or(OAuthError::WrongClient)
}

fn of_code(
    draft: &mut Draft<UpstreamState>,
    client: &Client,
    parameters: &Parameters,
) -> Result<(String, Grant, Arc<Account>), OAuthError> {
    let secret = parameters.get("code").ok_or(OAuthError::Missing("code"))?;
    let redirect_uri = parameters.get("redirect_uri").ok_or(OAuthError::Missing("redirect_uri"))?;
    let code = draft.of(Provider::Linkedin).code(secret).ok_or(OAuthError::BadCode)?;
    let is_late = draft.now >= code.issued_at.plus(CODE_LIFETIME);
    if code.used || is_late || code.grant.client_id != client.id || code.redirect_uri != redirect_uri {
        return Err(OAuthError::BadCode);
    }
    let verifier = parameters.get("code_verifier").unwrap_or_default();
    if code.challenge.as_ref().is_some_and(|challenge| !challenge.is_met_by(verifier)) {
        return Err(OAuthError::BadCode);
    }
    let account = draft.of(Provider::Linkedin).accounts.get(&code.grant.account).cloned().ok_or(OAuthError::BadCode)?;
    let (token, grant) = (issue(draft, &code.grant), code.grant.clone());
    draft.of_mut(Provider::Linkedin).put_code(secret, Code { used: true, ..code });
    Ok((token, grant, account))
}

fn issue(draft: &mut Draft<UpstreamState>, grant: &Grant) -> String {
    let now = draft.now;
    let secret = format!("AQX{}", draft.rng().url_safe(280));
    let expires_at = Some(now.plus_seconds(LIFETIME_SECONDS));
    let token = Token { kind: TokenKind::Access, grant: grant.clone(), secret: None, issued_at: now, expires_at };
    draft.of_mut(Provider::Linkedin).put_token(&secret, token);
    secret
}
