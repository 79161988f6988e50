//! `/applications/{client_id}/token` and `/grant`: an app asks about its tokens, and gives them back.
//! Source: spec/upstreams.md §6.

use axum::Json;
use axum::extract;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::keys::digest;
use crate::upstreams::github::Github;
use crate::upstreams::github::error::ApiError;
use crate::upstreams::github::session;
use crate::upstreams::github::user;
use crate::upstreams::grants::Token;
use crate::upstreams::provider::Provider;
use crate::upstreams::request;
use crate::upstreams::state::hash_of;

/// An app that proved itself, and the token that it asks about.
struct Asking {
    client_id: String,
    secret: String,
    token: Token,
}

/// `POST /applications/{client_id}/token {"access_token"}`: what the token is good for.
pub(super) async fn check(github: Github, request: extract::Request) -> Result<Response, ApiError> {
    let Asking { client_id, secret, token } = asking(&github, request).await?;
    let (_, account) = session::holder(&github, &secret).ok_or(ApiError::NotFound(""))?;
    let name = github.read().client(&client_id).and_then(|client| client.name);
    let body = json!({
        "id": 1,
        "url": github.base.url_at("api.github.com", "/authorizations/1"),
        "app": { "client_id": client_id, "name": name, "url": "" },
        "token": secret,
        "hashed_token": digest::hex(&hash_of(&secret)),
        "token_last_eight": last_eight(&secret),
        "note": null,
        "note_url": null,
        "created_at": token.issued_at,
        "updated_at": token.issued_at,
        "scopes": token.grant.scopes,
        "fingerprint": null,
        "expires_at": null,
        "user": user::view(&github.base, &account, false),
    });
    Ok(Json(body).into_response())
}

/// `DELETE /applications/{client_id}/token`: ends the token alone.
pub(super) async fn delete_token(github: Github, request: extract::Request) -> Result<StatusCode, ApiError> {
    let Asking { secret, .. } = asking(&github, request).await?;
    github.upstreams.write(|draft| -> Result<_, ApiError> {
        draft.of_mut(Provider::Github).tokens.remove(&hash_of(&secret));
        Ok(StatusCode::NO_CONTENT)
    })
}

/// `DELETE /applications/{client_id}/grant`: ends all that the person gave the app.
pub(super) async fn delete_grant(github: Github, request: extract::Request) -> Result<StatusCode, ApiError> {
    let Asking { client_id, token, .. } = asking(&github, request).await?;
    github.upstreams.write(|draft| -> Result<_, ApiError> {
        draft.of_mut(Provider::Github).withdraw(&client_id, &token.grant.account);
        Ok(StatusCode::NO_CONTENT)
    })
}

/// `PATCH /applications/{client_id}/token`: another token in the place of this one.
pub(super) async fn reset() -> ApiError {
    ApiError::NotBuilt("resetting a token")
}

async fn asking(github: &Github, request: extract::Request) -> Result<Asking, ApiError> {
    let headers: &HeaderMap = request.headers();
    session::check_user_agent(headers)?;
    let named = request.uri().path().rsplit('/').nth(1).unwrap_or_default().to_owned();
    let asked = request::read(request).await.map_err(|_| ApiError::Unreadable)?;
    let (id, secret) = asked.client();
    let client = id.filter(|id| *id == named).and_then(|id| github.read().client(&id));
    let client = client.filter(|client| client.has_secret(&secret.unwrap_or_default()));
    let client = client.ok_or(ApiError::BadCredentials)?;
    let secret = asked.parameters.get("access_token").ok_or(ApiError::Invalid)?.to_owned();
    let token = session::holder(github, &secret).map(|(token, _)| token);
    let token = token.filter(|token| token.grant.client_id == client.id).ok_or(ApiError::NotFound(""))?;
    Ok(Asking { client_id: client.id, secret, token })
}

fn last_eight(secret: &str) -> String {
    let skipped = secret.chars().count().saturating_sub(8);
    secret.chars().skip(skipped).collect()
}
