//! Secrets are not shown. What stands for one tells whether two are the same: `***#` and the beginning of a hash.

use aws_lc_rs::digest;
use axum::http::HeaderName;
use axum::http::header;
use serde_json::Map;
use serde_json::Value;
use url::form_urlencoded;

/// Parameters, members of JSON and fields of forms whose values open something, with underscores for hyphens.
const SECRETS: &[&str] = &[
    "access_token",
    "actor_token",
    "appsecret_proof",
    "assertion",
    "auth_req_id",
    "authorization",
    "binding_code",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "fb_exchange_token",
    "id_token",
    "id_token_hint",
    "input_token",
    "link_with",
    "login_ticket",
    "mfa_token",
    "new_password",
    "newpassword",
    "old_password",
    "oldpassword",
    "oob_code",
    "otp",
    "passwd",
    "password",
    "password_reset",
    "private_key",
    "re_enter_password",
    "recovery_code",
    "refresh_token",
    "samlresponse",
    "secret",
    "session_token",
    "signing_secret",
    "subject_token",
    "ticket",
    "token",
    "user_code",
    "verification_code",
    "wresult",
];

/// Headers that hold nothing but a secret.
const SECRET_HEADERS: &[&str] =
    &["api-key", "apikey", "dpop", "x-access-token", "x-api-key", "x-auth-token", "x-csrf-token", "x-session-token"];

/// How many times over an address may be encoded in another and still be read.
const DEEPEST: usize = 3;

/// What stands for a secret.
pub(crate) fn masked(secret: &str) -> String {
    let hash = digest::digest(&digest::SHA256, secret.as_bytes());
    let beginning = hash.as_ref().iter().take(3).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("***#{beginning:06x}")
}

/// Whether a parameter of that name opens something. The name may be encoded, and be of a group: `user[password]`.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = decoded(name).to_ascii_lowercase().replace('-', "_");
    let mut parts = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|part| !part.is_empty());
    parts.next_back().is_some_and(|last| SECRETS.contains(&last) || last.ends_with("_password"))
}

/// Text with its `%3D` and the like read; `+` stays.
fn decoded(encoded: &str) -> String {
    if !encoded.contains('%') {
        return encoded.to_owned();
    }
    let apart = encoded.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(apart.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

/// The value of a parameter as it may be shown.
pub(crate) fn parameter(name: &str, value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else if is_secret(name) {
        masked(value)
    } else {
        text(value)
    }
}

/// JSON as it may be shown.
pub(crate) fn json(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.into_iter().map(member).collect::<Map<_, _>>()),
        Value::Array(items) => items.into_iter().map(json).collect(),
        Value::String(plain) => text(&plain).into(),
        other => other,
    }
}

fn member((name, value): (String, Value)) -> (String, Value) {
    let shown = match value {
        Value::String(ref plain) => parameter(&name, plain).into(),
        // A number named `code` is an error's, not a login's.
        Value::Number(number) if name == "code" => number.into(),
        Value::Null | Value::Bool(_) => value,
        other if is_secret(&name) => masked(&other.to_string()).into(),
        other => json(other),
    };
    (name, shown)
}

/// A header's value as it may be shown.
pub(crate) fn header(name: &HeaderName, value: &str) -> String {
    match *name {
        header::AUTHORIZATION | header::PROXY_AUTHORIZATION => match value.split_once(' ') {
            Some((scheme, credentials)) => format!("{scheme} {}", masked(credentials)),
            None => masked(value),
        },
        header::COOKIE => value.split("; ").map(cookie).collect::<Vec<_>>().join("; "),
        header::SET_COOKIE => match value.split_once(';') {
            Some((pair, attributes)) => format!("{};{attributes}", cookie(pair)),
            None => cookie(value),
        },
        header::LOCATION | header::REFERER => url(value),
        _ if SECRET_HEADERS.contains(&name.as_str()) || is_secret(name.as_str()) => masked(value),
        _ => text(value),
    }
}

fn cookie(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, "")) => format!("{name}="),
        Some((name, value)) => format!("{name}={}", masked(value)),
        None => masked(pair),
    }
}

/// An address, the secrets of its query and fragment masked.
pub(crate) fn url(address: &str) -> String {
    let (rest, fragment) = address.split_once('#').map_or((address, None), |(rest, after)| (rest, Some(after)));
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let mut shown = text(path);
    for (mark, part) in [('?', query), ('#', fragment)] {
        if let Some(part) = part {
            shown.push(mark);
            shown.push_str(&pairs(part));
        }
    }
    shown
}

