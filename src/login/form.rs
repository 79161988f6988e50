//! What a person posts from a page.

use axum::extract::FromRequest;
use axum::extract::Request;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::http::body;
use crate::http::body::MOST_BYTES;
use crate::http::body::Media;
use crate::http::parameters::Parameters;

/// The fields of a form, each once.
pub(super) struct PageForm(Parameters);

impl PageForm {
    /// A field's text; empty when it wasn't sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_default()
    }

    /// The handle of the login that the page belongs to.
    pub(super) fn handle(&self) -> Option<&str> {
        self.0.get("state")
    }
}

impl<S: Sync> FromRequest<S> for PageForm {
    type Rejection = AuthorizeError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AuthorizeError> {
        let (parts, body) = request.into_parts();
        if Media::of(&parts.headers) != Media::Form {
            return Err(Refusal::InvalidRequest("the page's form must be sent as a form".into()).into());
        }
        let bytes = body::read(body, MOST_BYTES).await.map_err(Refusal::from)?;
        Ok(Self(Parameters::of_form(&bytes).map_err(Refusal::from)?))
    }
}
