//! The Live service, as apps of old know it: `login.live.com` and `apis.live.net`. Source: spec/upstreams.md §4 (the
//! paths), spec/profile.md §6.4. What it answers is unverified: it was turned off in 2018.

use axum::Json;
use axum::extract;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::microsoft::Microsoft;
use crate::upstreams::microsoft::authorize;
use crate::upstreams::microsoft::directory::Place;
use crate::upstreams::microsoft::directory::Version;
use crate::upstreams::microsoft::error::At;
use crate::upstreams::microsoft::error::GraphError;
use crate::upstreams::microsoft::scopes;
use crate::upstreams::microsoft::session::Session;
use crate::upstreams::microsoft::token;
use crate::upstreams::pages::ErrorPage;

/// `GET /oauth20_authorize.srf`.
pub(super) async fn authorize(microsoft: Microsoft, request: extract::Request) -> Result<Response, ErrorPage> {
    authorize::begin(&microsoft, &Place::of_live(), request).await
}

/// `POST /oauth20_token.srf`.
pub(super) async fn exchange(microsoft: Microsoft, request: extract::Request) -> Result<Response, At> {
    token::granted(&microsoft, Version::Two, request).await.map_err(|error| At(error, microsoft.now()))
}

/// `GET /v5.0/me`: the same person in Live's words. Ids are the same 16 digits.
pub(super) async fn me(session: Session) -> Result<Response, GraphError> {
    session.require(&[scopes::LIVE_BASIC, "wl.signin"])?;
    let account = &session.account;
    let text = |name: &str| account.text(name).map_or(Value::Null, Value::from);
    let mut me = Map::new();
    let mut put = |name: &str, value: Value| me.insert(name.to_owned(), value);
    put("id", account.id.as_str().into());
    put("name", text("displayName"));
    put("first_name", text("givenName"));
    put("last_name", text("surname"));
    put("link", "https://profile.live.com/".into());
    put("gender", Value::Null);
    if session.token.grant.has(scopes::LIVE_EMAILS) {
        let (own, mail) = (text("userPrincipalName"), text("mail"));
        let preferred = if mail.is_null() { own.clone() } else { mail };
        put("emails", json!({ "preferred": preferred, "account": own, "personal": null, "business": null }));
    }
    put("locale", account.text("preferredLanguage").map(|tag| tag.replace('-', "_")).into());
    put("updated_time", "2018-11-01T00:00:00+0000".into());
    Ok(Json(me).into_response())
}
