//! `GET|POST /oauth/access_token`: codes become tokens, tokens become longer lived ones, apps get their own.
//! Source: spec/upstreams.md §2.

use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::cell::Draft;
use crate::http::parameters::Parameters;
use crate::upstreams::clients::Client;
use crate::upstreams::facebook::Facebook;
use crate::upstreams::facebook::app;
use crate::upstreams::facebook::app::GraphAsked;
use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Grant;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

/// How long a person's token is good for: about 60 days.
pub(super) const LIFETIME_SECONDS: i64 = 5_183_944;

/// The token endpoint, whatever the grant; without `grant_type` it is a code's.
pub(super) async fn exchange(facebook: Facebook, GraphAsked(asked): GraphAsked) -> Result<Response, GraphError> {
    let (id, secret) = asked.client();
    let id = id.ok_or(GraphError::Missing("client_id"))?;
    let secret = secret.ok_or(GraphError::Missing("client_secret"))?;
    let client = app::authenticated(&facebook, &id, &secret)?;
    let parameters = &asked.parameters;
    let body = match parameters.get("grant_type").unwrap_or("authorization_code") {
        "authorization_code" => {
            facebook.upstreams.write(|draft| of_code(draft, (&client, &secret), parameters)).map(of_person)
        }
        "fb_exchange_token" => {
            facebook.upstreams.write(|draft| of_token(draft, (&client, &secret), parameters)).map(of_person)
        }
        "client_credentials" => Ok(facebook.upstreams.write(|draft| of_app(draft, (&client, &secret)))?),
        _ => Err(GraphError::InvalidParameter("Invalid grant_type".to_owned())),
    };
    Ok(app::answer(body?))
}

/// Makes a token of a person. `secret` is what the app proved itself with, if it did.
pub(super) fn issue(draft: &mut Draft<UpstreamState>, grant: &Grant, secret: Option<&str>) -> String {
    let now = draft.now;
    let text = format!("EAAG{}", draft.rng().alphanumeric(180));
    let token = Token {
        kind: TokenKind::Access,
        grant: grant.clone(),
        secret: secret.map(str::to_owned),
        issued_at: now,
        expires_at: Some(now.plus_seconds(LIFETIME_SECONDS)),
    };
    draft.of_mut(Provider::Facebook).put_token(&text, token);
    text
}

fn of_person(token: String) -> Value {
    json!({ "access_token": token, "token_type": "bearer", "expires_in": LIFETIME_SECONDS })
}

fn of_code(
    draft: &mut Draft<UpstreamState>,
    (client, secret): (&Client, &str),
    parameters: &Parameters,
) -> Result<String, GraphError> {
    let text = parameters.get("code").ok_or(GraphError::Missing("code"))?;
    let redirect_uri = parameters.get("redirect_uri").ok_or(GraphError::Missing("redirect_uri"))?;
    let code = draft.of(Provider::Facebook).code(text).filter(|code| code.grant.client_id == client.id);
    let code = code.ok_or(GraphError::BadCode)?;
    if code.used {
        return Err(GraphError::UsedCode);
    }
    if code.is_expired(draft.now) {
        return Err(GraphError::ExpiredCode);
    }
    if redirect_uri != code.redirect_uri {
        return Err(GraphError::RedirectMismatch);
    }
    let token = issue(draft, &code.grant, Some(secret));
    draft.of_mut(Provider::Facebook).put_code(text, Code { used: true, ..code });
    Ok(token)
}

fn of_token(
    draft: &mut Draft<UpstreamState>,
    (client, secret): (&Client, &str),
    parameters: &Parameters,
) -> Result<String, GraphError> {
    let text = parameters.get("fb_exchange_token").ok_or(GraphError::Missing("fb_exchange_token"))?;
    let is_good = |token: &Token| {
        token.kind == TokenKind::Access && token.grant.client_id == client.id && !token.is_expired(draft.now)
    };
    let token = draft.of(Provider::Facebook).token(text).filter(is_good).ok_or(GraphError::BadToken)?;
    Ok(issue(draft, &token.grant, Some(secret)))
}

fn of_app(draft: &mut Draft<UpstreamState>, (client, secret): (&Client, &str)) -> Result<Value, GraphError> {
    let text = format!("{}|{}", client.id, draft.rng().alphanumeric(27));
    let grant = Grant { client_id: client.id.clone(), account: String::new(), scopes: Vec::new() };
    let now = draft.now;
    let token =
        Token { kind: TokenKind::App, grant, secret: Some(secret.to_owned()), issued_at: now, expires_at: None };
    draft.of_mut(Provider::Facebook).put_token(&text, token);
    Ok(json!({ "access_token": text, "token_type": "bearer" }))
}
