//! What the fakes share that answer as OpenID providers do: by query, fragment or form.
//! Source: OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response Mode.

use axum::response::Response;
use url::form_urlencoded;

use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::protocols::oauth::callback;
use crate::upstreams::dialogs::Mode;
use crate::upstreams::dialogs::Request;
use crate::upstreams::pages;

/// Parameters of an answer as one text, `state` among them, for [`respond`].
pub(super) fn answer(request: &Request, parameters: &[(&str, &str)]) -> String {
    let state = request.state.as_deref().map(|state| ("state", state));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).extend_pairs(state).finish()
}

/// Sends a person back with the parameters of `answer` and `more`, in the way that the app asked for.
///
/// # Errors
/// [`Failure`] when a page can't be made, which never happens.
pub(super) fn respond(request: &Request, answer: &str, more: &[(&str, &str)]) -> Result<Response, Failure> {
    let parameters: Vec<(String, String)> = form_urlencoded::parse(answer.as_bytes()).into_owned().collect();
    let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let parameters: Vec<(&str, &str)> = parameters.chain(more.iter().copied()).collect();
    match request.response.mode {
        Mode::Query => Ok(pages::away(&callback::in_query(&request.redirect_uri, &parameters))),
        Mode::Fragment => Ok(pages::away(&callback::in_fragment(&request.redirect_uri, &parameters))),
        Mode::FormPost => {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let fields: Vec<_> = parameters.iter().map(owned).collect();
            SelfSubmitting { action: &request.redirect_uri, fields: &fields }.answer()
        }
    }
}
