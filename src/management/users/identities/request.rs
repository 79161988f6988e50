//! Which identity is to be linked: named by provider and id, or proved by an ID token. Source: spec/linking.md §2.

use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::management::users::identities::providers::PROVIDERS;

const LINK: Shape = Shape::closed(
    &[],
    &[
        property("provider", Kind::OneOf(PROVIDERS)),
        property("user_id", Kind::Id),
        property("connection_id", Kind::Pattern("^con_[A-Za-z0-9]{16}$", is_connection_id)),
        property("link_with", Kind::Text(0, usize::MAX)),
    ],
)
.not_empty();

/// Which identity a caller wants to link.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Named(Named),
    /// By an ID token, not checked yet.
    Token(String),
}

/// An identity as administrators name it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) provider: String,
    /// Bare, or as a whole user id.
    pub(super) id: String,
    pub(super) connection_id: Option<String>,
}

/// Reads the body. A token of an end user's own opens the form with an ID token alone.
///
/// # Errors
/// [`ApiError::InvalidBody`] and the like; [`ApiError::InsufficientScope`].
pub(super) fn read(body: Body, caller: &Caller) -> Result<Asked, ApiError> {
    let body = body.check(&LINK, Call::Update)?;
    let asked = asked(&body)?;
    if matches!(asked, Asked::Named(_)) && !caller.has("update:users") {
        return Err(ApiError::InsufficientScope(vec!["update:users", "update:current_user_identities"]));
    }
    Ok(asked)
}

/// The texts for what can't be together, or misses its other half, are unverified.
fn asked(body: &Checked) -> Result<Asked, ApiError> {
    if let Some(token) = body.text("link_with") {
        return match body.0.keys().find(|name| *name != "link_with") {
            None => Ok(Asked::Token(token.to_owned())),
            Some(other) => Err(ApiError::InvalidBody(format!("Additional properties not allowed: {other}"))),
        };
    }
    let missing = |name: &str| ApiError::InvalidBody(format!("Missing required property: {name}"));
    let id = body.0.get("user_id").ok_or_else(|| missing("user_id"))?;
    Ok(Asked::Named(Named {
        provider: body.text("provider").ok_or_else(|| missing("provider"))?.to_owned(),
        id: id.as_str().map_or_else(|| id.to_string(), str::to_owned),
        connection_id: body.text("connection_id").map(str::to_owned),
    }))
}

fn is_connection_id(text: &str) -> bool {
    let id = text.strip_prefix("con_").unwrap_or_default();
    id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: Value, expected: Result<Asked, &str>) {
        let body = body.as_object().cloned().unwrap();
        let found = LINK.check(&body, Call::Update).and_then(|()| asked(&Checked(body)));
        let found = found.map_err(|error| error.to_string());
        assert_eq!(found.as_ref().map_err(String::as_str), expected.as_ref().map_err(|text| *text));
    }

    #[test]
    fn an_identity_is_named_or_proved() {
        let identity = |id: &str, connection_id: Option<&str>| {
            Asked::Named(Named {
                provider: "github".to_owned(),
                id: id.to_owned(),
                connection_id: connection_id.map(str::to_owned),
            })
        };
        let con = "con_aaaaBBBB11112222";
        check(json!({ "provider": "github", "user_id": "1" }), Ok(identity("1", None)));
        check(json!({ "provider": "github", "user_id": 42 }), Ok(identity("42", None)));
        check(json!({ "provider": "github", "user_id": "1", "connection_id": con }), Ok(identity("1", Some(con))));
        check(json!({ "link_with": "a.b.c" }), Ok(Asked::Token("a.b.c".to_owned())));
    }

    #[test]
    fn what_fits_no_form_is_told_in_the_validators_words() {
        let told = |problem: &'static str| problem;
        for (body, problem) in [
            (json!({}), told("'Too few properties defined (0), minimum 1'.")),
            (
                json!({ "provider": "myspace", "user_id": "1" }),
                told("'No enum match for: myspace' on property provider."),
            ),
            (json!({ "provider": "github" }), told("'Missing required property: user_id'.")),
            (json!({ "user_id": "1" }), told("'Missing required property: provider'.")),
            (json!({ "link_with": 1 }), told("'Expected type string but found type integer' on property link_with.")),
            (json!({ "link_with": "a", "provider": "github" }), told("'Additional properties not allowed: provider'.")),
            (
                json!({ "provider": "github", "user_id": "" }),
                told("'Data does not match any schemas from 'oneOf'' on property user_id."),
            ),
            (
                json!({ "provider": "github", "user_id": "1", "connection_id": "con_1" }),
                told("'String does not match pattern ^con_[A-Za-z0-9]{16}$: con_1' on property connection_id."),
            ),
            (json!({ "primary": "a" }), told("'Additional properties not allowed: primary'.")),
        ] {
            check(body, Err(&format!("Payload validation error: {problem}")));
        }
    }
}
