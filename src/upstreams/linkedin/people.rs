//! `GET /v1/people/~:(fields)`: the person of the first age, with employers and degrees. Answers in JSON whether
//! `format=json` asks for it or not. Source: spec/upstreams.md §3, spec/profile.md §6.3 (names unverified).

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::upstreams::linkedin::claims;
use crate::upstreams::linkedin::error::ApiError;
use crate::upstreams::linkedin::scopes;
use crate::upstreams::linkedin::session::Session;

/// Where nothing is selected.
const USUAL: &str = "first-name,headline,last-name";

/// What the full profile adds to the basic one.
const OF_FULL: [&str; 6] = ["educations", "skills", "languages", "certifications", "publications", "courses"];

/// Of the fields selected, those that the person filled in and lets the app know.
pub(super) async fn people(Path(selection): Path<String>, session: Session) -> Result<Response, ApiError> {
    session.require(&[scopes::BASIC_PROFILE, scopes::FULL_PROFILE], "GET /people/~")?;
    let selected = selection.strip_prefix('~').ok_or(ApiError::NotFound)?;
    let inner = selected.strip_prefix(":(").and_then(|inner| inner.strip_suffix(')'));
    let mut person = Map::new();
    for field in fields(inner.unwrap_or(USUAL)) {
        if let Some(value) = value(&session, &field) {
            person.insert(field, value);
        }
    }
    Ok(Json(person).into_response())
}

fn value(session: &Session, field: &str) -> Option<Value> {
    let account = &session.account;
    let text = |name: &str| account.text(name).map(Value::from);
    match field {
        "id" => Some(account.id.as_str().into()),
        "firstName" => text("given_name"),
        "lastName" => text("family_name"),
        "formattedName" => text("name"),
        "pictureUrl" => claims::picture(&session.linkedin.base, account).map(Value::from),
        "emailAddress" => text("email").filter(|_| session.token.grant.has(scopes::EMAIL_ADDRESS)),
        full if OF_FULL.contains(&full) && !session.token.grant.has(scopes::FULL_PROFILE) => None,
        "sub" | "name" | "given_name" | "family_name" | "picture" | "email" | "email_verified" | "locale" => None,
        other => account.attributes.get(other).cloned(),
    }
}

/// The names at the top of a selector, `first-name` as `firstName`; what is selected inside of one is given whole.
fn fields(selector: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let (mut depth, mut raise) = (0_usize, false);
    for character in selector.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => fields.push(String::new()),
            '-' => raise = true,
            ':' => {}
            letter if depth == 0 => {
                let letter = if std::mem::take(&mut raise) { letter.to_ascii_uppercase() } else { letter };
                fields.last_mut().iter_mut().for_each(|field| field.push(letter));
            }
            _ => raise = false,
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_names_fields() {
        let check = |selector: &str, expected: &[&str]| assert_eq!(fields(selector), expected, "{selector}");
        check("id,first-name,num-connections", &["id", "firstName", "numConnections"]);
        check("positions:(title,company:(name)),picture-url", &["positions", "pictureUrl"]);
    }
}
