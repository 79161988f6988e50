//! A rendered page as an answer: never kept, never in a frame, with nothing of a third party. Source:
//! spec/universal-login.md (Behaviour).

use askama::Template;
use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::failure::Failure;
use crate::store::state::TenantState;

/// What a page may load and where it may stand. Forms may lead anywhere: browsers hold redirects to apps against it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'";

/// Something that is wrong with a field or a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Problem {
    /// `data-error-code`
    pub(super) code: &'static str,
    pub(super) text: &'static str,
}

/// The page. A tenant flag lets it stand in frames.
///
/// # Errors
/// [`Failure`] when the template fails, which it never does.
pub(super) fn answer(state: &TenantState, status: StatusCode, template: &impl Template) -> Result<Response, Failure> {
    let page = template.render().map_err(|error| Failure::new(format!("render a page: {error}")))?;
    let framed = state.settings.flag("disable_clickjack_protection_headers");
    let policy = if framed { POLICY.to_owned() } else { format!("{POLICY}; frame-ancestors 'none'") };
    let mut response = (
        status,
        [
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::REFERRER_POLICY, "same-origin".to_owned()),
            (header::CONTENT_SECURITY_POLICY, policy),
        ],
        Html(page),
    )
        .into_response();
    if !framed {
        let name = HeaderName::from_static("x-frame-options");
        response.headers_mut().insert(name, header::HeaderValue::from_static("deny"));
    }
    Ok(response)
}
