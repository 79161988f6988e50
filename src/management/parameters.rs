//! Path and query of a request, refused in this API's own form.

use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::http::parameters::Parameters;
use crate::management::error::ApiError;

/// axum's `Path`, with this API's error as rejection.
pub(super) struct ApiPath<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for ApiPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // What can't be decoded names nothing.
        let path = Path::<T>::from_request_parts(parts, state).await.map_err(|_| ApiError::NoSuchPath)?;
        Ok(Self(path.0))
    }
}

/// The parameters of the query.
pub(super) struct Query(Parameters);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let parameters = Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes());
        let refused = |error: crate::http::parameters::ParametersError| ApiError::Refused {
            message: format!("Query validation error: '{error}'."),
            code: "invalid_query_string",
        };
        parameters.map(Self).map_err(refused)
    }
}

impl Query {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }

    /// # Errors
    /// [`ApiError::InvalidQuery`] when it is neither `true` nor `false`.
    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, ApiError> {
        match self.0.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(ApiError::InvalidQuery {
                problem: "Expected type boolean but found type string".to_owned(),
                property: name,
            }),
        }
    }

    /// A whole number within `least` and `most`.
    ///
    /// # Errors
    /// [`ApiError::InvalidQuery`].
    pub(super) fn number(&self, name: &'static str, least: usize, most: usize) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        let refuse = |problem: String| ApiError::InvalidQuery { problem, property: name };
        let number: usize =
            text.parse().map_err(|_| refuse("Expected type integer but found type string".to_owned()))?;
        if number < least {
            return Err(refuse(format!("Value {number} is less than minimum {least}")));
        }
        if number > most {
            return Err(refuse(format!("Value {number} is greater than maximum {most}")));
        }
        Ok(Some(number))
    }
}
