//! `/tokeninfo` and `/revoke`: what a token is good for, and the end of it. Source: spec/upstreams.md §1.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::keys::signing_key::Algorithm;
use crate::keys::verify;
use crate::keys::verify::Jws;
use crate::keys::verify::VerifyingKey;
use crate::upstreams::google::Google;
use crate::upstreams::google::bearer;
use crate::upstreams::google::bearer::GoogleAsked;
use crate::upstreams::google::error::GoogleError;
use crate::upstreams::google::error::NEVER_KEPT;
use crate::upstreams::google::scopes;
use crate::upstreams::keys;
use crate::upstreams::provider::Provider;

/// `GET|POST /tokeninfo?id_token=` or `?access_token=`; every value is text.
pub(super) async fn inspect(google: Google, GoogleAsked(asked): GoogleAsked) -> Result<Response, GoogleError> {
    let facts = match asked.parameters.get("id_token") {
        Some(token) => of_id_token(&google, token).await?,
        None => of_access_token(&google, asked.token().ok_or(GoogleError::InvalidValue)?)?,
    };
    let texts: Map<_, _> = facts.into_iter().map(|(name, value)| (name, Value::from(text(&value)))).collect();
    Ok(([NEVER_KEPT], Json(texts)).into_response())
}

/// `POST /revoke`: ends the token and what the person gave the app.
pub(super) async fn revoke(google: Google, GoogleAsked(asked): GoogleAsked) -> Result<Response, GoogleError> {
    let secret = asked.parameters.get("token").ok_or(GoogleError::Missing("token"))?;
    google.upstreams.write(|draft| {
        let now = draft.now;
        let state = draft.of_mut(Provider::Google);
        let token = state.token(secret).filter(|token| !token.is_expired(now));
        let grant = token.ok_or(GoogleError::NothingToRevoke)?.grant;
        state.withdraw(&grant.client_id, &grant.account);
        Ok::<_, GoogleError>(())
    })?;
    Ok((StatusCode::OK, [NEVER_KEPT]).into_response())
}

async fn of_id_token(google: &Google, token: &str) -> Result<Map<String, Value>, GoogleError> {
    let invalid = |_| GoogleError::InvalidValue;
    let keys = keys::all(google).await?;
    let jws = Jws::parse(token).map_err(invalid)?;
    let key = keys.iter().find(|key| Some(key.kid()) == jws.kid()).ok_or(GoogleError::InvalidValue)?;
    let header = jws.header.clone();
    let mut claims = jws.verify(&VerifyingKey::of(key, Algorithm::Rs256)).map_err(invalid)?;
    verify::check_issuer(&claims, &google.base.0).map_err(invalid)?;
    verify::check_times(&claims, google.now().seconds(), 0).map_err(invalid)?;
    claims.extend(header);
    Ok(claims)
}

fn of_access_token(google: &Google, secret: &str) -> Result<Map<String, Value>, GoogleError> {
    let (token, account) = bearer::holder(google, secret).ok_or(GoogleError::InvalidValue)?;
    let expires_at = token.expires_at.unwrap_or(token.issued_at).seconds();
    let consent = google.read().consent(&token.grant.client_id, &account.id);
    let mut facts = Map::new();
    let mut put = |name: &str, value: Value| facts.insert(name.to_owned(), value);
    put("azp", token.grant.client_id.as_str().into());
    put("aud", token.grant.client_id.as_str().into());
    put("sub", account.id.as_str().into());
    put("scope", token.grant.scopes.join(" ").into());
    put("exp", expires_at.into());
    put("expires_in", (expires_at - google.now().seconds()).into());
    if token.grant.has(scopes::EMAIL)
        && let Some(email) = account.email()
    {
        put("email", email.into());
        put("email_verified", account.attributes.get("email_verified").cloned().unwrap_or(Value::Bool(false)));
    }
    put("access_type", if consent.granted.contains(scopes::OFFLINE) { "offline" } else { "online" }.into());
    Ok(facts)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
