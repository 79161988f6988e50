//! What all spellings of a value have in common: values are compared, sorted and indexed by it.

use std::str::FromStr as _;

use crate::protocols::ldap::dn::Dn;
use crate::protocols::ldap::dn::prepared;
use crate::upstreams::active_directory::identifiers::Sid;
use crate::upstreams::active_directory::identifiers::parse_generalized_time;
use crate::upstreams::active_directory::identifiers::parse_guid;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::Syntax;

/// The key of a value; `None` when it is not a value of that syntax.
pub(crate) fn of(attribute: AttributeId, value: &[u8]) -> Option<Vec<u8>> {
    let text = || std::str::from_utf8(value).ok();
    match attribute.syntax() {
        Syntax::Text | Syntax::Oid => text().map(|text| prepared(text).into_owned().into_bytes()),
        Syntax::Integer => text()?.trim().parse::<i32>().ok().map(|number| of_number(number.into())),
        Syntax::LargeInteger => text()?.trim().parse().ok().map(of_number),
        Syntax::Boolean => match text()?.trim() {
            "TRUE" => Some(vec![1]),
            "FALSE" => Some(vec![0]),
            _ => None,
        },
        Syntax::Time => parse_generalized_time(text()?).map(|at| of_number(at.millis())),
        Syntax::Name => Dn::from_str(text()?).ok().map(|name| name.key().into_bytes()),
        Syntax::Octets => Some(value.to_owned()),
        Syntax::Sid => Sid::from_bytes(value).map(|_| value.to_owned()),
    }
}

/// The key of a value in a filter, where identifiers may also be text.
pub(crate) fn asserted(attribute: AttributeId, value: &[u8]) -> Option<Vec<u8>> {
    let text = || std::str::from_utf8(value).ok();
    match attribute.syntax() {
        Syntax::Sid => of(attribute, value).or_else(|| Sid::parse(text()?).map(|sid| sid.to_bytes())),
        Syntax::Octets if attribute.name() == "objectGUID" && value.len() != 16 => {
            text().and_then(parse_guid).map(Vec::from)
        }
        Syntax::Boolean => of(attribute, &value.to_ascii_uppercase()),
        _ => of(attribute, value),
    }
}

/// Numbers are in order as bytes.
fn of_number(number: i64) -> Vec<u8> {
    (number ^ i64::MIN).to_be_bytes().to_vec()
}

/// Where a name is in the tree: its steps from the root down. What is below an entry begins with its place and a NUL.
pub(crate) fn place(name: &Dn) -> String {
    let steps: Vec<_> = name.rdns().iter().rev().map(|rdn| rdn.key().replace('\0', "\\00")).collect();
    steps.join("\0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(attribute: &str, one: &str, other: &str, expected: bool) {
        let attribute = AttributeId::named(attribute).unwrap();
        let keys = (of(attribute, one.as_bytes()), of(attribute, other.as_bytes()));
        assert!(keys.0.is_some() && (keys.0 == keys.1) == expected, "{keys:?}");
    }

    #[test]
    fn values_are_the_same_whatever_their_spelling() {
        same("cn", "John  Doe ", "john doe", true);
        same("cn", "John Doe", "JohnDoe", false);
        same("manager", "CN=A, DC=b", "cn=a,dc=B", true);
        same("groupType", "010", "10", true);
        same("unicodePwd", "a", "A", false);
        same("whenCreated", "20240102030405.0Z", "20240102030405Z", true);
    }

    #[test]
    fn numbers_are_in_order() {
        let key = |number: &str| of(AttributeId::named("pwdLastSet").unwrap(), number.as_bytes()).unwrap();
        assert!(key("-2") < key("-1") && key("-1") < key("0") && key("0") < key("9223372036854775807"));
        assert_eq!(of(AttributeId::named("groupType").unwrap(), b"x"), None);
    }

    #[test]
    fn identifiers_may_be_text_in_filters() {
        let guid = AttributeId::named("objectGUID").unwrap();
        assert_eq!(asserted(guid, b"f511b1d1-bf4c-4a6b-a07d-f43e9ebd3ccf").unwrap().len(), 16);
        assert_eq!(asserted(AttributeId::named("objectSid").unwrap(), b"S-1-5-32").unwrap().len(), 12);
    }
}
