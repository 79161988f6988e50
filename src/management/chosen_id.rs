//! The id that a new thing is to have: an extension of ours, by which `impostor seed` brings a fixture with its ids. The
//! real service draws ids and knows no such header.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::management::error::ApiError;

/// The header that says it.
const HEADER: &str = "impostor-id";

/// The id asked for, if one was.
pub(super) struct ChosenId(Option<String>);

impl ChosenId {
    /// The id asked for, or else a drawn one.
    ///
    /// # Errors
    /// When something has the id already.
    pub(super) fn or_drawn(
        self,
        is_taken: impl FnOnce(&str) -> bool,
        drawn: impl FnOnce() -> String,
    ) -> Result<String, ApiError> {
        match self.0 {
            Some(id) if is_taken(&id) => Err(TAKEN),
            Some(id) => Ok(id),
            None => Ok(drawn()),
        }
    }
}

const TAKEN: ApiError =
    ApiError::Conflict { message: "Something has the id of the Impostor-Id header already", code: None };

impl<S: Sync> FromRequestParts<S> for ChosenId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(written) = parts.headers.get(HEADER) else { return Ok(Self(None)) };
        let fits = |id: &&str| {
            let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
            (1..=255).contains(&id.len()) && plain
        };
        let id = written.to_str().ok().filter(fits).ok_or_else(|| {
            ApiError::refused("invalid_header", "Impostor-Id must be 1 to 255 letters, digits, \".\", \"_\" or \"-\"")
        })?;
        Ok(Self(Some(id.to_owned())))
    }
}
