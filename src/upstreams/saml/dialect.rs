//! How corporate providers word a person: names of attributes, and what name identifiers are. Source: spec/upstreams.md §7;
//! spec/profile.md §6.

use crate::protocols::saml::names::attribute_name_format;
use crate::protocols::saml::names::name_id_format;
use crate::upstreams::saml::provider::Person;

/// Whose words a provider uses for people that are made up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// URIs of claims; AD FS words them alike.
    #[default]
    Entra,
    Okta,
    OneLogin,
    /// Object identifiers.
    Shibboleth,
    SimpleSamlPhp,
}

/// Somebody, in plain words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) name: String,
    pub(crate) email: String,
}

/// A dialect's words: user name, address, given, family and whole name.
type Words = [&'static str; 5];

const ENTRA: Words = [
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
];
const OKTA: Words = ["login", "email", "firstName", "lastName", "displayName"];
const ONE_LOGIN: Words = ["User.Username", "User.email", "User.FirstName", "User.LastName", "User.DisplayName"];
const SHIBBOLETH: Words = [
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.6",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:2.5.4.42",
    "urn:oid:2.5.4.4",
    "urn:oid:2.16.840.1.113730.3.1.241",
];
const SIMPLE_SAML_PHP: Words = ["uid", "mail", "givenName", "sn", "displayName"];

/// What object identifiers are called (RFC 4519, eduPerson).
const FRIENDLY: [(&str, &str); 10] = [
    ("urn:oid:0.9.2342.19200300.100.1.1", "uid"),
    ("urn:oid:0.9.2342.19200300.100.1.3", "mail"),
    ("urn:oid:2.5.4.3", "cn"),
    ("urn:oid:2.5.4.4", "sn"),
    ("urn:oid:2.5.4.42", "givenName"),
    ("urn:oid:2.16.840.1.113730.3.1.241", "displayName"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "eduPersonAffiliation"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "eduPersonScopedAffiliation"),
    ("urn:oid:1.3.6.1.4.1.5923.1.5.1.1", "isMemberOf"),
];

impl Dialect {
    pub(crate) const ALL: [(Self, &str); 5] = [
        (Self::Entra, "entra"),
        (Self::Okta, "okta"),
        (Self::OneLogin, "onelogin"),
        (Self::Shibboleth, "shibboleth"),
        (Self::SimpleSamlPhp, "simplesamlphp"),
    ];

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(dialect, known)| (known == name).then_some(dialect))
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find_map(|(dialect, name)| (dialect == self).then_some(name)).unwrap_or_default()
    }

    /// The words for user name, address, given, family and whole name.
    pub(crate) fn words(self) -> [&'static str; 5] {
        match self {
            Self::Entra => ENTRA,
            Self::Okta => OKTA,
            Self::OneLogin => ONE_LOGIN,
            Self::Shibboleth => SHIBBOLETH,
            Self::SimpleSamlPhp => SIMPLE_SAML_PHP,
        }
    }

    /// Somebody in its words, known by the address.
    pub(crate) fn person(self, plain: &Plain) -> Person {
        let login = match self {
            Self::SimpleSamlPhp => plain.email.split('@').next().unwrap_or_default(),
            _ => &plain.email,
        };
        let values = [login, &plain.email, &plain.given_name, &plain.family_name, &plain.name];
        let attributes = self.words().into_iter().zip(values).filter(|(_, value)| !value.is_empty());
        Person {
            id: plain.email.clone(),
            format: Some(name_id_format::EMAIL_ADDRESS.to_owned()),
            attributes: attributes.map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).collect(),
        }
    }
}

/// What kind of name an attribute has: names with a colon are URIs.
pub(super) fn name_format(name: &str) -> &'static str {
    if name.contains(':') { attribute_name_format::URI } else { attribute_name_format::BASIC }
}

/// What an object identifier is called.
pub(super) fn friendly_name(name: &str) -> Option<&'static str> {
    FRIENDLY.into_iter().find_map(|(oid, friendly)| (oid == name).then_some(friendly))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_worded_as_their_provider_words_them() {
        let plain = Plain {
            given_name: "Ana".to_owned(),
            family_name: "Ruiz".to_owned(),
            name: "Ana Ruiz".to_owned(),
            email: "ana@corp.example".to_owned(),
        };
        let check = |dialect: &str, attribute: &str, expected: &str| {
            let person = Dialect::of(dialect).unwrap().person(&plain);
            assert_eq!((person.label(), person.email()), ("Ana Ruiz", Some("ana@corp.example")), "{dialect}");
            let found = person.attributes.iter().find(|(name, _)| name == attribute);
            assert_eq!(found.unwrap().1, [expected], "{dialect} {attribute}");
        };
        check("entra", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "Ruiz");
        check("okta", "firstName", "Ana");
        check("onelogin", "User.LastName", "Ruiz");
        check("shibboleth", "urn:oid:2.5.4.42", "Ana");
        check("simplesamlphp", "uid", "ana");
        assert_eq!(Dialect::of("other"), None);
    }
}
