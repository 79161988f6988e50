//! The person who gave an access token, in the two forms that Google has. Source: spec/upstreams.md §1.

use axum::Json;
use axum::extract::OriginalUri;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::upstreams::google::Google;
use crate::upstreams::google::bearer;
use crate::upstreams::google::bearer::GoogleAsked;
use crate::upstreams::google::claims;
use crate::upstreams::google::error::GoogleError;
use crate::upstreams::google::error::NEVER_KEPT;
use crate::upstreams::pictures;

/// The sizes that a picture may be asked in.
const SIZES: std::ops::RangeInclusive<u32> = 16..=1024;

/// `GET|POST /v1/userinfo` and `/oauth2/v3/userinfo`: with `sub`.
pub(super) async fn openid(google: Google, GoogleAsked(asked): GoogleAsked) -> Result<Response, GoogleError> {
    let person = person(&google, asked.token()).ok_or(GoogleError::InvalidCredentials)?;
    Ok(([NEVER_KEPT], Json(person)).into_response())
}

/// `GET|POST /oauth2/v2/userinfo` and `/oauth2/v1/userinfo`: with `id` and `verified_email`.
pub(super) async fn second(google: Google, GoogleAsked(asked): GoogleAsked) -> Result<Response, GoogleError> {
    let person = person(&google, asked.token()).ok_or(GoogleError::Unauthenticated)?;
    let renamed = person.into_iter().map(|(name, value)| match name.as_str() {
        "sub" => ("id".to_owned(), value),
        "email_verified" => ("verified_email".to_owned(), value),
        _ => (name, value),
    });
    Ok(([NEVER_KEPT], Json(renamed.collect::<Map<_, _>>())).into_response())
}

fn person(google: &Google, token: Option<&str>) -> Option<Map<String, Value>> {
    let (token, account) = bearer::holder(google, token?)?;
    Some(claims::userinfo(&google.base, &account, &token.grant))
}

/// `GET /a/ID=s96-c`: the picture of an account that has no other.
pub(super) async fn picture(google: Google, OriginalUri(uri): OriginalUri) -> Result<Response, GoogleError> {
    let picture = uri.path().rsplit('/').next().unwrap_or_default();
    let (id, form) = picture.split_once('=').unwrap_or((picture, ""));
    let size = form.split('-').find_map(|part| part.strip_prefix('s')?.parse().ok()).unwrap_or(96);
    let account = google.read().accounts.get(id).cloned().ok_or(GoogleError::NotFound)?;
    Ok(pictures::picture(&account, u32::clamp(size, *SIZES.start(), *SIZES.end())))
}
