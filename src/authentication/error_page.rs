//! The page for a login that can't be sent back to any app. Source: spec/universal-login.md (URLs, Behaviour).

use askama::Template;
use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::refusal::Refusal;
use crate::http::failure::Failure;
use crate::http::failure::Reference;
use crate::http::html::page_headers;

/// Code, description, a number to find it in the log by, and a way back where there is one.
#[derive(Template)]
#[template(path = "authentication/error_page.html")]
pub(crate) struct ErrorPage {
    code: &'static str,
    description: String,
    tracking: Reference,
    back: Option<String>,
    #[template(skip)]
    status: StatusCode,
}

/// The page is text and its own style, and stands in no frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

impl ErrorPage {
    /// `back` is a link only if it is one that a browser may follow.
    pub(crate) fn of(refusal: &Refusal, back: Option<String>) -> Self {
        let tracking = match refusal {
            Refusal::Internal(failure) => failure.reference,
            _ => Reference::next(),
        };
        let back = back.filter(|link| link.starts_with("https://") || link.starts_with("http://"));
        Self { code: refusal.code(), description: refusal.to_string(), tracking, back, status: refusal.status() }
    }
}

/// The page for a code and a description, as it is sent.
pub(crate) fn html(code: &'static str, description: &str) -> String {
    let (tracking, status) = (Reference::next(), StatusCode::INTERNAL_SERVER_ERROR);
    let page = ErrorPage { code, description: description.to_owned(), tracking, back: None, status };
    page.render().unwrap_or_else(|_| code.to_owned())
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        tracing::info!(tracking = %self.tracking, code = self.code, "a login ended on the error page");
        match self.render() {
            Ok(page) => {
                let frames = [(HeaderName::from_static("x-frame-options"), "deny")];
                (self.status, page_headers(POLICY), frames, Html(page)).into_response()
            }
            Err(error) => Failure::new(format!("render the error page: {error}")).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_from_outside_is_escaped_and_scripts_are_no_links() {
        let refusal = Refusal::UnknownClient("<script>alert(1)</script>".to_owned());
        let page = ErrorPage::of(&refusal, Some("javascript:alert(1)".to_owned())).render().unwrap();
        assert!(page.contains("Unknown client: &#60;script&#62;alert(1)"), "{page}");
        assert!(!page.contains("javascript:") && !page.contains("<script>"));
        let page = ErrorPage::of(&refusal, Some("https://app.example/start?a=1&b=2".to_owned())).render().unwrap();
        assert!(page.contains(r#"href="https://app.example/start?a=1&#38;b=2""#), "{page}");
    }
}
