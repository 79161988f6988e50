//! Path and query of a request, refused in this API's own form.

use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::management::error::ApiError;

/// How many parameters a query may have.
const MOST: usize = 100;

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

/// The parameters of the query, in order.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().take(MOST).collect()))
    }
}

impl Query {
    /// A text; one without a value counts as not sent.
    ///
    /// # Errors
    /// [`ApiError::InvalidQuery`] when it is there twice.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, ApiError> {
        let mut values = self.texts(name);
        match (values.next(), values.next()) {
            (found, None) => Ok(found),
            (_, Some(_)) => Err(ApiError::InvalidQuery {
                problem: "Expected type string but found type array".to_owned(),
                property: name,
            }),
        }
    }

    /// All texts of a parameter that may be repeated.
    pub(super) fn texts(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// # Errors
    /// [`ApiError::InvalidQuery`] when it is neither `true` nor `false`.
    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, ApiError> {
        match self.text(name)? {
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
        let Some(text) = self.text(name)? else { return Ok(None) };
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

    #[cfg(test)]
    pub(super) fn of(query: &str) -> Self {
        Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_by_type_and_once() {
        let query = Query::of("page=2&include_totals=true&name=a&name=b&take=101&empty=&flag=yes");
        assert_eq!(query.number("page", 0, 10).unwrap(), Some(2));
        assert_eq!(query.flag("include_totals").unwrap(), Some(true));
        assert_eq!(query.text("empty").unwrap(), None);
        assert_eq!(query.texts("name").collect::<Vec<_>>(), ["a", "b"]);
        for (error, expected) in [
            (query.text("name").map(drop), "Expected type string but found type array' on property name"),
            (query.number("take", 1, 100).map(drop), "Value 101 is greater than maximum 100' on property take"),
            (query.number("flag", 1, 100).map(drop), "Expected type integer but found type string' on property flag"),
            (query.flag("flag").map(drop), "Expected type boolean but found type string' on property flag"),
        ] {
            assert_eq!(error.unwrap_err().to_string(), format!("Query validation error: '{expected}."));
        }
    }
}
