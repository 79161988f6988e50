//! The kinds of connections: what is told apart by a connection's `strategy`.
//! Source: spec/profile.md §3 and §4, spec/universal-login.md (`data-provider`).

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

/// A connection's strategy; also the `provider` of the identities it brings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Strategy(&'static Facts);

/// What is known about a strategy.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Facts {
    name: &'static str,
    kind: Kind,
    /// Ids are unique only inside one connection, so its name stands in them: `oidc|CONN|id`.
    ids_carry_connection: bool,
    /// `data-provider` of its button on the login page, where it isn't the name.
    data_provider: &'static str,
    /// What its button says after "Continue with", unless the connection has a display name.
    label: &'static str,
}

/// How a person signs in with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Database,
    Passwordless,
    Social,
    Enterprise,
}

const fn facts(
    name: &'static str,
    kind: Kind,
    ids_carry_connection: bool,
    data_provider: &'static str,
    label: &'static str,
) -> Facts {
    Facts { name, kind, ids_carry_connection, data_provider, label }
}

const AUTH0: Facts = facts("auth0", Kind::Database, false, "auth0", "Username-Password");
const GOOGLE_OAUTH2: Facts = facts("google-oauth2", Kind::Social, false, "google", "Google");
const FACEBOOK: Facts = facts("facebook", Kind::Social, false, "facebook", "Facebook");
const GITHUB: Facts = facts("github", Kind::Social, false, "github", "GitHub");
const LINKEDIN: Facts = facts("linkedin", Kind::Social, false, "linkedin", "LinkedIn");
const WINDOWSLIVE: Facts = facts("windowslive", Kind::Social, false, "windowslive", "Microsoft Account");
const APPLE: Facts = facts("apple", Kind::Social, false, "apple", "Apple");
const OIDC: Facts = facts("oidc", Kind::Enterprise, true, "oidc", "OpenID Connect");

/// Every strategy whose normalization is known.
const ALL: &[Facts] = &[
    AUTH0,
    facts("email", Kind::Passwordless, false, "email", "Email"),
    facts("sms", Kind::Passwordless, false, "sms", "SMS"),
    GOOGLE_OAUTH2,
    FACEBOOK,
    LINKEDIN,
    WINDOWSLIVE,
    GITHUB,
    APPLE,
    facts("twitter", Kind::Social, false, "twitter", "Twitter"),
    facts("oauth2", Kind::Social, true, "oauth2", "OAuth2"),
    OIDC,
    facts("okta", Kind::Enterprise, true, "okta", "Okta"),
    facts("ad", Kind::Enterprise, true, "ad", "Active Directory"),
    facts("adfs", Kind::Enterprise, true, "adfs", "ADFS"),
    facts("samlp", Kind::Enterprise, true, "samlp", "SAML"),
    facts("pingfederate", Kind::Enterprise, true, "pingfederate", "PingFederate"),
    facts("waad", Kind::Enterprise, false, "waad", "Microsoft Entra ID"),
    facts("google-apps", Kind::Enterprise, false, "google-apps", "Google Workspace"),
];

impl Strategy {
    pub(crate) const AUTH0: Self = Self(&AUTH0);
    pub(crate) const GOOGLE_OAUTH2: Self = Self(&GOOGLE_OAUTH2);
    pub(crate) const FACEBOOK: Self = Self(&FACEBOOK);
    pub(crate) const GITHUB: Self = Self(&GITHUB);
    pub(crate) const LINKEDIN: Self = Self(&LINKEDIN);
    pub(crate) const WINDOWSLIVE: Self = Self(&WINDOWSLIVE);
    pub(crate) const APPLE: Self = Self(&APPLE);
    pub(crate) const OIDC: Self = Self(&OIDC);

    /// The strategy of that name; `None` when it isn't known here.
    pub(crate) fn of(name: &str) -> Option<Self> {
        ALL.iter().find(|facts| facts.name == name).map(Self)
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|facts| facts.name)
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.0.name
    }

    pub(crate) fn kind(self) -> Kind {
        self.0.kind
    }

    pub(crate) fn is_database(self) -> bool {
        self.0.kind == Kind::Database
    }

    /// Whether the tenant itself keeps the accounts: of databases, and of passwordless connections.
    pub(crate) fn keeps_accounts(self) -> bool {
        matches!(self.0.kind, Kind::Database | Kind::Passwordless)
    }

    /// Whether people type their password on our own page, and the connection asks somebody else about it.
    pub(crate) fn has_own_form(self) -> bool {
        self.0.name == "ad"
    }

    /// Whether its upstream is a SAML identity provider.
    pub(crate) fn is_saml(self) -> bool {
        matches!(self.0.name, "samlp" | "pingfederate")
    }

    pub(crate) fn is_social(self) -> bool {
        self.0.kind == Kind::Social
    }

    pub(crate) fn data_provider(self) -> &'static str {
        self.0.data_provider
    }

    pub(crate) fn label(self) -> &'static str {
        self.0.label
    }

    /// The id of an identity, from the connection's name and the id that the provider gave.
    pub(crate) fn identity_id(self, connection: &str, id: &str) -> String {
        if self.0.ids_carry_connection { format!("{connection}|{id}") } else { id.to_owned() }
    }
}

impl fmt::Debug for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl Serialize for Strategy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}

impl<'de> Deserialize<'de> for Strategy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::of(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown strategy {name}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_are_the_strategies_they_name() {
        assert_eq!(Strategy::AUTH0.as_str(), "auth0");
        assert_eq!(Strategy::GOOGLE_OAUTH2.as_str(), "google-oauth2");
        assert_eq!(Strategy::FACEBOOK.as_str(), "facebook");
        assert_eq!(Strategy::GITHUB.as_str(), "github");
        assert_eq!(Strategy::LINKEDIN.as_str(), "linkedin");
        assert_eq!(Strategy::WINDOWSLIVE.as_str(), "windowslive");
        assert_eq!(Strategy::APPLE.as_str(), "apple");
        assert_eq!(Strategy::OIDC.as_str(), "oidc");
    }

    #[test]
    fn ids_carry_the_connection_where_they_are_unique_only_there() {
        assert_eq!(Strategy::GOOGLE_OAUTH2.identity_id("google-oauth2", "1"), "1");
        assert_eq!(Strategy::of("oidc").unwrap().identity_id("acme-oidc", "1"), "acme-oidc|1");
    }
}
