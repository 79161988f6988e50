//! Filters as text, and values escaped for them. Source: RFC 4515 §3.

use std::fmt;
use std::fmt::Write as _;

use crate::protocols::ldap::filter::Assertion;
use crate::protocols::ldap::filter::Extensible;
use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::filter::Substrings;

/// Escapes a value for its place in a filter, so that whatever it says stays a value.
///
/// Escaped are `*`, `(`, `)`, `\`, NUL and everything that is not printable ASCII or not UTF-8.
pub(crate) fn escape(value: &[u8]) -> String {
    let mut escaped = String::with_capacity(value.len());
    let readable = |byte: u8| (byte == b' ' || byte.is_ascii_graphic()) && !b"*()\\".contains(&byte);
    for chunk in value.utf8_chunks() {
        for character in chunk.valid().chars() {
            match u8::try_from(character) {
                Ok(byte) if byte.is_ascii() && !readable(byte) => {
                    let _ = write!(escaped, "\\{byte:02x}");
                }
                _ => escaped.push(character),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(escaped, "\\{byte:02x}");
        }
    }
    escaped
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, sign, parts: &[Self]| {
            write!(f, "({sign}")?;
            parts.iter().try_for_each(|part| write!(f, "{part}"))?;
            f.write_str(")")
        };
        let item = |f: &mut fmt::Formatter<'_>, sign, assertion: &Assertion| {
            write!(f, "({}{sign}{})", assertion.attribute, escape(&assertion.value))
        };
        match self {
            Self::And(parts) => list(f, '&', parts),
            Self::Or(parts) => list(f, '|', parts),
            Self::Not(part) => write!(f, "(!{part})"),
            Self::Equality(assertion) => item(f, "=", assertion),
            Self::GreaterOrEqual(assertion) => item(f, ">=", assertion),
            Self::LessOrEqual(assertion) => item(f, "<=", assertion),
            Self::Approximate(assertion) => item(f, "~=", assertion),
            Self::Present(attribute) => write!(f, "({attribute}=*)"),
            Self::Substrings(substrings) => write_substrings(f, substrings),
            Self::Extensible(extensible) => write_extensible(f, extensible),
        }
    }
}

fn write_substrings(f: &mut fmt::Formatter<'_>, substrings: &Substrings) -> fmt::Result {
    let piece = |piece: &Option<Vec<u8>>| escape(piece.as_deref().unwrap_or_default());
    write!(f, "({}={}*", substrings.attribute, piece(&substrings.initial))?;
    substrings.any.iter().try_for_each(|any| write!(f, "{}*", escape(any)))?;
    write!(f, "{})", piece(&substrings.last))
}

fn write_extensible(f: &mut fmt::Formatter<'_>, extensible: &Extensible) -> fmt::Result {
    write!(f, "({}", extensible.attribute.as_deref().unwrap_or_default())?;
    if extensible.dn_attributes {
        f.write_str(":dn")?;
    }
    if let Some(rule) = &extensible.rule {
        write!(f, ":{rule}")?;
    }
    write!(f, ":={})", escape(&extensible.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::ldap::filter::Assertion;

    #[test]
    fn an_escaped_value_stays_a_value() {
        for (value, escaped) in [
            (&b"jdoe"[..], "jdoe"),
            (b"*", "\\2a"),
            (b"a)(uid=*))(|(uid=*", "a\\29\\28uid=\\2a\\29\\29\\28|\\28uid=\\2a"),
            (b"ACME\\jdoe", "ACME\\5cjdoe"),
            (b"a\0b\n", "a\\00b\\0a"),
            (b"\xb1\xf5\x01", "\\b1\\f5\\01"),
            ("Žofie".as_bytes(), "Žofie"),
        ] {
            assert_eq!(escape(value), escaped);
            let read = format!("(uid={escaped})").parse();
            assert_eq!(read, Ok(Filter::Equality(Assertion { attribute: "uid".to_owned(), value: value.to_vec() })));
        }
    }
}
