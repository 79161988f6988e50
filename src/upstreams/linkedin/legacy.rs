//! `GET /v2/me` and `/v2/emailAddress`: the person before LinkedIn spoke OpenID Connect. Source: spec/upstreams.md §3.

use axum::Json;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::linkedin::account;
use crate::upstreams::linkedin::claims;
use crate::upstreams::linkedin::error::ApiError;
use crate::upstreams::linkedin::scopes;
use crate::upstreams::linkedin::session::Session;

/// `GET /v2/me`, with `projection=(…)` what it names alone. The picture's addresses are only for who names them.
pub(super) async fn me(session: Session) -> Result<Response, ApiError> {
    session.require(&[scopes::LITE_PROFILE, scopes::BASIC_PROFILE, scopes::FULL_PROFILE], "GET /me")?;
    let projection = session.asked.parameters.get("projection").unwrap_or_default();
    let mut person = person(&session, projection.contains("displayImage~"));
    if !projection.is_empty() {
        person.retain(|name, _| projection.split(['(', ')', ',']).any(|named| named == name));
    }
    Ok(Json(person).into_response())
}

/// `GET /v2/emailAddress?q=members&projection=(elements*(handle~))`.
pub(super) async fn email_address(session: Session) -> Result<Response, ApiError> {
    session.require(&[scopes::EMAIL_ADDRESS], "GET-members /emailAddress")?;
    let handle = format!("urn:li:emailAddress:{}", session.account.id);
    let elements =
        session.account.email().map(|email| json!({ "handle": handle, "handle~": { "emailAddress": email } }));
    Ok(Json(json!({ "elements": elements.into_iter().collect::<Vec<_>>() })).into_response())
}

fn person(session: &Session, with_pictures: bool) -> Map<String, Value> {
    let account = &session.account;
    let mut person = Map::new();
    let mut put = |name: &str, value: Value| person.insert(name.to_owned(), value);
    put("id", account.id.as_str().into());
    let locale = account::locale(account).unwrap_or_else(|| "en_US".to_owned());
    for (name, localized, wrapped) in
        [("given_name", "localizedFirstName", "firstName"), ("family_name", "localizedLastName", "lastName")]
    {
        if let Some(text) = account.text(name) {
            put(localized, text.into());
            let preferred = account.attributes.get("locale");
            let by_locale = Map::from_iter([(locale.clone(), Value::from(text))]);
            put(wrapped, json!({ "localized": by_locale, "preferredLocale": preferred }));
        }
    }
    if let Some(headline) = account.text("headline").filter(|_| !session.token.grant.has(scopes::LITE_PROFILE)) {
        put("localizedHeadline", headline.into());
    }
    if let Some(picture) = claims::picture(&session.linkedin.base, account) {
        let mut image = Map::new();
        image.insert("displayImage".to_owned(), format!("urn:li:digitalmediaAsset:{}", account.id).into());
        if with_pictures {
            let elements = json!([{ "identifiers": [{ "identifier": picture, "mediaType": "image/svg+xml" }] }]);
            image.insert("displayImage~".to_owned(), json!({ "elements": elements }));
        }
        put("profilePicture", image.into());
    }
    person
}
