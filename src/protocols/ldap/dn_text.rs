//! Names of entries from text. Source: RFC 4514 §3; spaces around separators and `;` for `,` as RFC 2253 §4 has them.

use std::str::FromStr;

use crate::protocols::ldap::ber;
use crate::protocols::ldap::ber::Reader;
use crate::protocols::ldap::dn::Dn;
use crate::protocols::ldap::dn::Rdn;
use crate::protocols::ldap::dn::RdnPart;

/// How many steps a name may have.
const MOST_RDNS: usize = 128;

/// Why a text is no name, and from which byte on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {at} of the name")]
pub(crate) struct DnError {
    pub(crate) at: usize,
    pub(crate) reason: &'static str,
}

impl FromStr for Dn {
    type Err = DnError;

    fn from_str(text: &str) -> Result<Self, DnError> {
        let mut parser = Parser { bytes: text.as_bytes(), at: 0 };
        let mut rdns = Vec::new();
        parser.spaces();
        if parser.peek().is_none() {
            return Ok(Self { rdns });
        }
        loop {
            if rdns.len() == MOST_RDNS {
                return Err(parser.error("too many parts"));
            }
            rdns.push(parser.rdn()?);
            match parser.peek() {
                None => return Ok(Self { rdns }),
                Some(_) => parser.at += 1, // The value ended at a separator.
            }
        }
    }
}

impl FromStr for Rdn {
    type Err = DnError;