/// `a=b&c=d`, the secrets masked, everything else as it was written.
fn pairs(written: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if is_secret(name) && !value.is_empty() => format!("{name}={}", masked(value)),
        _ => text(pair),
    };
    written.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// Text of any kind: whatever looks like a signed token in it is masked, and so are the values that follow the name of a
/// secret as they do in forms (`code=…`) and in JSON (`"code": "…"`), whole or cut off.
pub(crate) fn text(plain: &str) -> String {
    at_depth(plain, DEEPEST)
}

fn at_depth(plain: &str, depth: usize) -> String {
    tokens(&nested(&named(plain), depth))
}

/// Words that hold something encoded, such as an address within an address; what is encoded too deeply to be read is masked
/// whole.
fn nested(plain: &str, depth: usize) -> String {
    if !plain.contains('%') {
        return plain.to_owned();
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, '&' | '=' | '?' | '#' | ';' | ',' | '"' | '\'' | '<' | '>');
    let word = |piece: &str| {
        let end = piece.len() - piece.chars().next_back().filter(|c| ends(*c)).map_or(0, char::len_utf8);
        let (word, mark) = piece.split_at(end);
        let inner = decoded(word);
        if inner == word {
            return piece.to_owned();
        }
        let shown = if depth == 0 { masked(&inner) } else { at_depth(&inner, depth - 1) };
        if shown == inner {
            return piece.to_owned();
        }
        form_urlencoded::byte_serialize(shown.as_bytes()).chain([mark]).collect()
    };
    plain.split_inclusive(ends).map(word).collect()
}

/// The values that follow names of secrets.
fn named(plain: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '%' | '[' | ']');
    let mut shown = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (name, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        shown.push_str(before);
        shown.push_str(name);
        rest = after;
        let Some((mark, value)) = value_of(after).filter(|(_, value)| is_secret(name) && !value.is_empty()) else {
            continue;
        };
        shown.push_str(mark);
        shown.push_str(&masked(value));
        rest = after.split_at(mark.len() + value.len()).1;
    }
    shown.push_str(rest);
    shown
}

/// What stands between a name and its value, and the value: to the end of the parameter, or of the quoted text.
fn value_of(after: &str) -> Option<(&str, &str)> {
    if let Some(value) = after.strip_prefix('=') {
        let end = value.find(|c: char| matches!(c, '&' | '"' | '\'' | '<' | '#' | ';') || c.is_whitespace());
        return Some((after.split_at(1).0, value.split_at(end.unwrap_or(value.len())).0));
    }
    let rest = after.strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start();
    let quoted = rest.strip_prefix('"');
    let value = quoted.unwrap_or(rest);
    let mark = after.split_at(after.len() - value.len()).0;
    let mut escaped = false;
    let end = value.find(|c: char| {
        let ends = if quoted.is_some() { c == '"' && !escaped } else { matches!(c, ',' | '}' | ']') };
        escaped = c == '\\' && !escaped;
        ends
    });
    let value = value.split_at(end.unwrap_or(value.len())).0;
    (quoted.is_some() || value.trim().parse::<i64>().is_err()).then_some((mark, value))
}

