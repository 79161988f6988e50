//! Names of entries: `CN=John Doe,OU=Sales,DC=acme,DC=example`. Source: RFC 4514; RFC 4518 for what is the same name.

use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;

/// The name of an entry, leaf first. The empty one is the root's.
///
/// It keeps the spelling that it was read with; names are the same when they differ in case or in insignificant spaces
/// only.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dn {
    pub(super) rdns: Vec<Rdn>,
}

/// One step of a name: commonly one attribute and its value, but there may be several, in any order.
#[derive(Debug, Clone)]
pub(crate) struct Rdn {
    pub(crate) parts: Vec<RdnPart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RdnPart {
    pub(crate) attribute: String,
    pub(crate) value: String,
}

/// Attributes that names may give by their OIDs or long names. Source: RFC 4514 §3, RFC 4519.
const ALIASES: &[(&str, &[&str])] = &[
    ("cn", &["2.5.4.3", "commonname"]),
    ("l", &["2.5.4.7", "localityname"]),
    ("st", &["2.5.4.8", "stateorprovincename"]),
    ("o", &["2.5.4.10", "organizationname"]),
    ("ou", &["2.5.4.11", "organizationalunitname"]),
    ("c", &["2.5.4.6", "countryname"]),
    ("street", &["2.5.4.9", "streetaddress"]),
    ("dc", &["0.9.2342.19200300.100.1.25", "domaincomponent"]),
    ("uid", &["0.9.2342.19200300.100.1.1", "userid"]),
];

impl Dn {
    pub(crate) fn is_root(&self) -> bool {
        self.rdns.is_empty()
    }

    /// The steps, leaf first.
    pub(crate) fn rdns(&self) -> &[Rdn] {
        &self.rdns
    }

    /// The leaf's step.
    pub(crate) fn rdn(&self) -> Option<&Rdn> {
        self.rdns.first()
    }

    /// The name without its leaf; the root has none.
    pub(crate) fn parent(&self) -> Option<Self> {
        let (_, rest) = self.rdns.split_first()?;
        Some(Self { rdns: rest.to_vec() })
    }

    /// The name of what is `rdn` directly below this.
    pub(crate) fn child(&self, rdn: Rdn) -> Self {
        let mut rdns = vec![rdn];
        rdns.extend_from_slice(&self.rdns);
        Self { rdns }
    }

    /// What all spellings of the name have in common, for comparing, sorting and looking up.
    ///
    /// An entry is below another exactly when its key ends with `,` and the other's key (or the other's is empty): commas
    /// within values are escaped otherwise.
    pub(crate) fn key(&self) -> String {
        let keys: Vec<_> = self.rdns.iter().map(Rdn::key).collect();
        keys.join(",")
    }

    /// Whether this is `base` or below it.
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        let Some(above) = self.rdns.len().checked_sub(base.rdns.len()) else { return false };
        self.rdns.iter().skip(above).zip(&base.rdns).all(|(own, theirs)| own == theirs)
    }
}

impl PartialEq for Dn {
    fn eq(&self, other: &Self) -> bool {
        self.rdns == other.rdns
    }
}

impl Eq for Dn {}

impl Rdn {
    /// One attribute and its value.
    pub(crate) fn new(attribute: &str, value: &str) -> Self {
        Self { parts: vec![RdnPart { attribute: attribute.to_owned(), value: value.to_owned() }] }
    }

    /// What all spellings have in common.
    pub(crate) fn key(&self) -> String {
        let mut parts: Vec<_> = self.parts.iter().map(RdnPart::key).collect();
        parts.sort_unstable();
        parts.join("+")
    }
}

impl PartialEq for Rdn {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Rdn {}

impl RdnPart {
    fn key(&self) -> String {
        let attribute = self.attribute.to_lowercase();
        let alias = ALIASES.iter().find(|(_, aliases)| aliases.contains(&attribute.as_str()));
        let mut key = alias.map_or(attribute, |(name, _)| (*name).to_owned());
        key.push('=');
        for character in prepared(&self.value).chars() {
            match character {
                ',' | '+' | '=' | '\\' => {
                    let _ = write!(key, "\\{:02x}", u32::from(character));
                }
                _ => key.push(character),
            }
        }
        key
    }
}

/// A value as comparisons that ignore case see it: lower case, no spaces at either end, single ones within.
pub(crate) fn prepared(value: &str) -> Cow<'_, str> {
    let plain = |byte: &u8| byte.is_ascii() && !byte.is_ascii_uppercase() && *byte != b' ';
    if value.as_bytes().iter().all(plain) {
        return Cow::Borrowed(value);
    }
    let words: Vec<_> = value.split(' ').filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" ").to_lowercase())
}

impl fmt::Display for Dn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, rdn) in self.rdns.iter().enumerate() {
            let separator = if place == 0 { "" } else { "," };
            write!(f, "{separator}{rdn}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Rdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.parts.iter().enumerate() {
            let separator = if place == 0 { "" } else { "+" };
            write!(f, "{separator}{}={}", part.attribute, escape(&part.value))?;
        }
        Ok(())
    }
}

/// Escapes a value for its place in a name. Source: RFC 4514 §2.4.
pub(crate) fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    let end = value.len().saturating_sub(1);
    for (place, character) in value.char_indices() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' | '=' => escaped.extend(['\\', character]),
            ' ' if place == 0 || place == end => escaped.push_str("\\ "),
            '#' if place == 0 => escaped.push_str("\\#"),
            _ if character.is_ascii_control() => {
                let _ = write!(escaped, "\\{:02X}", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}
