//! `GET /debug_token`: what a token is good for, told to its own app. Source: spec/upstreams.md §2.

use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::time::Timestamp;
use crate::upstreams::facebook::Facebook;
use crate::upstreams::facebook::app;
use crate::upstreams::facebook::app::GraphAsked;
use crate::upstreams::facebook::dialect::DATA_ACCESS_SECONDS;
use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::facebook::session;
use crate::upstreams::facebook::session::Session;
use crate::upstreams::grants::TokenKind;

/// A bad token is told with 200, too.
pub(super) async fn inspect(facebook: Facebook, GraphAsked(asked): GraphAsked) -> Result<Response, GraphError> {
    let app_id = app_of(&facebook, asked.token().ok_or(GraphError::NoAppToken)?)?;
    let text = asked.parameters.get("input_token").ok_or(GraphError::Missing("input_token"))?;
    let data = match session::of_token(&facebook, text) {
        Ok(session) if session.token.grant.client_id != app_id => {
            invalid(100, None, "(#100) The App_id in the input_token did not match the Viewing App")
        }
        Ok(session) => valid(&facebook, &session),
        Err(error) => {
            let (_, code, subcode) = error.kind();
            invalid(code, subcode, &error.to_string())
        }
    };
    Ok(app::answer(json!({ "data": data })))
}

/// The app whose token it is: `APP_ID|APP_SECRET`, one from `client_credentials`, or one of the app's people.
fn app_of(facebook: &Facebook, token: &str) -> Result<String, GraphError> {
    if let Some(token) = facebook.read().token(token).filter(|token| token.kind == TokenKind::App) {
        return Ok(token.grant.client_id);
    }
    match token.split_once('|') {
        Some((id, secret)) => app::authenticated(facebook, id, secret).map(|client| client.id),
        None => Ok(session::of_token(facebook, token)?.token.grant.client_id),
    }
}

fn valid(facebook: &Facebook, session: &Session) -> Value {
    let token = &session.token;
    let client = facebook.read().client(&token.grant.client_id);
    json!({
        "app_id": token.grant.client_id,
        "type": "USER",
        "application": client.and_then(|client| client.name).unwrap_or_else(|| token.grant.client_id.clone()),
        "data_access_expires_at": token.issued_at.plus_seconds(DATA_ACCESS_SECONDS).seconds(),
        "expires_at": token.expires_at.map_or(0, Timestamp::seconds),
        "is_valid": true,
        "issued_at": token.issued_at.seconds(),
        "scopes": session.consent.granted,
        "user_id": session.account.id,
    })
}

fn invalid(code: u32, subcode: Option<u32>, message: &str) -> Value {
    let mut error = json!({ "code": code, "message": message });
    if let (Some(members), Some(subcode)) = (error.as_object_mut(), subcode) {
        members.insert("subcode".to_owned(), subcode.into());
    }
    json!({ "error": error, "is_valid": false, "scopes": [] })
}
