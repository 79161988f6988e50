//! `POST /{directory}/oauth2[/v2.0]/token`: codes and refresh tokens become access tokens. Source: spec/upstreams.md §4.

use std::sync::Arc;

use axum::Json;
use axum::extract;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::cell::Draft;
use crate::http::parameters::Parameters;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::clients::Client;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Grant;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::keys;
use crate::upstreams::microsoft::Microsoft;
use crate::upstreams::microsoft::account_of;
use crate::upstreams::microsoft::claims;
use crate::upstreams::microsoft::claims::LIFETIME_SECONDS;
use crate::upstreams::microsoft::directory::Place;
use crate::upstreams::microsoft::directory::Version;
use crate::upstreams::microsoft::error::At;
use crate::upstreams::microsoft::error::SignInError;
use crate::upstreams::microsoft::organization;
use crate::upstreams::microsoft::scopes;
use crate::upstreams::provider::Provider;
use crate::upstreams::request;
use crate::upstreams::request::Asked;
use crate::upstreams::state::UpstreamState;

/// How long a refresh token of a personal account is good for, in seconds: 90 days.
const REFRESH_SECONDS: i64 = 90 * 24 * 3600;

/// What a grant came to, before the ID token is signed.
struct Granted {
    account: Arc<Account>,
    grant: Grant,
    access_token: String,
    refresh_token: Option<String>,
    nonce: Option<String>,
}

/// The token endpoint of a directory.
pub(super) async fn exchange(microsoft: Microsoft, request: extract::Request) -> Result<Response, At> {
    let now = microsoft.now();
    let place = Place::of(&microsoft, request.uri().path()).map_err(|error| At(error, now))?;
    granted(&microsoft, place.version, request).await.map_err(|error| At(error, now))
}

/// The token endpoint, whatever the grant.
///
/// # Errors
/// [`SignInError`].
pub(super) async fn granted(
    microsoft: &Microsoft,
    version: Version,
    request: extract::Request,
) -> Result<Response, SignInError> {
    let asked = request::read(request).await?;
    let parameters = &asked.parameters;
    let grant_type = parameters.get("grant_type").ok_or(SignInError::Missing("grant_type"))?;
    let client = authenticated(microsoft, &asked)?;
    let granted = match grant_type {
        "authorization_code" => microsoft.upstreams.write(|draft| of_code(draft, &client, parameters))?,
        "refresh_token" => microsoft.upstreams.write(|draft| of_refresh_token(draft, &client, parameters))?,
        other => return Err(SignInError::UnsupportedGrantType(other.to_owned())),
    };
    answer(microsoft, version, granted).await
}

fn authenticated(microsoft: &Microsoft, asked: &Asked) -> Result<Client, SignInError> {
    let (id, secret) = asked.client();
    let id = id.ok_or(SignInError::Missing("client_id"))?;
    let client = microsoft.read().client(&id).ok_or_else(|| SignInError::UnknownApp(id.clone()))?;
    match secret {
        None if client.secret.is_some() => Err(SignInError::Missing("client_secret")),
        Some(secret) if !client.has_secret(&secret) => Err(SignInError::WrongSecret(id)),
        _ => Ok(client),
    }
}

fn of_code(draft: &mut Draft<UpstreamState>, client: &Client, parameters: &Parameters) -> Result<Granted, SignInError> {
    let secret = parameters.get("code").ok_or(SignInError::Missing("code"))?;
    let redirect_uri = parameters.get("redirect_uri").ok_or(SignInError::Missing("redirect_uri"))?;
    let code = draft.of(Provider::Microsoft).code(secret).ok_or(SignInError::BadGrant)?;
    if code.grant.client_id != client.id {
        return Err(SignInError::BadGrant);
    }
    if code.used {
        return Err(SignInError::AlreadyRedeemed);
    }
    if code.is_expired(draft.now) {
        return Err(SignInError::Expired);
    }
    if code.redirect_uri != redirect_uri {
        return Err(SignInError::RedirectMismatch(redirect_uri.to_owned()));
    }
    let verifier = parameters.get("code_verifier").unwrap_or_default();
    if code.challenge.as_ref().is_some_and(|challenge| !challenge.is_met_by(verifier)) {
        return Err(SignInError::WrongVerifier);
    }
    let nonce = code.nonce.clone();
    let granted = issue_all(draft, &code.grant, code.refreshable)?;
    draft.of_mut(Provider::Microsoft).put_code(secret, Code { used: true, ..code });
    Ok(Granted { nonce, ..granted })
}

