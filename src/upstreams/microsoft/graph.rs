//! Microsoft Graph: the person who gave the token. Source: spec/upstreams.md §4, spec/profile.md §6.4.

use axum::Json;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::microsoft::claims;
use crate::upstreams::microsoft::error::GraphError;
use crate::upstreams::microsoft::scopes;
use crate::upstreams::microsoft::session::Session;

/// The scopes of which one opens `/me`.
const READS_ME: [&str; 3] = [scopes::USER_READ, "User.ReadWrite", "User.Read.All"];

/// What everybody has, `null` where nothing is said.
const ALWAYS: [&str; 10] = [
    "userPrincipalName",
    "id",
    "displayName",
    "surname",
    "givenName",
    "preferredLanguage",
    "mail",
    "mobilePhone",
    "jobTitle",
    "officeLocation",
];

/// `GET /v1.0/me`.
pub(super) async fn me(session: Session) -> Result<Response, GraphError> {
    session.require(&READS_ME)?;
    let own = &session.account.attributes;
    let mut me = Map::new();
    let context = session.microsoft.base.url_at("graph.microsoft.com", "/v1.0/$metadata#users/$entity");
    me.insert("@odata.context".to_owned(), context.into());
    me.extend(ALWAYS.map(|name| (name.to_owned(), own.get(name).cloned().unwrap_or(Value::Null))));
    me.insert("businessPhones".to_owned(), json!([]));
    me.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
    Ok(Json(me).into_response())
}

/// `GET|POST /oidc/userinfo`: with `openid`.
pub(super) async fn userinfo(session: Session) -> Result<Response, GraphError> {
    session.require(&[scopes::OPENID])?;
    let person = claims::userinfo(&session.microsoft.base, &session.account, &session.token.grant);
    Ok(Json(person).into_response())
}

/// `GET /v1.0/me/photo/$value`: personal accounts have none there.
pub(super) async fn photo(session: Session) -> Result<Response, GraphError> {
    session.require(&READS_ME)?;
    Err(GraphError::NoPhoto)
}
