//! `POST /token`: codes and refresh tokens become access tokens. Source: spec/upstreams.md §1.

use std::sync::Arc;

use axum::Json;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::cell::Draft;
use crate::http::parameters::Parameters;
use crate::upstreams::accounts::Account;
use crate::upstreams::clients::Client;
use crate::upstreams::google::Google;
use crate::upstreams::google::bearer::GoogleAsked;
use crate::upstreams::google::claims;
use crate::upstreams::google::error::GoogleError;
use crate::upstreams::google::error::NEVER_KEPT;
use crate::upstreams::google::scopes;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Grant;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::keys;
use crate::upstreams::provider::Provider;
use crate::upstreams::request::Asked;
use crate::upstreams::state::UpstreamState;

/// How long an access token is good for, in seconds; Google tells one less than the hour.
const ACCESS_SECONDS: i64 = 3599;

/// What a grant came to, before the ID token is signed.
struct Granted {
    account: Arc<Account>,
    grant: Grant,
    access_token: String,
    refresh_token: Option<String>,
    nonce: Option<String>,
}

/// The token endpoint, whatever the grant.
pub(super) async fn exchange(google: Google, GoogleAsked(asked): GoogleAsked) -> Result<Response, GoogleError> {
    let grant_type = asked.parameters.get("grant_type").ok_or(GoogleError::Missing("grant_type"))?;
    let client = authenticated(&google, &asked)?;
    let parameters = &asked.parameters;
    let granted = match grant_type {
        "authorization_code" => google.upstreams.write(|draft| of_code(draft, &client, parameters))?,
        "refresh_token" => google.upstreams.write(|draft| of_refresh_token(draft, &client, parameters))?,
        "urn:ietf:params:oauth:grant-type:device_code" => return Err(GoogleError::NotBuilt("the device flow")),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => return Err(GoogleError::NotBuilt("service accounts")),
        other => return Err(GoogleError::UnsupportedGrantType(other.to_owned())),
    };
    answer(&google, granted).await
}

/// The client by its secret, which may come in the body or in the header.
fn authenticated(google: &Google, asked: &Asked) -> Result<Client, GoogleError> {
    let (id, secret) = asked.client();
    let undetermined = || GoogleError::InvalidRequest("Could not determine client ID from request.".to_owned());
    let client = google.read().client(&id.ok_or_else(undetermined)?).ok_or(GoogleError::UnknownClient)?;
    match secret {
        None if client.secret.is_some() => Err(GoogleError::InvalidRequest("client_secret is missing.".to_owned())),
        Some(secret) if !client.has_secret(&secret) => Err(GoogleError::WrongSecret),
        _ => Ok(client),
    }
}

fn of_code(draft: &mut Draft<UpstreamState>, client: &Client, parameters: &Parameters) -> Result<Granted, GoogleError> {
    let secret = parameters.get("code").ok_or(GoogleError::Missing("code"))?;
    let is_one = secret.starts_with("4/");
    let unknown = if is_one { GoogleError::BadCode } else { GoogleError::MalformedCode };
    let code = draft.of(Provider::Google).code(secret).ok_or(unknown)?;
    if code.used || code.is_expired(draft.now) || code.grant.client_id != client.id {
        return Err(GoogleError::BadCode);
    }
    if parameters.get("redirect_uri") != Some(&code.redirect_uri) {
        return Err(GoogleError::RedirectMismatch);
    }
    match (&code.challenge, parameters.get("code_verifier")) {
        (Some(_), None) => return Err(GoogleError::MissingVerifier),
        (Some(challenge), Some(verifier)) if !challenge.is_met_by(verifier) => return Err(GoogleError::WrongVerifier),
        _ => {}
    }
    let account = draft.of(Provider::Google).accounts.get(&code.grant.account).cloned();
    let account = account.ok_or(GoogleError::BadCode)?;
    let access_token = issue(draft, TokenKind::Access, &code.grant);
    let refresh_token = code.refreshable.then(|| issue(draft, TokenKind::Refresh, &code.grant));
    let granted =
        Granted { account, grant: code.grant.clone(), access_token, refresh_token, nonce: code.nonce.clone() };
    draft.of_mut(Provider::Google).put_code(secret, Code { used: true, ..code });
    Ok(granted)
}

fn of_refresh_token(
    draft: &mut Draft<UpstreamState>,
    client: &Client,
    parameters: &Parameters,
) -> Result<Granted, GoogleError> {
    let secret = parameters.get("refresh_token").ok_or(GoogleError::Missing("refresh_token"))?;
    let state = draft.of(Provider::Google);
    let token = state.token(secret).filter(|token| token.kind == TokenKind::Refresh);
    let token = token.filter(|token| token.grant.client_id == client.id).ok_or(GoogleError::BadRefreshToken)?;
    let account = state.accounts.get(&token.grant.account).cloned().ok_or(GoogleError::BadRefreshToken)?;
    let access_token = issue(draft, TokenKind::Access, &token.grant);
    Ok(Granted { account, grant: token.grant, access_token, refresh_token: None, nonce: None })
}

fn issue(draft: &mut Draft<UpstreamState>, kind: TokenKind, grant: &Grant) -> String {
    let now = draft.now;
    let (secret, expires_at) = match kind {
        TokenKind::Access => (format!("ya29.a0A{}", draft.rng().url_safe(155)), Some(now.plus_seconds(ACCESS_SECONDS))),
        TokenKind::Refresh | TokenKind::App => (format!("1//0{}", draft.rng().url_safe(96)), None),
    };
    let token = Token { kind, grant: grant.clone(), secret: None, issued_at: now, expires_at };
    draft.of_mut(Provider::Google).put_token(&secret, token);
    secret
}

async fn answer(google: &Google, granted: Granted) -> Result<Response, GoogleError> {
    let Granted { account, grant, access_token, refresh_token, nonce } = granted;
    let account = google.shown(account, (&grant.client_id, &access_token));
    let mut answer = json!({
        "access_token": access_token,
        "expires_in": ACCESS_SECONDS,
        "scope": grant.scopes.join(" "),
        "token_type": "Bearer",
    });
    if grant.has(scopes::OPENID) {
        let made_of = (access_token.as_str(), nonce.as_deref());
        let claims = claims::id_token(&google.base, (&account, &grant), made_of, google.now());
        let signed = keys::sign(google, &claims).await?;
        put(&mut answer, "id_token", signed);
    }
    if let Some(refresh_token) = refresh_token {
        put(&mut answer, "refresh_token", refresh_token);
    }
    Ok(([NEVER_KEPT], Json(answer)).into_response())
}

fn put(answer: &mut Value, name: &str, value: String) {
    if let Some(members) = answer.as_object_mut() {
        members.insert(name.to_owned(), value.into());
    }
}
