//! `POST /token` and `POST /revoke`: codes and refresh tokens become access tokens, tokens end.
//! Source: RFC 6749 §4.1.3 and §6, RFC 7636 §4.6, RFC 7009, OpenID Connect Core §3.1.3.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::cell::Draft;
use crate::http::parameters::Parameters;
use crate::upstreams::accounts::Account;
use crate::upstreams::clients::Client;
use crate::upstreams::fake::Dialect as _;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Grant;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::keys;
use crate::upstreams::oidc::Oidc;
use crate::upstreams::oidc::claims;
use crate::upstreams::oidc::claims::Beside;
use crate::upstreams::oidc::dialect::OidcDialect;
use crate::upstreams::oidc::error::NEVER_KEPT;
use crate::upstreams::oidc::error::OidcAsked;
use crate::upstreams::oidc::error::OidcError;
use crate::upstreams::provider::Provider;
use crate::upstreams::request::Asked;
use crate::upstreams::state::UpstreamState;
use crate::upstreams::state::hash_of;

/// How long an access token is good for, in seconds.
const ACCESS_SECONDS: i64 = 3600;

const OIDC: Provider = OidcDialect::PROVIDER;

/// What a grant came to, before the ID token is signed.
struct Granted {
    account: Arc<Account>,
    grant: Grant,
    access_token: String,
    refresh_token: Option<String>,
    nonce: Option<String>,
}

/// The token endpoint, whatever the grant.
pub(super) async fn exchange(oidc: Oidc, OidcAsked(asked): OidcAsked) -> Result<Response, OidcError> {
    let client = authenticated(&oidc, &asked)?;
    let parameters = &asked.parameters;
    let granted = match required(parameters, "grant_type")? {
        "authorization_code" => oidc.upstreams.write(|draft| of_code(draft, &client, parameters))?,
        "refresh_token" => oidc.upstreams.write(|draft| of_refresh_token(draft, &client, parameters))?,
        _ => return Err(OidcError::UnsupportedGrantType),
    };
    answer(&oidc, granted).await
}

/// Ends a token of the client; one that is none is as good as ended.
pub(super) async fn revoke(oidc: Oidc, OidcAsked(asked): OidcAsked) -> Result<Response, OidcError> {
    let client = authenticated(&oidc, &asked)?;
    let secret = required(&asked.parameters, "token")?;
    oidc.upstreams.write(|draft| -> Result<_, OidcError> {
        let state = draft.of_mut(OIDC);
        if state.token(secret).is_some_and(|token| token.grant.client_id == client.id) {
            state.tokens.remove(&hash_of(secret));
        }
        Ok(())
    })?;
    Ok((StatusCode::OK, [NEVER_KEPT]).into_response())
}

/// The client by its secret, which may come in the body or in the header.
fn authenticated(oidc: &Oidc, asked: &Asked) -> Result<Client, OidcError> {
    let (id, secret) = asked.client();
    let client = id.and_then(|id| oidc.read().client(&id)).ok_or(OidcError::InvalidClient)?;
    let fits = client.has_secret(secret.as_deref().unwrap_or_default());
    if fits { Ok(client) } else { Err(OidcError::InvalidClient) }
}

fn of_code(draft: &mut Draft<UpstreamState>, client: &Client, parameters: &Parameters) -> Result<Granted, OidcError> {
    let secret = required(parameters, "code")?;
    let code = draft.of(OIDC).code(secret).ok_or(OidcError::BadCode)?;
    if code.used || code.is_expired(draft.now) || code.grant.client_id != client.id {
        return Err(OidcError::BadCode);
    }
    if parameters.get("redirect_uri") != Some(&code.redirect_uri) {
        return Err(OidcError::RedirectMismatch);
    }
    let verifier = parameters.get("code_verifier");
    if code.challenge.as_ref().is_some_and(|challenge| !verifier.is_some_and(|shown| challenge.is_met_by(shown))) {
        return Err(OidcError::WrongVerifier);
    }
    let account = draft.of(OIDC).accounts.get(&code.grant.account).cloned().ok_or(OidcError::BadCode)?;
    let access_token = issue(draft, TokenKind::Access, &code.grant);
    let refresh_token = code.refreshable.then(|| issue(draft, TokenKind::Refresh, &code.grant));
    let granted =
        Granted { account, grant: code.grant.clone(), access_token, refresh_token, nonce: code.nonce.clone() };
    draft.of_mut(OIDC).put_code(secret, Code { used: true, ..code });
    Ok(granted)
}

fn of_refresh_token(
    draft: &mut Draft<UpstreamState>,
    client: &Client,
    parameters: &Parameters,
) -> Result<Granted, OidcError> {
    let secret = required(parameters, "refresh_token")?;
    let token = draft.of(OIDC).token(secret).filter(|token| token.kind == TokenKind::Refresh);
    let token = token.filter(|token| token.grant.client_id == client.id).ok_or(OidcError::BadRefreshToken)?;
    let account = draft.of(OIDC).accounts.get(&token.grant.account).cloned().ok_or(OidcError::BadRefreshToken)?;
    let access_token = issue(draft, TokenKind::Access, &token.grant);
    Ok(Granted { account, grant: token.grant, access_token, refresh_token: None, nonce: None })
}

fn issue(draft: &mut Draft<UpstreamState>, kind: TokenKind, grant: &Grant) -> String {
    let (now, secret) = (draft.now, draft.rng().url_safe(43));
    let expires_at = (kind == TokenKind::Access).then(|| now.plus_seconds(ACCESS_SECONDS));
    let token = Token { kind, grant: grant.clone(), secret: None, issued_at: now, expires_at };
    draft.of_mut(OIDC).put_token(&secret, token);
    secret
}

async fn answer(oidc: &Oidc, granted: Granted) -> Result<Response, OidcError> {
    let Granted { account, grant, access_token, refresh_token, nonce } = granted;
    let account = oidc.shown(account, (&grant.client_id, &access_token));
    let beside = Beside { access_token: Some(&access_token), code: None, nonce: nonce.as_deref() };
    let claims = claims::id_token(&oidc.base, (&account, &grant), beside, oidc.now());
    let id_token = keys::sign(oidc, &claims).await?;
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "scope": grant.scopes.join(" "),
        "id_token": id_token,
    });
    if let (Some(token), Some(members)) = (refresh_token, answer.as_object_mut()) {
        members.insert("refresh_token".to_owned(), Value::from(token));
    }
    Ok(([NEVER_KEPT], Json(answer)).into_response())
}

fn required<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, OidcError> {
    parameters.get(name).ok_or_else(|| OidcError::InvalidRequest(format!("The parameter {name} is missing.")))
}
