//! The tokens that the tenant gave to apps, read out of the journal: their claims, never the tokens themselves.
#![expect(unused_qualifications, reason = "the derived description names what it needs in full")]

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::header::LOCATION;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use utoipa::IntoParams;

use crate::harness::control::error::ControlError;
use crate::http::journal::Direction;
use crate::http::journal::Entry;
use crate::http::journal::reading::Content;
use crate::http::journal::reading::Reading;
use crate::keys::digest;
use crate::server::site::Site;

/// Which ones.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct IssuedQuery {
    /// Only those that left after the journal's entry with this id.
    #[serde(default)]
    after: u64,
}

/// The claims of the tokens that apps received, newest first: `{"tokens": [{"entry", "at", "client_id", "id_token",
/// "access_token"}]}`. A token that is not there, and an access token that is opaque, is `null`. `entry` is the id of the
/// journal's entry; what the journal forgot is not here either.
#[utoipa::path(get, path = "/issued", tag = "tokens", params(IssuedQuery), responses((status = 200, description = "`{tokens: […]}`"), ControlError))]
pub(super) async fn list(
    site: Site,
    query: Result<Query<IssuedQuery>, QueryRejection>,
) -> Result<Json<Value>, ControlError> {
    let Query(query) = query.map_err(|error| ControlError::Invalid(error.body_text()))?;
    let entries = site.journal.after(query.after);
    let tokens: Vec<_> = entries.iter().rev().filter_map(|entry| issued(entry)).collect();
    Ok(Json(json!({ "tokens": tokens })))
}

/// What an answer of the tenant brought an app; nothing if there is no token in it.
fn issued(entry: &Entry) -> Option<Value> {
    if entry.direction != Direction::In || entry.party != "tenant" || entry.uri.path().starts_with("/api/v2") {
        return None;
    }
    let reading = Reading::of(entry);
    let token = |name: &str| answered(&reading, name);
    let (id_token, access_token) = (token("id_token"), token("access_token"));
    if id_token.is_none() && access_token.is_none() {
        return None;
    }
    let claims = |token: Option<String>| token.as_deref().and_then(claims);
    Some(json!({
        "entry": entry.number,
        "at": entry.at,
        "client_id": reading.client_id(),
        "id_token": claims(id_token),
        "access_token": claims(access_token),
    }))
}

/// A member of the answer: of its JSON, of the address that it redirects to, or of the form that it has sent on.
fn answered(reading: &Reading<'_>, name: &str) -> Option<String> {
    match &reading.response {
        Content::Json(Value::Object(members)) => members.get(name)?.as_str().map(str::to_owned),
        Content::Page(page) => {
            let (_, after) = page.split_once(&format!("name=\"{name}\" value=\""))?;
            after.split_once('"').map(|(value, _)| value.to_owned())
        }
        _ => {
            let location = reading.entry.response_headers.get(LOCATION)?.to_str().ok()?;
            let (_, fragment) = location.split_once('#')?;
            let mut pairs = url::form_urlencoded::parse(fragment.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        }
    }
}

/// What a signed token says, unverified: it is the tenant's own.
fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&digest::from_base64url(payload)?).ok()
}
