//! JSON bodies held against what an operation takes, with the real service's words for what doesn't fit.
//! Source: spec/management-api.md §2.

use axum::extract::FromRequest;
use axum::extract::Request;
use serde_json::Map;
use serde_json::Value;

use crate::domain::profile::database::is_email;
use crate::http::body;
use crate::management::error::ApiError;

/// How large a body may be, in bytes.
const MOST_BYTES: usize = 512_000;

/// A JSON object, not held against anything yet.
pub(super) struct Body(pub(super) Map<String, Value>);

/// What a property may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Text of so many characters.
    Text(usize, usize),
    Email,
    /// E.164, with its plus.
    Phone,
    /// An absolute URI of the web.
    Uri,
    /// Text without white space, of so many characters at most.
    Word(usize),
    Boolean,
    Object,
}

/// A property that an operation takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// `null` takes the value away.
    pub(super) nullable: bool,
}

/// A property that takes no `null`.
pub(super) const fn property(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, nullable: false }
}

/// A property that `null` takes away.
pub(super) const fn nullable(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, nullable: true }
}

impl<S: Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = body::read(request.into_body(), MOST_BYTES).await.map_err(|error| match error {
            body::BodyError::TooLarge => ApiError::TooLarge,
            body::BodyError::BrokeOff => ApiError::InvalidBody(error.to_string()),
        })?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(other) => Err(ApiError::InvalidBody(format!("Expected type object but found type {}", type_of(&other)))),
            Err(_) => Err(ApiError::Refused {
                message: "Invalid request payload JSON format".to_owned(),
                code: "invalid_body",
            }),
        }
    }
}

impl Body {
    /// Holds the body against the properties; an unknown one is refused unless `open`.
    ///
    /// # Errors
    /// [`ApiError::InvalidBody`] and [`ApiError::InvalidProperty`], for the first thing that doesn't fit.
    pub(super) fn check(&self, properties: &[Property], required: &[&str], open: bool) -> Result<(), ApiError> {
        if let Some(missing) = required.iter().find(|name| !self.0.contains_key(**name)) {
            return Err(ApiError::InvalidBody(format!("Missing required property: {missing}")));
        }
        for (name, value) in &self.0 {
            match properties.iter().find(|property| property.name == name) {
                Some(property) => property.check(value)?,
                None if open => {}
                None => return Err(ApiError::InvalidBody(format!("Additional properties not allowed: {name}"))),
            }
        }
        Ok(())
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    pub(super) fn object(&self, name: &str) -> Option<&Map<String, Value>> {
        self.0.get(name).and_then(Value::as_object)
    }
}

impl Property {
    fn check(&self, value: &Value) -> Result<(), ApiError> {
        if self.nullable && value.is_null() {
            return Ok(());
        }
        let problem = match (self.kind, value) {
            (Kind::Boolean, Value::Bool(_)) | (Kind::Object, Value::Object(_)) => None,
            (Kind::Boolean, other) => Some(wrong_type("boolean", other)),
            (Kind::Object, other) => Some(wrong_type("object", other)),
            (kind, Value::String(text)) => text_problem(kind, text),
            (_, other) => Some(wrong_type("string", other)),
        };
        match problem {
            None => Ok(()),
            Some(problem) => Err(ApiError::InvalidProperty { problem, property: self.name.to_owned() }),
        }
    }
}

fn text_problem(kind: Kind, text: &str) -> Option<String> {
    let length = text.chars().count();
    let didnt_pass = |format: &str| Some(format!("Object didn't pass validation for format {format}: {text}"));
    match kind {
        Kind::Text(least, _) if length < least => {
            Some(format!("String is too short ({length} chars), minimum {least}"))
        }
        Kind::Text(_, most) | Kind::Word(most) if length > most => {
            Some(format!("String is too long ({length} chars), maximum {most}"))
        }
        Kind::Word(_) if text.contains(char::is_whitespace) => Some(r"String does not match pattern ^\S*$".to_owned()),
        Kind::Email if !is_email(text) => didnt_pass("email"),
        Kind::Phone if !is_phone(text) => Some(r"String does not match pattern ^\+[0-9]{1,15}$".to_owned()),
        Kind::Uri if !url::Url::parse(text).is_ok_and(|url| url.has_host()) => didnt_pass("strict-uri"),
        _ => None,
    }
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn wrong_type(expected: &str, found: &Value) -> String {
    format!("Expected type {expected} but found type {}", type_of(found))
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PROPERTIES: &[Property] = &[
        property("email", Kind::Email),
        nullable("name", Kind::Text(1, 5)),
        property("blocked", Kind::Boolean),
        property("phone_number", Kind::Phone),
    ];

    #[track_caller]
    fn check(body: Value, expected: Option<&str>) {
        let body = Body(body.as_object().cloned().unwrap());
        let found = body.check(PROPERTIES, &["email"], false).err().map(|error| error.to_string());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn what_does_not_fit_is_told_in_the_real_services_words() {
        check(json!({ "email": "a@b.example", "name": null, "blocked": true, "phone_number": "+49" }), None);
        check(json!({}), Some("Payload validation error: 'Missing required property: email'."));
        check(
            json!({ "email": "x" }),
            Some("Payload validation error: 'Object didn't pass validation for format email: x' on property email."),
        );
        check(
            json!({ "email": "a@b.example", "name": "" }),
            Some("Payload validation error: 'String is too short (0 chars), minimum 1' on property name."),
        );
        check(
            json!({ "email": "a@b.example", "blocked": 1 }),
            Some("Payload validation error: 'Expected type boolean but found type integer' on property blocked."),
        );
        check(
            json!({ "email": "a@b.example", "x": 1 }),
            Some("Payload validation error: 'Additional properties not allowed: x'."),
        );
    }
}
