//! Who asks the API: a person's token, and what every answer says of it. Source: spec/upstreams.md §6.

use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;

use crate::http::failure::Reference;
use crate::keys::digest;
use crate::upstreams::accounts::Account;
use crate::upstreams::github::Github;
use crate::upstreams::github::error::ApiError;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;

/// How many requests an hour a person's token is good for; none is counted here.
const LIMIT: u32 = 5000;

/// A person's good token.
pub(super) struct Session {
    pub(super) github: Github,
    pub(super) token: Token,
    pub(super) account: Arc<Account>,
}

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let github = Github::from_request_parts(parts, state).await?;
        check_user_agent(&parts.headers)?;
        let secret = credentials(&parts.headers).ok_or(ApiError::NoCredentials)?;
        let (token, account) = holder(&github, &secret).ok_or(ApiError::BadCredentials)?;
        Ok(Self { github, token, account })
    }
}

impl Session {
    /// An answer of the API to this token. `accepted` are the scopes of which one would do.
    pub(super) fn answer(&self, accepted: &'static str, body: impl Into<Value>) -> Response {
        let mut response = Json(body.into()).into_response();
        let reset = self.github.now().plus_seconds(3600).seconds().to_string();
        let said = [
            ("x-oauth-scopes", self.token.grant.scopes.join(", ")),
            ("x-accepted-oauth-scopes", accepted.to_owned()),
            ("x-oauth-client-id", self.token.grant.client_id.clone()),
            ("x-ratelimit-limit", LIMIT.to_string()),
            ("x-ratelimit-remaining", (LIMIT - 1).to_string()),
            ("x-ratelimit-used", "1".to_owned()),
            ("x-ratelimit-reset", reset),
            ("x-ratelimit-resource", "core".to_owned()),
            ("x-github-media-type", "github.v3; format=json".to_owned()),
            ("x-github-api-version-selected", "2022-11-28".to_owned()),
            ("x-github-request-id", request_id()),
        ];
        let said = said
            .into_iter()
            .filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?)));
        let kept = HeaderValue::from_static("private, max-age=60, s-maxage=60");
        response.headers_mut().extend(said.chain([(CACHE_CONTROL, kept)]));
        response
    }
}

/// Who doesn't say what program they are is turned away.
///
/// # Errors
/// [`ApiError::NoUserAgent`].
pub(super) fn check_user_agent(headers: &HeaderMap) -> Result<(), ApiError> {
    let says = headers.get(USER_AGENT).is_some_and(|agent| !agent.is_empty());
    if says { Ok(()) } else { Err(ApiError::NoUserAgent) }
}

/// A good access token with its account; `None` when it isn't one, or not any more.
pub(super) fn holder(github: &Github, secret: &str) -> Option<(Token, Arc<Account>)> {
    let state = github.read();
    let token = state.token(secret).filter(|token| token.kind == TokenKind::Access)?;
    let account = state.accounts.get(&token.grant.account).cloned()?;
    let account = github.shown(account, (&token.grant.client_id, secret));
    Some((token, account))
}

/// The token of `Authorization: Bearer` or `token`, or either half of `Basic`. A token in the query has not counted
/// since 2021.
fn credentials(headers: &HeaderMap) -> Option<String> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" => Some(value.trim().to_owned()),
        "basic" => {
            let pair = String::from_utf8(digest::from_base64(value.trim())?).ok()?;
            let (name, password) = pair.split_once(':')?;
            Some(if name.starts_with("gh") || password.is_empty() { name } else { password }.to_owned())
        }
        _ => None,
    }
}

/// As GitHub has them: five groups of hexadecimal digits.
fn request_id() -> String {
    let hex = digest::hex(&digest::sha256(Reference::next().to_string().as_bytes())).to_uppercase();
    let mut digits = hex.chars();
    let groups = [4, 6, 7, 7, 8].map(|length| digits.by_ref().take(length).collect::<String>());
    groups.join(":")
}
