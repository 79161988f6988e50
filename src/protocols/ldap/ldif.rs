//! LDIF: entries as text, for a directory's fixture. Source: RFC 2849.
//!
//! Content only: change records, controls and values from other files are refused. UTF-8 may stand unencoded, as
//! OpenLDAP's tools allow it. Everything has its place in the file, and all mistakes are told at once.

use base64::DecodeError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::protocols::ldap::ldif_lines;
use crate::protocols::ldap::ldif_lines::Line;
use crate::protocols::ldap::ldif_lines::Position;

/// An entry as it is written down. Attributes are not grouped: one with two values is there twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LdifEntry {
    pub(crate) dn: String,
    /// Where the name is.
    pub(crate) at: Position,
    pub(crate) values: Vec<LdifValue>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LdifValue {
    /// The attribute, options included: `userCertificate;binary`.
    pub(crate) attribute: String,
    pub(crate) value: Vec<u8>,
    /// Where the attribute is.
    pub(crate) at: Position,
    /// Where the value begins.
    pub(crate) value_at: Position,
}

/// A mistake and its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}: {reason}", at.line, at.column)]
pub(crate) struct LdifError {
    pub(crate) at: Position,
    pub(crate) reason: String,
}

/// Reads a file of entries.
///
/// # Errors
/// Every mistake that was found, in the order of the file; there is at least one.
pub(crate) fn read(text: &str) -> Result<Vec<LdifEntry>, Vec<LdifError>> {
    let mut reading = Reading::default();
    for line in ldif_lines::lines(text) {
        match line {
            Ok(line) if line.text.is_empty() => reading.end_entry(),
            Ok(line) => reading.line(&line),
            Err(at) => reading.mistake(at, "a continuation of nothing: the line begins with a space"),
        }
    }
    reading.end_entry();
    if reading.mistakes.is_empty() { Ok(reading.entries) } else { Err(reading.mistakes) }
}

#[derive(Default)]
struct Reading {
    entries: Vec<LdifEntry>,
    entry: Option<LdifEntry>,
    /// What is left of an entry whose beginning made no sense is passed over.
    skipping: bool,
    begun: bool,
    mistakes: Vec<LdifError>,
}

impl Reading {
    fn mistake(&mut self, at: Position, reason: impl Into<String>) {
        self.mistakes.push(LdifError { at, reason: reason.into() });
    }

    fn end_entry(&mut self) {
        self.skipping = false;
        self.entries.extend(self.entry.take());
    }

    fn line(&mut self, line: &Line) {
        if self.skipping {
            return;
        }
        let first = !std::mem::replace(&mut self.begun, true);
        let value = match value(line) {
            Ok(value) => value,
            Err(mistake) => {
                self.mistakes.push(mistake);
                self.skipping = self.entry.is_none();
                return;
            }
        };
        let name = value.attribute.to_ascii_lowercase();
        match (self.entry.as_mut(), name.as_str()) {
            (None, "version") if first => self.version(&value),
            (None, "dn") => self.begin(value),
            (None, _) => {
                self.mistake(value.at, format!("an entry begins with `dn:`, not with `{}:`", value.attribute));
                self.skipping = true;
            }
            (Some(_), "dn") => self.mistake(value.at, "a second `dn:`: an empty line is missing between entries"),
            (Some(_), "changetype" | "control") => {
                self.mistake(
                    value.at,
                    format!("`{}:` makes this a change, and only entries are read", value.attribute),
                );
                self.skipping = true;
            }
            (Some(entry), _) => entry.values.push(value),
        }
    }

    fn version(&mut self, value: &LdifValue) {
        if value.value != b"1" {
            self.mistake(value.value_at, "the version of LDIF is 1");
        }
    }

    fn begin(&mut self, value: LdifValue) {
        if let Ok(dn) = String::from_utf8(value.value) {
            self.entry = Some(LdifEntry { dn, at: value.value_at, values: Vec::new() });
        } else {
            self.mistake(value.value_at, "the name is not UTF-8");
            self.skipping = true;
        }
    }
}

