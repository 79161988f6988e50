//! The four ways of an answer to the app. Source: OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response
//! Mode, spec/universal-login.md (`web_message`).

use askama::Template;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::LOCATION;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use url::Url;
use url::form_urlencoded;

use crate::domain::transaction::ResponseMode;
use crate::domain::transaction::ResponseType;
use crate::http::failure::Failure;
use crate::http::html::SelfSubmitting;
use crate::http::html::json_in_script;
use crate::http::html::page_headers;
use crate::http::html::script_policy;
use crate::http::parameters::Parameters;

type Fields = [(&'static str, String)];

/// The way that a request asks for, or the one that goes with what it asks for. An unknown one is refused later; until
/// then its errors take the usual way.
pub(super) fn mode_of(parameters: &Parameters) -> ResponseMode {
    let usual = match parameters.get("response_type").and_then(response_type) {
        Some(ResponseType { token: false, id_token: false, .. }) | None => ResponseMode::Query,
        Some(_) => ResponseMode::Fragment,
    };
    parameters.get("response_mode").and_then(mode_named).unwrap_or(usual)
}

pub(super) fn mode_named(name: &str) -> Option<ResponseMode> {
    match name {
        "query" => Some(ResponseMode::Query),
        "fragment" => Some(ResponseMode::Fragment),
        "form_post" => Some(ResponseMode::FormPost),
        "web_message" => Some(ResponseMode::WebMessage),
        _ => None,
    }
}

/// Reads `response_type`: `code`, `token` and `id_token`, each at most once, in any order.
pub(super) fn response_type(text: &str) -> Option<ResponseType> {
    let mut asked = ResponseType::default();
    for word in text.split(' ') {
        let part = match word {
            "code" => &mut asked.code,
            "token" => &mut asked.token,
            "id_token" => &mut asked.id_token,
            _ => return None,
        };
        if std::mem::replace(part, true) {
            return None;
        }
    }
    Some(asked)
}

/// A redirect with the fields in the query, after what is there.
pub(super) fn query(uri: &str, fields: &Fields) -> Result<Response, Failure> {
    redirect(&with_fields(uri, fields))
}

/// An address with one field more in its query.
pub(crate) fn with_field(uri: &str, name: &'static str, value: &str) -> String {
    with_fields(uri, &[(name, value.to_owned())])
}

fn with_fields(uri: &str, fields: &Fields) -> String {
    let (address, fragment) = uri.split_once('#').map_or((uri, String::new()), |(uri, rest)| (uri, format!("#{rest}")));
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{}{fragment}", encoded(fields))
}

/// A redirect with the fields in the fragment.
pub(super) fn fragment(uri: &str, fields: &Fields) -> Result<Response, Failure> {
    let address = uri.split('#').next().unwrap_or_default();
    redirect(&format!("{address}#{}", encoded(fields)))
}

/// A page that posts the fields.
pub(super) fn form_post(uri: &str, fields: &Fields) -> Result<Response, Failure> {
    let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    SelfSubmitting { action: uri, fields: &fields }.answer()
}

/// The page of `web_message`: data, and a script that never changes and hands the data over.
#[derive(Template)]
#[template(path = "authentication/authorize/web_message.html")]
struct WebMessage<'a> {
    /// JSON that is safe in a script.
    message: &'a str,
    origin: &'a str,
}

/// The SHA-256 of the page's one script.
const POST_HASH: &str = "2JmrrLTbqUUmITbSf+hhxK+7V+UtwYVuwiCBmE7I5fE=";

/// A page that hands the fields to the window that opened or framed it, if that is at `origin`. It lives in a frame,
/// so nothing here forbids frames.
pub(super) fn web_message(origin: &str, fields: &Fields) -> Result<Response, Failure> {
    let response: Map<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), typed(name, value))).collect();
    let message = json_in_script(&json!({ "type": "authorization_response", "response": response }))?;
    let page = WebMessage { message: &message, origin }.render();
    let page = page.map_err(|error| Failure::new(format!("render a web message: {error}")))?;
    Ok((page_headers(&script_policy(POST_HASH)), Html(page)).into_response())
}

/// In a message numbers are numbers.
fn typed(name: &str, value: &str) -> Value {
    match (name, value.parse::<i64>()) {
        ("expires_in", Ok(seconds)) => seconds.into(),
        _ => value.into(),
    }
}

/// As the real service writes it: a space is `%20`.
fn encoded(fields: &Fields) -> String {
    let pairs = fields.iter().map(|(name, value)| (*name, value));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().replace('+', "%20")
}

/// 302, never kept.
pub(crate) fn redirect(location: &str) -> Result<Response, Failure> {
    let header = HeaderValue::try_from(location).ok().filter(|_| location.is_ascii());
    let header = header.or_else(|| HeaderValue::try_from(Url::parse(location).ok()?.as_str()).ok());
    let header = header.ok_or_else(|| Failure::new("redirect to an address that no header can hold"))?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::FOUND, [(LOCATION, header), (CACHE_CONTROL, no_store)]).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::digest;

    fn location(response: Result<Response, Failure>) -> String {
        response.unwrap().headers()[LOCATION].to_str().unwrap().to_owned()
    }

    #[test]
    fn fields_join_the_address_where_the_mode_says() {
        let fields = [("code", "a+b".to_owned()), ("state", "x y".to_owned())];
        assert_eq!(location(query("https://a.example/cb", &fields)), "https://a.example/cb?code=a%2Bb&state=x%20y");
        assert_eq!(location(query("https://a.example/cb?p=1", &fields[1..])), "https://a.example/cb?p=1&state=x%20y");
        assert_eq!(location(fragment("com.acme.app://cb", &fields[1..])), "com.acme.app://cb#state=x%20y");
    }

    #[test]
    fn response_types_are_sets_of_three_words() {
        assert!(response_type("code id_token token").is_some_and(|asked| asked.code && asked.token && asked.id_token));
        for wrong in ["", "code code", "code,token", "none", "code "] {
            assert_eq!(response_type(wrong), None, "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_web_message_goes_to_its_origin_alone_and_may_stand_in_a_frame() {
        let fields = [("code", "c".to_owned()), ("state", "</script><script>".to_owned())];
        let response = web_message("https://app.example", &fields).unwrap();
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(!policy.contains("frame-ancestors") && !response.headers().contains_key("x-frame-options"));
        let html = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let html = String::from_utf8(html.to_vec()).unwrap();
        assert!(html.contains(r#"data-origin="https://app.example""#), "{html}");
        assert!(html.contains(r#""response":{"code":"c","state":"\u003c/script\u003e\u003cscript\u003e"}"#), "{html}");
        let script = html.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
        let hash = digest::base64(&digest::sha256(script.as_bytes()));
        assert_eq!((hash.as_str(), policy.contains(&hash)), (POST_HASH, true));
    }
}
