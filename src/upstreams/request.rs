//! What a request at a fake's endpoint says: query and body together, wherever the provider takes them from.

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::http::body;
use crate::http::body::BodyError;
use crate::http::body::Media;
use crate::http::parameters::Parameters;
use crate::http::parameters::ParametersError;
use crate::keys::digest;

/// The parameters of a request, and the credentials in its header.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) parameters: Parameters,
    headers: HeaderMap,
}

/// Why a request can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskedError {
    #[error(transparent)]
    Body(#[from] BodyError),
    #[error(transparent)]
    Parameters(#[from] ParametersError),
}

impl Asked {
    /// The token of `Authorization: Bearer`, else the parameter `access_token`.
    pub(super) fn token(&self) -> Option<&str> {
        let header = self.authorization("bearer");
        header.or_else(|| self.parameters.get("access_token"))
    }

    /// `client_id` and `client_secret`: from `Authorization: Basic` (RFC 6749 §2.3.1), else from the parameters.
    pub(super) fn client(&self) -> (Option<String>, Option<String>) {
        let text = |name: &str| self.parameters.get(name).map(str::to_owned);
        let basic = self.authorization("basic").and_then(digest::from_base64);
        let basic = basic.and_then(|bytes| String::from_utf8(bytes).ok());
        match basic.as_deref().and_then(|pair| pair.split_once(':')) {
            Some((id, secret)) => (Some(form_decoded(id)), Some(form_decoded(secret))),
            None => (text("client_id"), text("client_secret")),
        }
    }

    fn authorization(&self, scheme: &str) -> Option<&str> {
        let (named, value) = self.headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        named.eq_ignore_ascii_case(scheme).then_some(value.trim())
    }
}

/// Id and secret are written as in a form before they are put into the header.
fn form_decoded(text: &str) -> String {
    let pair = format!("v={text}");
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Reads the query and, if there is one, a form or a JSON object in the body.
///
/// # Errors
/// [`AskedError`] when it can't be read or a parameter is there twice.
pub(super) async fn read(request: Request) -> Result<Asked, AskedError> {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let parameters = of_body(&parts.headers, body, query).await?;
    Ok(Asked { parameters, headers: parts.headers })
}

async fn of_body(headers: &HeaderMap, body: Body, query: String) -> Result<Parameters, AskedError> {
    let body = body::read(body, body::MOST_BYTES).await?;
    if body.is_empty() {
        return Ok(Parameters::of_form(query.as_bytes())?);
    }
    if Media::of(headers) == Media::Json {
        let json = Parameters::of_json(&body)?;
        let pairs = url::form_urlencoded::Serializer::new(query).extend_pairs(json.pairs()).finish();
        return Ok(Parameters::of_form(pairs.as_bytes())?);
    }
    let both = [query.as_bytes(), &body].join(&b'&');
    Ok(Parameters::of_form(&both)?)
}
