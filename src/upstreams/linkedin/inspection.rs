//! `/oauth/v2/introspectToken` and `/oauth/v2/revoke`: an app asks about a token, and gives it back.
//! Source: spec/upstreams.md §3.

use axum::Json;
use axum::extract;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::upstreams::linkedin::Linkedin;
use crate::upstreams::linkedin::error::OAuthError;
use crate::upstreams::linkedin::token;
use crate::upstreams::provider::Provider;
use crate::upstreams::request;
use crate::upstreams::state::hash_of;

/// What a token of the app is good for; of what is none of its tokens only that it isn't.
pub(super) async fn introspect(linkedin: Linkedin, request: extract::Request) -> Result<Response, OAuthError> {
    let asked = request::read(request).await?;
    let client = token::authenticated(&linkedin, &asked)?;
    let secret = asked.parameters.get("token").ok_or(OAuthError::Missing("token"))?;
    let token = linkedin.read().token(secret).filter(|token| token.grant.client_id == client.id);
    let Some(token) = token else { return Ok(Json(json!({ "active": false, "status": "revoked" })).into_response()) };
    let active = !token.is_expired(linkedin.now());
    let body = json!({
        "active": active,
        "client_id": client.id,
        "authorized_at": token.issued_at.seconds(),
        "created_at": token.issued_at.seconds(),
        "status": if active { "active" } else { "expired" },
        "expires_at": token.expires_at.unwrap_or(token.issued_at).seconds(),
        "scope": token.grant.scopes.join(","),
        "auth_type": "3L",
    });
    Ok(Json(body).into_response())
}

/// Ends a token of the app.
pub(super) async fn revoke(linkedin: Linkedin, request: extract::Request) -> Result<StatusCode, OAuthError> {
    let asked = request::read(request).await?;
    let client = token::authenticated(&linkedin, &asked)?;
    let secret = asked.parameters.get("token").ok_or(OAuthError::Missing("token"))?;
    linkedin.upstreams.write(|draft| -> Result<_, OAuthError> {
        let state = draft.of_mut(Provider::Linkedin);
        if state.token(secret).is_some_and(|token| token.grant.client_id == client.id) {
            state.tokens.remove(&hash_of(secret));
        }
        Ok(StatusCode::OK)
    })
}