/// Whatever looks like a signed token.
fn tokens(plain: &str) -> String {
    let mut shown = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(at) = rest.find("eyJ") {
        let (before, from) = rest.split_at(at);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        shown.push_str(before);
        if word.matches('.').count() >= 2 {
            shown.push_str(&masked(word));
        } else {
            shown.push_str(word);
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// A page: fields that hold secrets are masked.
pub(crate) fn html(page: &str) -> String {
    let mut shown = String::with_capacity(page.len());
    for (place, piece) in page.split("<input").enumerate() {
        if place == 0 {
            shown.push_str(&text(piece));
            continue;
        }
        shown.push_str("<input");
        let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
        let name = between(tag, "name=\"").unwrap_or_default();
        match between(tag, "value=\"").filter(|value| is_secret(name) && !value.is_empty()) {
            Some(value) => shown.push_str(&tag.replacen(value, &masked(value), 1)),
            None => shown.push_str(&text(tag)),
        }
        shown.push('>');
        shown.push_str(&text(after));
    }
    shown
}

fn between<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    tag.split_once(attribute)?.1.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let mask = masked("s3cret");
        assert_eq!(
            url("/cb?code=s3cret&state=x#access_token=s3cret"),
            format!("/cb?code={mask}&state=x#access_token={mask}")
        );
        assert_eq!(header(&header::AUTHORIZATION, "Bearer s3cret"), format!("Bearer {mask}"));
        assert_eq!(header(&header::COOKIE, "did=s3cret; a="), format!("did={mask}; a="));
        assert_eq!(header(&header::SET_COOKIE, "auth0=s3cret; Path=/"), format!("auth0={mask}; Path=/"));
        assert_eq!(
            json(json!({ "a": [{ "Password": "s3cret" }], "b": 1 })),
            json!({ "a": [{ "Password": mask }], "b": 1 })
        );
        let page = "<p>x</p><input type=\"hidden\" name=\"code\" value=\"s3cret\"><b>y</b>";
        assert_eq!(html(page), format!("<p>x</p><input type=\"hidden\" name=\"code\" value=\"{mask}\"><b>y</b>"));
        let jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln";
        assert_eq!(text(&format!("see {jwt}, eyJ")), format!("see {}, eyJ", masked(jwt)));
    }

    #[test]
    fn encoding_hides_no_secrets_from_the_mask() {
        for address in [
            "/authorize?client%5Fsecret=s3cret",
            "/cb?c%6Fde=s3cret&state=x",
            "/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb%3Fcode%3Ds3cret",
            "/a?to=%2Fb%3Fto%3D%252Fc%253Faccess_token%253Ds3cret",
            "/a?user[password]=s3cret&password%5B%5D=s3cret&new-password=s3cret",
        ] {
            let shown = [url(address), text(address), header(&header::REFERER, address)];
            assert!(shown.iter().all(|shown| !shown.contains("s3cret") && shown.contains("***")), "{shown:?}");
        }
        let plain = "/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&scope=openid%20a+b&x=100%";
        assert_eq!(url(plain), plain);
        let decoded = "http://localhost:3000/cb?code=s3cret";
        assert!(!parameter("redirect_uri", decoded).contains("s3cret"));
    }

    #[test]
    fn whatever_opens_something_is_a_secret() {
        for name in [
            "input_token",
            "fb_exchange_token",
            "appsecret_proof",
            "device_code",
            "user_code",
            "private_key",
            "session_token",
            "recovery_code",
            "oob_code",
            "binding_code",
            "passwd",
            "new-password",
            "Password[]",
            "user[password]",
            "password-reset",
            "re-enter-password",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["", "[]", "grant_type", "token_type", "code_challenge", "password_policy", "scope"] {
            assert!(!is_secret(name), "{name}");
        }
        for name in ["x-api-key", "x-auth-token", "dpop"] {
            assert_eq!(header(&HeaderName::from_static(name), "s3cret"), masked("s3cret"), "{name}");
        }
    }

    #[test]
    fn what_can_not_be_parsed_shows_no_secrets_either() {
        let mask = masked("s3cret");
        for (plain, expected) in [
            ("grant_type=password&password=s3cret&x=1", format!("grant_type=password&password={mask}&x=1")),
            (r#"{"a":1,"password" : "s3cret","#, format!(r#"{{"a":1,"password" : "{mask}","#)),
            (r#"{"client_secret":"s3cret"#, format!(r#"{{"client_secret":"{mask}"#)),
            (r#"{"error":{"code":190}}"#, r#"{"error":{"code":190}}"#.to_owned()),
            ("<a href=\"/cb?code=s3cret\">", format!("<a href=\"/cb?code={mask}\">")),
            ("your password is safe", "your password is safe".to_owned()),
        ] {
            assert_eq!(text(plain), expected);
        }
        let escaped = text(r#"{"password":"a\"s3cret"}"#);
        assert!(!escaped.contains("s3cret"), "{escaped}");
        let nested = json(json!({ "password": ["s3cret"], "code": 190, "token": null })).to_string();
        assert!(!nested.contains("s3cret") && nested.contains("190"), "{nested}");
    }

    #[test]
    fn what_stands_for_two_secrets_tells_whether_they_are_the_same() {
        assert_eq!(masked("a"), masked("a"));
        assert_ne!(masked("a"), masked("b"));
    }
}
