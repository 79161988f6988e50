//! Pages that work by themselves: a form that is sent as soon as it is shown, and data handed to a script.

use std::fmt::Write as _;

use askama::Template;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::header::REFERRER_POLICY;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Serialize;

use crate::http::failure::Failure;

/// A form that sends itself with a POST; without scripts a person presses its one button.
/// Source: OAuth 2.0 Form Post Response Mode.
#[derive(Template)]
#[template(path = "http/self_submitting.html")]
pub(crate) struct SelfSubmitting<'a> {
    pub(crate) action: &'a str,
    pub(crate) fields: &'a [(String, String)],
}

/// The SHA-256 of the page's one script: nothing else may run in it (CSP 3, "hash-source").
const SUBMIT_HASH: &str = "8lDeP0UDwCO6/RhblgeH/ctdBzjVpJxrXizsnIk3cEQ=";

impl SelfSubmitting<'_> {
    /// The page, never kept and never shown in a frame.
    ///
    /// # Errors
    /// [`Failure`] when the template fails, which it never does.
    pub(crate) fn answer(&self) -> Result<Response, Failure> {
        let page = self.render().map_err(|error| Failure::new(format!("render a form: {error}")))?;
        let policy = format!("{}; frame-ancestors 'none'", script_policy(SUBMIT_HASH));
        Ok((page_headers(&policy), [(X_FRAME_OPTIONS, "deny")], Html(page)).into_response())
    }
}

const X_FRAME_OPTIONS: HeaderName = HeaderName::from_static("x-frame-options");

/// A `Content-Security-Policy` for a page that runs one script, whose SHA-256 in base64 this is.
pub(crate) fn script_policy(sha256: &str) -> String {
    format!("default-src 'none'; script-src 'sha256-{sha256}'; base-uri 'none'")
}

/// Headers of a page that is made for one moment only.
pub(crate) fn page_headers(policy: &str) -> [(HeaderName, HeaderValue); 3] {
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CONTENT_SECURITY_POLICY, policy),
    ]
}

/// JSON that can stand inside a `<script>`: nothing in it ends the script or the line.
pub(crate) fn json_in_script<T: Serialize>(value: &T) -> Result<String, Failure> {
    let json = serde_json::to_string(value).map_err(|error| Failure::new(format!("print JSON: {error}")))?;
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a String can't fail.
                let _ = write!(escaped, "\\u{:04x}", u32::from(character));
            }
            other => escaped.push(other),
        }
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn what_is_sent_is_escaped() {
        let fields = [("state".to_owned(), "\"><script>x</script>".to_owned())];
        let page = SelfSubmitting { action: "https://app.example/cb?a=1&b=\"", fields: &fields };
        let html = page.render().unwrap();
        assert!(html.contains(r#"action="https://app.example/cb?a=1&#38;b=&#34;""#), "{html}");
        assert!(html.contains(r#"name="state" value="&#34;&#62;&#60;script&#62;x&#60;/script&#62;""#), "{html}");
    }

    #[test]
    fn the_policy_allows_the_page_s_own_script() {
        let html = SelfSubmitting { action: "", fields: &[] }.render().unwrap();
        let script = html.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, script.as_bytes());
        assert_eq!(base64::engine::general_purpose::STANDARD.encode(hash), SUBMIT_HASH);
    }

    #[test]
    fn json_does_not_end_the_script_it_stands_in() {
        let json = json_in_script(&"</script>\u{2028}&").unwrap();
        assert_eq!(json, r#""\u003c/script\u003e\u2028\u0026""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), "</script>\u{2028}&");
    }
}