/// `attribute: value` or `attribute:: base64`.
fn value(line: &Line) -> Result<LdifValue, LdifError> {
    let mistake = |byte, reason: String| LdifError { at: line.position(byte), reason };
    let Some((attribute, rest)) = line.text.split_once(':') else {
        return Err(mistake(0, "no `:` follows the attribute".to_owned()));
    };
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-.;_".contains(character);
    if let Some((byte, character)) = attribute.char_indices().find(|(_, character)| !allowed(*character)) {
        return Err(mistake(byte, format!("{character:?} in the name of an attribute")));
    }
    if attribute.is_empty() {
        return Err(mistake(0, "an attribute is missing before `:`".to_owned()));
    }
    let encoded = rest.strip_prefix(':');
    let text = encoded.unwrap_or(rest).trim_start_matches(' ');
    let start = line.text.len() - text.len();
    if encoded.is_none() && rest.starts_with('<') {
        let reason = "values from elsewhere (`:<`) are not read: write the value in base64 after `::`";
        return Err(mistake(attribute.len() + 1, reason.to_owned()));
    }
    let value = match encoded {
        None => text.as_bytes().to_owned(),
        Some(_) => STANDARD.decode(text.trim_end_matches(' ')).map_err(|error| match error {
            DecodeError::InvalidByte(byte, symbol) => {
                mistake(start + byte, format!("not base64: {:?}", char::from(symbol)))
            }
            _ => mistake(start, "not base64: its end is wrong".to_owned()),
        })?,
    };
    let attribute = attribute.to_owned();
    Ok(LdifValue { attribute, value, at: line.position(0), value_at: line.position(start) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each entry as `dn: attribute=value …`.
    fn shown(text: &str) -> Vec<String> {
        let shown = |entry: LdifEntry| {
            let value = |value: &LdifValue| format!("{}={}", value.attribute, String::from_utf8_lossy(&value.value));
            let values: Vec<_> = entry.values.iter().map(value).collect();
            format!("{}: {}", entry.dn, values.join(" "))
        };
        read(text).unwrap().into_iter().map(shown).collect()
    }

    fn mistakes(text: &str) -> Vec<String> {
        read(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn entries_of_the_rfc_are_read() {
        let text = "version: 1\n\
            # A comment,\n  which goes on\n\
            dn:cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com\n\
            objectclass: top\nobjectclass:person\ncn:  Barbara Jensen\n\
            description:Babs is a big sailing fan, and travels exten\n sively in search of\n  perfect sailing conditions.\n\
            title:\n\n\n\
            dn:: Y249R2VybiBKZW5zZW4sZGM9YWlyaXVz\r\nsn;lang-de:: SmVu\r\n c2Vu\r\ncn: Žofie\r\n";
        assert_eq!(
            shown(text),
            [
                "cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com: objectclass=top objectclass=person \
                 cn=Barbara Jensen description=Babs is a big sailing fan, and travels extensively in search of perfect \
                 sailing conditions. title=",
                "cn=Gern Jensen,dc=airius: sn;lang-de=Jensen cn=Žofie",
            ]
        );
        assert!(shown("").is_empty() && shown("version: 1\n\n# nothing\n").is_empty());
    }

    #[test]
    fn values_know_their_place() {
        let entries = read("# first\ndn: cn=a\ndescr\n iption: ab\n\ndn: cn=b\n").unwrap();
        let value = &entries[0].values[0];
        assert_eq!(entries[0].at, Position { line: 2, column: 5 });
        assert_eq!(value.at, Position { line: 3, column: 1 });
        assert_eq!(value.value_at, Position { line: 4, column: 10 });
        assert_eq!(entries[1].at, Position { line: 6, column: 5 });
    }

    #[test]
    fn mistakes_are_told_all_at_once_with_their_places() {
        let text = " x\ndn: cn=a\ncn a\nc n: a\njpeg:: QU\n  J?\nphoto:< file:///etc/passwd\n: v\ndn: cn=b\n\n\
            cn: no name\nsn: passed over\n\ndn:: /w==\ncn: c\n\ndn: cn=d\nchangetype: modify\nreplace: cn\n-\n";
        assert_eq!(
            mistakes(text),
            [
                "1:1: a continuation of nothing: the line begins with a space",
                "3:1: no `:` follows the attribute",
                "4:2: ' ' in the name of an attribute",
                "6:4: not base64: '?'",
                "7:7: values from elsewhere (`:<`) are not read: write the value in base64 after `::`",
                "8:1: an attribute is missing before `:`",
                "9:1: a second `dn:`: an empty line is missing between entries",
                "11:1: an entry begins with `dn:`, not with `cn:`",
                "14:6: the name is not UTF-8",
                "18:1: `changetype:` makes this a change, and only entries are read",
            ]
        );
        assert_eq!(mistakes("version: 2\n"), ["1:10: the version of LDIF is 1"]);
    }
}