    fn from_str(text: &str) -> Result<Self, DnError> {
        let mut parser = Parser { bytes: text.as_bytes(), at: 0 };
        let rdn = parser.rdn()?;
        if parser.peek().is_some() { Err(parser.error("more than one part")) } else { Ok(rdn) }
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error(&self, reason: &'static str) -> DnError {
        DnError { at: self.at + 1, reason }
    }

    fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn rdn(&mut self) -> Result<Rdn, DnError> {
        let mut parts = vec![self.part()?];
        while self.peek() == Some(b'+') {
            self.at += 1;
            parts.push(self.part()?);
        }
        Ok(Rdn { parts })
    }

    fn part(&mut self) -> Result<RdnPart, DnError> {
        self.spaces();
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)) {
            self.at += 1;
        }
        let attribute = self.bytes.get(start..self.at).unwrap_or_default();
        let attribute = String::from_utf8_lossy(attribute).into_owned();
        if attribute.is_empty() {
            return Err(self.error("an attribute is missing"));
        }
        self.spaces();
        if self.peek() != Some(b'=') {
            return Err(self.error("no `=` follows the attribute"));
        }
        self.at += 1;
        self.spaces();
        let value = match self.peek() {
            Some(b'#') => self.hexadecimal()?,
            Some(b'"') => self.quoted()?,
            _ => self.value()?,
        };
        Ok(RdnPart { attribute, value })
    }

    fn value(&mut self) -> Result<String, DnError> {
        let mut value = Vec::new();
        // Up to here the value is kept; what comes after are spaces that may turn out to be at the end.
        let mut kept = 0;
        while let Some(byte) = self.peek() {
            match byte {
                b',' | b';' | b'+' => break,
                b'"' | b'<' | b'>' | 0 => return Err(self.error("a character that must be escaped")),
                b'\\' => {
                    value.push(self.escaped()?);
                    kept = value.len();
                    continue;
                }
                _ => value.push(byte),
            }
            self.at += 1;
            if byte != b' ' {
                kept = value.len();
            }
        }
        value.truncate(kept);
        self.text(value)
    }

    /// `"…"`, as RFC 2253 §4 has it.
    fn quoted(&mut self) -> Result<String, DnError> {
        self.at += 1;
        let mut value = Vec::new();
        loop {
            match self.peek() {
                None => return Err(self.error("a closing quotation mark is missing")),
                Some(b'\\') => value.push(self.escaped()?),
                Some(b'"') => break,
                Some(byte) => {
                    value.push(byte);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        self.end()?;
        self.text(value)
    }

    /// `#` and the value's BER in hexadecimal digits; a string, since names here have no others.
    fn hexadecimal(&mut self) -> Result<String, DnError> {
        let problem = self.error("`#` without the BER of a string in hexadecimal digits");
        self.at += 1;
        let mut bytes = Vec::new();
        while let Some(byte) = self.pair() {
            bytes.push(byte);
        }
        self.end()?;
        let mut reader = Reader::new(&bytes);
        // OCTET STRING, UTF8String, PrintableString and IA5String.
        let read = reader.any().ok().filter(|(tag, _)| [ber::OCTET_STRING, 0x0c, 0x13, 0x16].contains(tag));
        let (_, content) = read.filter(|_| reader.is_empty()).ok_or(problem)?;
        self.text(content.to_owned())
    }

    /// A backslash and what it escapes: a special character itself, or a byte in two hexadecimal digits.
    fn escaped(&mut self) -> Result<u8, DnError> {
        let problem = self.error("a backslash before something that can't be escaped");
        self.at += 1;
        match self.peek() {
            Some(special) if b" \"#+,;<=>\\".contains(&special) => {
                self.at += 1;
                Ok(special)
            }
            _ => self.pair().ok_or(problem),
        }
    }

    /// Two hexadecimal digits.
    fn pair(&mut self) -> Option<u8> {
        let digit = |place| self.bytes.get(place).and_then(|byte| char::from(*byte).to_digit(16));
        let byte = u8::try_from(digit(self.at)? << 4 | digit(self.at + 1)?).ok()?;
        self.at += 2;
        Some(byte)
    }

    fn end(&mut self) -> Result<(), DnError> {
        self.spaces();
        match self.peek() {
            None | Some(b',' | b';' | b'+') => Ok(()),
            Some(_) => Err(self.error("something follows the value")),
        }
    }

    fn text(&self, bytes: Vec<u8>) -> Result<String, DnError> {
        String::from_utf8(bytes).map_err(|_| self.error("a value that is not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name reads and prints as expected, and what is printed is the same name.
    #[track_caller]
    fn check(text: &str, printed: &str) {
        let dn: Dn = text.parse().unwrap();
        assert_eq!(dn.to_string(), printed);
        assert_eq!(printed.parse(), Ok(dn));
    }

    #[test]
    fn names_of_the_rfc_read_and_print() {
        for text in [
            "",
            "UID=jsmith,DC=example,DC=net",
            "OU=Sales+CN=J.  Smith,DC=example,DC=net",
            "CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net",
            "CN=Before\\0DAfter,DC=example,DC=net",
            "CN=Lučić",
            "CN=\\ two  ends\\ ",
            "CN=\\#1",
            "CN=",
        ] {
            check(text, text);
        }
        check("1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=Hi");
        check("CN=Lu\\C4\\8Di\\C4\\87", "CN=Lučić");
    }

    #[test]
    fn older_spellings_read_too() {
        check(" CN = a b  ; DC = x ", "CN=a b,DC=x");
        check("CN=\"a, b\" ,DC=x", "CN=a\\, b,DC=x");
        check("CN=a=b", "CN=a\\=b");
        check("CN=a\\ ,DC=x", "CN=a\\ ,DC=x");
    }

    #[test]
    fn what_is_no_name_is_told_with_its_place() {
        for (text, at, reason) in [
            ("jdoe", 5, "no `=` follows the attribute"),
            ("CN=a,", 6, "an attribute is missing"),
            (",CN=a", 1, "an attribute is missing"),
            ("CN=a,,DC=x", 6, "an attribute is missing"),
            ("CN=a\\", 5, "a backslash before something that can't be escaped"),
            ("CN=a\\zz", 5, "a backslash before something that can't be escaped"),
            ("CN=a\"", 5, "a character that must be escaped"),
            ("CN=\"a", 6, "a closing quotation mark is missing"),
            ("CN=\"a\"b", 7, "something follows the value"),
            ("CN=#0402", 4, "`#` without the BER of a string in hexadecimal digits"),
            ("CN=\\ff", 7, "a value that is not UTF-8"),
        ] {
            assert_eq!(text.parse::<Dn>(), Err(DnError { at, reason }), "{text}");
        }
        assert!("DC=a,".repeat(200).parse::<Dn>().is_err());
    }

    #[test]
    fn case_spaces_order_and_names_of_attributes_make_no_difference() {
        let dn = |text: &str| text.parse::<Dn>().unwrap();
        assert_eq!(dn("cn=John  DOE, dc=Acme"), dn("2.5.4.3=john doe,DC=acme"));
        assert_eq!(dn("CN=a+OU=b"), dn("ou=B+cn=A"));
        assert_ne!(dn("CN=a\\,CN=b"), dn("CN=a,CN=b"));
        assert_eq!(dn("CN=Ärger").key(), "cn=ärger");
        assert_eq!(dn("CN=a\\,b+OU=c,DC=x").key(), "cn=a\\2cb+ou=c,dc=x");
    }

    #[test]
    fn a_name_is_within_itself_and_what_is_above_it() {
        let dn = |text: &str| text.parse::<Dn>().unwrap();
        let (leaf, base) = (dn("CN=a,OU=b,DC=x"), dn("ou=B,dc=X"));
        assert!(leaf.is_within(&base) && base.is_within(&base) && leaf.is_within(&Dn::default()));
        assert!(!base.is_within(&leaf) && !dn("CN=a,OU=bb,DC=x").is_within(&base));
        assert_eq!(leaf.parent(), Some(base.clone()));
        assert_eq!(base.child(Rdn::new("CN", "A")), leaf);
        assert_eq!((Dn::default().parent(), Dn::default().is_root()), (None, true));
    }
}
