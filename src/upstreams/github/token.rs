//! `POST /login/oauth/access_token`: a code becomes a token, and an error is a 200. Source: spec/upstreams.md §6.

use axum::Json;
use axum::extract;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use url::form_urlencoded;

use crate::cell::Draft;
use crate::http::parameters::Parameters;
use crate::upstreams::clients::Client;
use crate::upstreams::github::Github;
use crate::upstreams::github::account;
use crate::upstreams::github::error::TokenError;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Grant;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::provider::Provider;
use crate::upstreams::request;
use crate::upstreams::state::UpstreamState;

/// The members of an answer, in order: they are written in three ways.
type Members = Vec<(&'static str, String)>;

/// The token endpoint. The form of the answer follows from `Accept`, and is a form where nothing is said.
pub(super) async fn exchange(github: Github, request: extract::Request) -> Response {
    let headers = request.headers().clone();
    match granted(&github, request).await {
        Ok(members) => written(StatusCode::OK, &headers, members),
        Err(error) => {
            let (code, help) = error.code_and_help();
            let members =
                vec![("error", code.to_owned()), ("error_description", error.to_string()), ("error_uri", help)];
            written(error.status(), &headers, members)
        }
    }
}

async fn granted(github: &Github, request: extract::Request) -> Result<Members, TokenError> {
    let asked = request::read(request).await?;
    let (id, secret) = asked.client();
    let client = id.and_then(|id| github.read().client(&id)).ok_or(TokenError::BadClient)?;
    if !client.has_secret(&secret.unwrap_or_default()) {
        return Err(TokenError::BadClient);
    }
    if asked.parameters.get("grant_type") == Some("urn:ietf:params:oauth:grant-type:device_code") {
        return Err(TokenError::NotBuilt("the device flow"));
    }
    let (token, grant) = github.upstreams.write(|draft| of_code(draft, &client, &asked.parameters))?;
    let scope = grant.scopes.join(",");
    Ok(vec![("access_token", token), ("scope", scope), ("token_type", "bearer".to_owned())])
}

fn of_code(
    draft: &mut Draft<UpstreamState>,
    client: &Client,
    parameters: &Parameters,
) -> Result<(String, Grant), TokenError> {
    let secret = parameters.get("code").ok_or(TokenError::BadCode)?;
    let code = draft.of(Provider::Github).code(secret).ok_or(TokenError::BadCode)?;
    if code.used || code.is_expired(draft.now) || code.grant.client_id != client.id {
        return Err(TokenError::BadCode);
    }
    if parameters.get("redirect_uri").is_some_and(|uri| uri != code.redirect_uri) {
        return Err(TokenError::RedirectMismatch);
    }
    let verifier = parameters.get("code_verifier").unwrap_or_default();
    if code.challenge.as_ref().is_some_and(|challenge| !challenge.is_met_by(verifier)) {
        return Err(TokenError::BadCode);
    }
    let account = draft.of(Provider::Github).accounts.get(&code.grant.account).cloned().ok_or(TokenError::BadCode)?;
    if !account::is_verified(&account.attributes) {
        return Err(TokenError::UnverifiedEmail);
    }
    let token = issue(draft, &code.grant);
    let grant = code.grant.clone();
    draft.of_mut(Provider::Github).put_code(secret, Code { used: true, ..code });
    Ok((token, grant))
}

/// Tokens of an app live until they are taken back.
fn issue(draft: &mut Draft<UpstreamState>, grant: &Grant) -> String {
    let now = draft.now;
    let secret = format!("gho_{}", draft.rng().alphanumeric(36));
    let token = Token { kind: TokenKind::Access, grant: grant.clone(), secret: None, issued_at: now, expires_at: None };
    draft.of_mut(Provider::Github).put_token(&secret, token);
    secret
}

fn written(status: StatusCode, headers: &HeaderMap, members: Members) -> Response {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let never_kept = [(CACHE_CONTROL, "max-age=0, private, must-revalidate")];
    if accepted.contains("application/json") {
        let object: serde_json::Map<_, _> =
            members.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        return (status, never_kept, Json(object)).into_response();
    }
    if accepted.contains("application/xml") {
        let element = |(name, value): &(&str, String)| format!("<{name}>{}</{name}>", escaped(value));
        let elements = members.iter().map(element).collect::<Vec<_>>().concat();
        let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><OAuth>{elements}</OAuth>");
        return (status, never_kept, [(CONTENT_TYPE, "application/xml; charset=utf-8")], body).into_response();
    }
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(members).finish();
    let form = [(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8")];
    (status, never_kept, form, body).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
