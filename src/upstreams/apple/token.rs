//! `POST /auth/token` and `POST /auth/revoke`. Source: spec/upstreams.md §5.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::cell::Draft;
use crate::http::parameters::Parameters;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::apple::Apple;
use crate::upstreams::apple::claims;
use crate::upstreams::apple::claims::Made;
use crate::upstreams::apple::client_secret;
use crate::upstreams::apple::error::AppleAsked;
use crate::upstreams::apple::error::AppleError;
use crate::upstreams::apple::error::NEVER_KEPT;
use crate::upstreams::clients::Client;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Grant;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::keys;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

/// How long an access token is good for, in seconds.
const ACCESS_SECONDS: i64 = 3600;

/// How long a code is.
const CODE_LIFETIME: Duration = Duration::from_mins(5);

/// What a grant came to, before the ID token is signed.
struct Granted {
    account: Arc<Account>,
    grant: Grant,
    access_token: String,
    refresh_token: Option<String>,
    nonce: Option<String>,
    auth_time: Timestamp,
    /// The code; what was told beside it agrees with what is told now.
    code: Option<String>,
}

/// The token endpoint, whatever the grant.
pub(super) async fn exchange(apple: Apple, AppleAsked(asked): AppleAsked) -> Result<Response, AppleError> {
    let parameters = &asked.parameters;
    let grant_type = parameters.get("grant_type").ok_or(AppleError::InvalidRequest)?;
    let client = authenticated(&apple, parameters)?;
    let granted = match grant_type {
        "authorization_code" => apple.upstreams.write(|draft| of_code(draft, &client, parameters))?,
        "refresh_token" => apple.upstreams.write(|draft| of_refresh_token(draft, &client, parameters))?,
        _ => return Err(AppleError::UnsupportedGrantType),
    };
    answer(&apple, granted).await
}

/// Ends what the person gave the app: it is asked about again, and told the name again. What is no token is as good as
/// ended.
pub(super) async fn revoke(apple: Apple, AppleAsked(asked): AppleAsked) -> Result<Response, AppleError> {
    let client = authenticated(&apple, &asked.parameters)?;
    let secret = asked.parameters.get("token").ok_or(AppleError::InvalidRequest)?;
    apple.upstreams.write(|draft| -> Result<_, AppleError> {
        let state = draft.of_mut(Provider::Apple);
        if let Some(token) = state.token(secret).filter(|token| token.grant.client_id == client.id) {
            state.withdraw(&client.id, &token.grant.account);
        }
        Ok(())
    })?;
    Ok((StatusCode::OK, [NEVER_KEPT]).into_response())
}

fn authenticated(apple: &Apple, parameters: &Parameters) -> Result<Client, AppleError> {
    let state = apple.read();
    let client = parameters.get("client_id").and_then(|id| state.client(id)).ok_or(AppleError::InvalidClient)?;
    client_secret::check(&state, &client, parameters.get("client_secret").unwrap_or_default(), apple.now())?;
    Ok(client)
}

fn of_code(draft: &mut Draft<UpstreamState>, client: &Client, parameters: &Parameters) -> Result<Granted, AppleError> {
    let secret = parameters.get("code").ok_or(AppleError::InvalidRequest)?;
    let code = draft.of(Provider::Apple).code(secret).ok_or(AppleError::ExpiredCode)?;
    if code.used {
        return Err(AppleError::UsedCode);
    }
    if draft.now >= code.issued_at.plus(CODE_LIFETIME) {
        return Err(AppleError::ExpiredCode);
    }
    if code.grant.client_id != client.id {
        return Err(AppleError::Mismatch { client_id: client.id.clone() });
    }
    if parameters.get("redirect_uri") != Some(&code.redirect_uri) {
        return Err(AppleError::RedirectMismatch);
    }
    let account = draft.of(Provider::Apple).accounts.get(&code.grant.account).cloned();
    let account = account.ok_or(AppleError::ExpiredCode)?;
    let access_token = issue(draft, TokenKind::Access, &code.grant);
    let refresh_token = Some(issue(draft, TokenKind::Refresh, &code.grant));
    let (grant, nonce, auth_time) = (code.grant.clone(), code.nonce.clone(), code.issued_at);
    draft.of_mut(Provider::Apple).put_code(secret, Code { used: true, ..code });
    Ok(Granted { account, grant, access_token, refresh_token, nonce, auth_time, code: Some(secret.to_owned()) })
}

fn of_refresh_token(
    draft: &mut Draft<UpstreamState>,
    client: &Client,
    parameters: &Parameters,
) -> Result<Granted, AppleError> {
    let secret = parameters.get("refresh_token").ok_or(AppleError::InvalidRequest)?;
    let token = draft.of(Provider::Apple).token(secret).filter(|token| token.kind == TokenKind::Refresh);
    let token = token.filter(|token| token.grant.client_id == client.id).ok_or(AppleError::BadRefreshToken)?;
    let account = draft.of(Provider::Apple).accounts.get(&token.grant.account).cloned();
    let account = account.ok_or(AppleError::BadRefreshToken)?;
    let access_token = issue(draft, TokenKind::Access, &token.grant);
    let auth_time = token.issued_at;
    let (refresh_token, nonce, code) = (None, None, None);
    Ok(Granted { account, grant: token.grant, access_token, refresh_token, nonce, auth_time, code })
}

fn issue(draft: &mut Draft<UpstreamState>, kind: TokenKind, grant: &Grant) -> String {
    let now = draft.now;
    let (beginning, lifetime) = if kind == TokenKind::Access { ("a", Some(ACCESS_SECONDS)) } else { ("r", None) };
    let secret = format!("{beginning}{}.0.{}", draft.rng().hex(32), draft.rng().url_safe(22));
    let expires_at = lifetime.map(|seconds| now.plus_seconds(seconds));
    let token = Token { kind, grant: grant.clone(), secret: None, issued_at: now, expires_at };
    draft.of_mut(Provider::Apple).put_token(&secret, token);
    secret
}

async fn answer(apple: &Apple, granted: Granted) -> Result<Response, AppleError> {
    let Granted { account, grant, access_token, refresh_token, nonce, auth_time, code } = granted;
    let account = apple.shown(account, (&grant.client_id, code.as_deref().unwrap_or(&access_token)));
    let consent = apple.read().consent(&grant.client_id, &account.id);
    let made = Made {
        client_id: &grant.client_id,
        access_token: Some(&access_token),
        code: None,
        nonce: nonce.as_deref(),
        auth_time,
    };
    let claims = claims::id_token(&apple.base, (&account, &consent), made, apple.now());
    let id_token = keys::sign(apple, &claims).await?;
    let mut answer = json!({ "access_token": access_token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS });
    if let Some(members) = answer.as_object_mut() {
        members.extend(refresh_token.map(|token| ("refresh_token".to_owned(), token.into())));
        members.insert("id_token".to_owned(), id_token.into());
    }
    Ok(([NEVER_KEPT], Json(answer)).into_response())
}
