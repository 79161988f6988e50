//! What a client posts: parameters as a form or as flat JSON, read once. Source: spec/authentication-api.md (introduction).

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::HeaderMap;

use crate::authentication::error::OAuthError;
use crate::http::body;
use crate::http::body::MOST_BYTES;
use crate::http::body::Media;
use crate::http::parameters::Parameters;

/// The headers and the parameters of a posted request. A body of another type has no parameters, as at the real
/// service, whose body parsers pass it over.
#[derive(Debug)]
pub(super) struct Posted {
    pub(super) headers: HeaderMap,
    pub(super) parameters: Parameters,
}

impl<S: Sync> FromRequest<S> for Posted {
    type Rejection = OAuthError;

    async fn from_request(request: Request, _: &S) -> Result<Self, OAuthError> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(body, MOST_BYTES).await?;
        let parameters = match Media::of(&parts.headers) {
            Media::Json => Parameters::of_json(&bytes)?,
            Media::Form => Parameters::of_form(&bytes)?,
            Media::Other => Parameters::default(),
        };
        Ok(Self { headers: parts.headers, parameters })
    }
}
