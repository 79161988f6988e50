//! The formats that texts in bodies may have to be of. Their names are the real service's; what exactly each admits is
//! not documented, so these refuse only what could not be meant (unverified).

use url::Url;

use crate::domain::profile::database;
use crate::management::schema::kind::Kind;

/// Text that is not empty.
pub(super) const SOME: Kind = Kind::Text(1, usize::MAX);

pub(super) const EMAIL: Kind = Kind::Format("email", database::is_email);
pub(super) const URI: Kind = Kind::Format("strict-uri", is_web_address);

pub(super) const PHONE: Kind = Kind::Pattern(r"^\+[0-9]{1,15}$", is_phone_number);
pub(super) const CONNECTION_ID: Kind = Kind::Pattern("^con_[A-Za-z0-9]{16}$", is_connection_id);
/// No white space.
pub(super) const WORD: Kind = Kind::Pattern(r"^\S*$", |text| !text.contains(char::is_whitespace));

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.has_host())
}

pub(super) fn is_connection_id(text: &str) -> bool {
    let rest = text.strip_prefix("con_").unwrap_or_default();
    rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
        check(URI, "https://img.example/a.png", true);
        check(URI, "a.png", false);
        check(CONNECTION_ID, "con_AbCdEfGh12345678", true);
        check(CONNECTION_ID, "con_1", false);
    }
}
