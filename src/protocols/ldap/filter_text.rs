//! Filters from text: `(&(objectClass=user)(cn=A*\2a))`. Source: RFC 4515.

use crate::protocols::ldap::filter::Assertion;
use crate::protocols::ldap::filter::Bounds;
use crate::protocols::ldap::filter::Extensible;
use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::filter::Substrings;

/// Why a text is no filter, and from which byte on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {at} of the filter")]
pub(crate) struct FilterTextError {
    pub(crate) at: usize,
    pub(crate) reason: &'static str,
}

impl std::str::FromStr for Filter {
    type Err = FilterTextError;

    /// Parses a filter; the outermost parentheses may be missing, as in `cn=a`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parser = Parser { bytes: text.as_bytes(), at: 0, bounds: Bounds::new() };
        let filter = if parser.peek() == Some(b'(') { parser.filter()? } else { parser.bare()? };
        match parser.peek() {
            None => Ok(filter),
            Some(_) => Err(parser.error("something follows the end")),
        }
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    bounds: Bounds,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error(&self, reason: &'static str) -> FilterTextError {
        FilterTextError { at: self.at + 1, reason }
    }

    fn expect(&mut self, byte: u8, otherwise: &'static str) -> Result<(), FilterTextError> {
        if self.peek() != Some(byte) {
            return Err(self.error(otherwise));
        }
        self.at += 1;
        Ok(())
    }

    /// What comes up to one of the `ends`, which stays.
    fn until(&mut self, ends: &[u8]) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| ends.contains(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// The name of an attribute or a matching rule, or nothing; spaces around it don't count.
    fn word(&mut self) -> Result<&'a str, FilterTextError> {
        let start = self.at;
        let word = self.until(b"=<>~:()*\\");
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-.;_ ".contains(byte);
        match word.iter().position(|byte| !allowed(byte)) {
            None => Ok(std::str::from_utf8(word).unwrap_or_default().trim_matches(' ')),
            Some(place) => {
                self.at = start + place;
                Err(self.error("a character that no name of an attribute or rule has"))
            }
        }
    }

    fn filter(&mut self) -> Result<Filter, FilterTextError> {
        self.expect(b'(', "an opening parenthesis is missing")?;
        let filter = self.bare()?;
        self.expect(b')', "a closing parenthesis is missing")?;
        Ok(filter)
    }

    fn bare(&mut self) -> Result<Filter, FilterTextError> {
        self.bounds.enter().ok_or_else(|| self.error("too many or too deep parts"))?;
        let filter = match self.peek() {
            Some(b'&') => Filter::And(self.list()?),
            Some(b'|') => Filter::Or(self.list()?),
            Some(b'!') => {
                self.at += 1;
                Filter::Not(Box::new(self.filter()?))
            }
            _ => self.item()?,
        };
        self.bounds.leave();
        Ok(filter)
    }

    fn list(&mut self) -> Result<Vec<Filter>, FilterTextError> {
        self.at += 1;
        let mut parts = Vec::new();
        while self.peek() == Some(b'(') {
            parts.push(self.filter()?);
        }
        Ok(parts)
    }

    fn item(&mut self) -> Result<Filter, FilterTextError> {
        let start = self.at;
        let attribute = self.word()?.to_owned();
        let operator = self.peek();
        if operator == Some(b':') {
            return self.extensible(attribute);
        }
        if attribute.is_empty() {
            self.at = start;
            return Err(self.error("an attribute is missing"));
        }
        if operator != Some(b'=') {
            self.at += usize::from(matches!(operator, Some(b'<' | b'>' | b'~')));
        }
        self.expect(b'=', "no `=`, `>=`, `<=`, `~=` or `:=` follows the attribute")?;
        match operator {
            Some(b'>') => Ok(Filter::GreaterOrEqual(Assertion { attribute, value: self.value()? })),
            Some(b'<') => Ok(Filter::LessOrEqual(Assertion { attribute, value: self.value()? })),
            Some(b'~') => Ok(Filter::Approximate(Assertion { attribute, value: self.value()? })),
            _ => self.equality(attribute),
        }
    }

    /// A value without `*`.
    fn value(&mut self) -> Result<Vec<u8>, FilterTextError> {
        let mut value = Vec::new();
        loop {
            value.extend_from_slice(self.until(b"\\*()\0"));
            match self.peek() {
                Some(b'\\') => value.push(self.escaped()?),
                Some(b'*' | b'(' | 0) => return Err(self.error("a character that must be escaped")),
                _ => return Ok(value),
            }
        }
    }