/// Every refresh gives a new refresh token; the old one stays good.
fn of_refresh_token(
    draft: &mut Draft<UpstreamState>,
    client: &Client,
    parameters: &Parameters,
) -> Result<Granted, SignInError> {
    let secret = parameters.get("refresh_token").ok_or(SignInError::Missing("refresh_token"))?;
    let token = draft.of(Provider::Microsoft).token(secret).filter(|token| token.kind == TokenKind::Refresh);
    let token = token.filter(|token| token.grant.client_id == client.id).ok_or(SignInError::BadGrant)?;
    if token.is_expired(draft.now) {
        return Err(SignInError::Expired);
    }
    issue_all(draft, &token.grant, true)
}

fn issue_all(draft: &mut Draft<UpstreamState>, grant: &Grant, refreshable: bool) -> Result<Granted, SignInError> {
    let account = account_of(draft, &grant.account).ok_or(SignInError::BadGrant)?;
    if let Some(refusal) = organization::people::refusal(draft, &account.id, draft.now) {
        return Err(refusal);
    }
    let access_token = issue(draft, TokenKind::Access, grant);
    let refresh_token = refreshable.then(|| issue(draft, TokenKind::Refresh, grant));
    Ok(Granted { account, grant: grant.clone(), access_token, refresh_token, nonce: None })
}

/// Access tokens are no JWTs: real ones of organizations are, but are nobody's business but Graph's.
fn issue(draft: &mut Draft<UpstreamState>, kind: TokenKind, grant: &Grant) -> String {
    let now = draft.now;
    let (secret, lifetime) = match kind {
        TokenKind::Refresh => (format!("M.C507_BAY.0.U.-{}", draft.rng().alphanumeric(200)), REFRESH_SECONDS),
        TokenKind::Access | TokenKind::App => (format!("EwB{}", draft.rng().alphanumeric(400)), LIFETIME_SECONDS),
    };
    let expires_at = Some(now.plus_seconds(lifetime));
    let token = Token { kind, grant: grant.clone(), secret: None, issued_at: now, expires_at };
    draft.of_mut(Provider::Microsoft).put_token(&secret, token);
    secret
}

async fn answer(microsoft: &Microsoft, version: Version, granted: Granted) -> Result<Response, SignInError> {
    let Granted { account, grant, access_token, refresh_token, nonce } = granted;
    let account = microsoft.shown(account, (&grant.client_id, &access_token));
    let told: Vec<&str> = grant.scopes.iter().map(String::as_str).filter(|scope| *scope != scopes::OFFLINE).collect();
    let mut answer = json!({
        "token_type": "Bearer",
        "scope": told.join(" "),
        "expires_in": LIFETIME_SECONDS,
        "ext_expires_in": LIFETIME_SECONDS,
        "access_token": access_token,
    });
    if version == Version::One {
        answer = in_words_of_one(answer, microsoft.now());
    }
    let mut added = refresh_token.map(|token| ("refresh_token", token)).into_iter().collect::<Vec<_>>();
    if grant.has(scopes::OPENID) {
        let nonce = nonce.as_deref();
        let claims = organization::claims::id_token(microsoft, (&account, &grant), version, nonce);
        let claims =
            claims.unwrap_or_else(|| claims::id_token(&microsoft.base, (&account, &grant), nonce, microsoft.now()));
        added.push(("id_token", keys::sign(microsoft, &claims).await?));
    }
    if let Some(members) = answer.as_object_mut() {
        members.extend(added.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))));
    }
    Ok(([(CACHE_CONTROL, "no-store, no-cache")], Json(answer)).into_response())
}

/// The answer as the first age words it: numbers are texts, and the resource is named.
fn in_words_of_one(mut answer: Value, now: Timestamp) -> Value {
    if let Some(members) = answer.as_object_mut() {
        let text = |seconds: i64| Value::from(seconds.to_string());
        members.insert("expires_in".to_owned(), text(LIFETIME_SECONDS));
        members.insert("ext_expires_in".to_owned(), text(LIFETIME_SECONDS));
        members.insert("not_before".to_owned(), text(now.seconds()));
        members.insert("expires_on".to_owned(), text(now.plus_seconds(LIFETIME_SECONDS).seconds()));
        members.insert("resource".to_owned(), "https://graph.microsoft.com".into());
    }
    answer
}
