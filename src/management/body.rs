//! JSON bodies: how much of one is read, and what it is held against. Source: spec/management-api.md §2.

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use serde_json::Map;
use serde_json::Value;

use crate::http::body;
use crate::http::body::BodyError;
use crate::http::body::Media;
use crate::management::error::ApiError;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;

/// How large a body may be, in bytes: what the framework of the real service takes by default (unverified).
const MOST_BYTES: usize = 1_048_576;

/// Any JSON, not held against anything yet.
pub(super) struct Payload(Value);

/// A JSON object, not held against anything yet.
pub(super) struct Body(Map<String, Value>);

/// Properties that fit a shape. Only [`Body::check`] makes one.
pub(super) struct Checked(pub(super) Map<String, Value>);

impl<S: Sync> FromRequest<S> for Payload {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        if parts.headers.contains_key(CONTENT_TYPE) && Media::of(&parts.headers) != Media::Json {
            return Err(ApiError::NotJsonType);
        }
        let bytes = body::read(body, MOST_BYTES).await.map_err(|error| match error {
            BodyError::TooLarge => ApiError::TooLarge(MOST_BYTES),
            BodyError::BrokeOff => ApiError::NotJson,
        })?;
        if bytes.is_empty() {
            return Ok(Self(Value::Null));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|_| ApiError::NotJson)
    }
}

impl<S: Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match Payload::from_request(request, state).await?.0 {
            Value::Object(members) => Ok(Self(members)),
            other => Err(Kind::Free.check_body(&other, Call::Create).err().unwrap_or(ApiError::NotJson)),
        }
    }
}

impl Payload {
    /// The value, if it is of a kind.
    ///
    /// # Errors
    /// As [`Kind::check_body`].
    pub(super) fn check(self, kind: &Kind, call: Call) -> Result<Value, ApiError> {
        kind.check_body(&self.0, call)?;
        Ok(self.0)
    }
}

impl Body {
    /// # Errors
    /// As [`Shape::check`].
    pub(super) fn check(self, shape: &Shape, call: Call) -> Result<Checked, ApiError> {
        shape.check(&self.0, call)?;
        Ok(Checked(self.0))
    }
}

impl Checked {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// The texts of a list.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    pub(super) fn object(&self, name: &str) -> Option<&Map<String, Value>> {
        self.0.get(name).and_then(Value::as_object)
    }
}