    fn escaped(&mut self) -> Result<u8, FilterTextError> {
        let digit = |place| self.bytes.get(self.at + place).and_then(|byte| char::from(*byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(1), digit(2)) else {
            return Err(self.error("a backslash without two hexadecimal digits"));
        };
        self.at += 3;
        Ok(u8::try_from(high << 4 | low).unwrap_or_default())
    }

    /// `=value`, `=*` or `=a*b*c`.
    fn equality(&mut self, attribute: String) -> Result<Filter, FilterTextError> {
        let mut pieces = Vec::new();
        loop {
            let mut piece = Vec::new();
            loop {
                piece.extend_from_slice(self.until(b"\\*()\0"));
                match self.peek() {
                    Some(b'\\') => piece.push(self.escaped()?),
                    Some(b'(' | 0) => return Err(self.error("a character that must be escaped")),
                    _ => break,
                }
            }
            pieces.push(piece);
            if self.peek() != Some(b'*') {
                break;
            }
            self.at += 1;
            self.bounds.enter().ok_or_else(|| self.error("too many or too deep parts"))?;
            self.bounds.leave();
        }
        Ok(of_pieces(attribute, pieces))
    }

    /// `:dn:rule:=value`, each of the first two perhaps absent.
    fn extensible(&mut self, attribute: String) -> Result<Filter, FilterTextError> {
        let mut read =
            Extensible { attribute: Some(attribute).filter(|name| !name.is_empty()), ..Extensible::default() };
        loop {
            self.expect(b':', "no `:=` follows the attribute or rule")?;
            if self.peek() == Some(b'=') {
                break;
            }
            let word = self.word()?;
            match word {
                "" => return Err(self.error("a matching rule is missing")),
                _ if read.rule.is_some() => return Err(self.error("no `:=` follows the matching rule")),
                _ if word.eq_ignore_ascii_case("dn") && !read.dn_attributes => read.dn_attributes = true,
                _ => read.rule = Some(word.to_owned()),
            }
        }
        if read.attribute.is_none() && read.rule.is_none() {
            return Err(self.error("neither an attribute nor a matching rule"));
        }
        self.at += 1;
        read.value = self.value()?;
        Ok(Filter::Extensible(read))
    }
}

/// What the pieces between asterisks mean.
fn of_pieces(attribute: String, mut pieces: Vec<Vec<u8>>) -> Filter {
    let some = |piece: Vec<u8>| Some(piece).filter(|piece| !piece.is_empty());
    let last = pieces.pop().unwrap_or_default();
    if pieces.is_empty() {
        return Filter::Equality(Assertion { attribute, value: last });
    }
    let initial = some(pieces.remove(0));
    let any: Vec<_> = pieces.into_iter().filter_map(some).collect();
    let last = some(last);
    if initial.is_none() && any.is_empty() && last.is_none() {
        return Filter::Present(attribute);
    }
    Filter::Substrings(Substrings { attribute, initial, any, last })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::ldap::filter::MOST_DEPTH;

    /// A filter reads and prints as expected, and what is printed reads as the same.
    #[track_caller]
    fn check(text: &str, printed: &str) {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.to_string(), printed, "{filter:?}");
        assert_eq!(printed.parse(), Ok(filter));
    }

    #[track_caller]
    fn check_refused(text: &str, at: usize, reason: &str) {
        let error = text.parse::<Filter>().unwrap_err();
        assert_eq!((error.at, error.reason), (at, reason), "{text}");
    }

    #[test]
    fn filters_of_the_rfc_read_and_print() {
        for text in [
            "(cn=Babs Jensen)",
            "(!(cn=Tim Howes))",
            "(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))",
            "(o=univ*of*mich*)",
            "(seeAlso=)",
            "(cn:caseExactMatch:=Fred Flintstone)",
            "(cn:=Betty Rubble)",
            "(sn:dn:2.4.6.8.10:=Barney Rubble)",
            "(o:dn:=Ace Industry)",
            "(:1.2.3:=Wilma Flintstone)",
            "(:dn:2.4.6.8.10:=Dino)",
            "(o=Parens R Us \\28for all your parenthetical needs\\29)",
            "(cn=*\\2a*)",
            "(filename=C:\\5cMyFile)",
            "(bin=\\00\\00\\00\\04)",
            "(1.3.6.1.4.1.1466.0=\\04\\02Hi)",
            "(cn=*)",
            "(a>=5)",
            "(a<=5)",
            "(a~=5)",
            "(&)",
            "(|)",
            "(userAccountControl:1.2.840.113556.1.4.803:=2)",
            "(objectGUID=\\b1\\f5\\00)",
            "(cn=a=b:c<d>e~f)",
            "(sn=Lučić)",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn what_people_write_reads_too() {
        check("cn=a", "(cn=a)");
        check("&(a=1)(b=2)", "(&(a=1)(b=2))");
        check("(cn=**a**)", "(cn=*a*)");
        check("(cn=**)", "(cn=*)");
        check("(sn=Lu\\c4\\8di\\c4\\87)", "(sn=Lučić)");
        check("(cn=a\\28\\29\\2A)", "(cn=a\\28\\29\\2a)");
    }

    #[test]
    fn what_is_no_filter_is_told_with_its_place() {
        check_refused("", 1, "an attribute is missing");
        check_refused("(cn=a", 6, "a closing parenthesis is missing");
        check_refused("(cn=a))", 7, "something follows the end");
        check_refused("(cn)", 4, "no `=`, `>=`, `<=`, `~=` or `:=` follows the attribute");
        check_refused("(=a)", 2, "an attribute is missing");
        check_refused("(cn=a(b)", 6, "a character that must be escaped");
        check_refused("(cn=a\\2)", 6, "a backslash without two hexadecimal digits");
        check_refused("(cn>=a*)", 7, "a character that must be escaped");
        check_refused("(!cn=a)", 3, "an opening parenthesis is missing");
        check_refused("(cn::=a)", 5, "a matching rule is missing");
        check_refused("(:=a)", 3, "neither an attribute nor a matching rule");
        check_refused("(:dn:=a)", 6, "neither an attribute nor a matching rule");
        check_refused("(c\u{c}n=a)", 3, "a character that no name of an attribute or rule has");
        check_refused("(cn:a|b:=a)", 6, "a character that no name of an attribute or rule has");
        check_refused("(cn=a\0b)", 6, "a character that must be escaped");
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}(cn=a){}", "(!".repeat(depth), ")".repeat(depth));
        check(&nested(MOST_DEPTH - 1), &nested(MOST_DEPTH - 1));
        assert!(nested(MOST_DEPTH).parse::<Filter>().is_err());
        assert!(nested(100_000).parse::<Filter>().is_err());
        assert!(format!("(|{})", "(a=1)".repeat(10_000)).parse::<Filter>().is_err());
        assert!(format!("(a={})", "*a".repeat(10_000)).parse::<Filter>().is_err());
    }
}
