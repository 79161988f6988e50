//! The formats that texts in bodies may have to be of. Their names are the real service's; what exactly each admits is
//! not documented, so these refuse only what could not be meant (unverified).

use url::Url;

use crate::domain::profile::database;
use crate::domain::url_rules::check_url_to_save;
use crate::management::schema::Kind;

/// Text of any length.
pub(super) const ANY: Kind = Kind::Text(0, usize::MAX);
/// Text that is not empty.
pub(super) const SOME: Kind = Kind::Text(1, usize::MAX);

pub(super) const EMAIL: Kind = Kind::Format("email", database::is_email);
pub(super) const URI: Kind = Kind::Format("strict-uri", is_web_address);
pub(super) const URL: Kind = Kind::Format("url", is_web_address);
pub(super) const URL_OR_NULL: Kind = Kind::Format("url-or-null", is_web_address);
pub(super) const URI_OR_EMPTY: Kind =
    Kind::Format("absolute-uri-or-empty", |text| text.is_empty() || is_web_address(text));
pub(super) const HTTPS_OR_EMPTY: Kind =
    Kind::Format("absolute-https-uri-or-empty", |text| text.is_empty() || is_https(text));
pub(super) const HTTPS_PATTERN_OR_EMPTY: Kind =
    Kind::Format("absolute-https-uri-with-placeholders-or-empty", |text| text.is_empty() || is_https(text));
/// A callback: of any scheme but those that run as scripts.
pub(super) const CALLBACK: Kind = Kind::Format("callback-url", |text| check_url_to_save(text).is_ok());
/// A URL where `*` and `{organization_name}` may stand for something.
pub(super) const URL_PATTERN: Kind =
    Kind::Format("url-with-placeholders", |text| check_url_to_save(text).is_ok() && text.contains("://"));
pub(super) const CLIENT_ID: Kind =
    Kind::Format("client-id", |text| !text.is_empty() && !text.contains(char::is_whitespace));
pub(super) const REALM: Kind = Kind::Format("connection-realm", |text| !text.is_empty());
pub(super) const DATE_TIME: Kind = Kind::Format("date-time", |text| crate::time::Timestamp::parse(text).is_some());
pub(super) const ORGANIZATION_ID: Kind = Kind::Format("organization-id", |text| text.starts_with("org_"));

pub(super) const PHONE: Kind = Kind::Pattern(r"^\+[0-9]{1,15}$", is_phone_number);
/// No tags in names.
pub(super) const NAME: Kind = Kind::Pattern("^[^<>]+$", |text| !text.is_empty() && !text.contains(['<', '>']));
/// No white space.
pub(super) const WORD: Kind = Kind::Pattern(r"^\S*$", |text| !text.contains(char::is_whitespace));

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.has_host())
}

fn is_https(text: &str) -> bool {
    text.starts_with("https://") && is_web_address(&text.replace(['{', '}', '*'], "x"))
}

fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, text: &str, expected: bool) {
        let (Kind::Format(_, fits) | Kind::Pattern(_, fits)) = kind else { panic!("no format") };
        assert_eq!(fits(text), expected, "{kind:?} {text}");
    }

    #[test]
    fn each_format_takes_what_it_is_for() {
        check(PHONE, "+4930123456", true);
        check(PHONE, "4930123456", false);
        check(PHONE, "+1234567890123456", false);
        check(CALLBACK, "com.acme.app://callback", true);
        check(CALLBACK, "javascript:alert(1)", false);
        check(URL_PATTERN, "http://localhost:*/*", true);
        check(URL_PATTERN, "https://*.acme.example", true);
        check(URL_PATTERN, "acme.example", false);
        check(HTTPS_PATTERN_OR_EMPTY, "https://{organization_name}.acme.example/login", true);
        check(HTTPS_PATTERN_OR_EMPTY, "http://acme.example/login", false);
        check(URI, "https://img.example/a.png", true);
        check(URI, "a.png", false);
        check(NAME, "<script>", false);
    }
}
