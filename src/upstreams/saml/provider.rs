//! A SAML identity provider: its names, its accounts, and who may ask it.

use std::sync::Arc;

use url::Url;

use crate::keys::x509::Certificate;
use crate::protocols::saml::names::name_id_format;
use crate::upstreams::saml::dialect::Dialect;
use crate::upstreams::saml::wrong::Wrong;

/// A provider.
#[derive(Clone, Debug, Default)]
pub(crate) struct IdentityProvider {
    /// In its addresses: letters, digits, hyphens.
    pub(crate) name: String,
    /// What it calls itself; else the address of its metadata.
    pub(crate) entity_id: Option<String>,
    pub(crate) signed: Signed,
    /// How people are worded that are made up.
    pub(crate) dialect: Dialect,
    pub(crate) accounts: Vec<Arc<Person>>,
    /// Who may ask; anybody when there are none.
    pub(crate) service_providers: Vec<ServiceProvider>,
    /// What every answer does wrong.
    pub(crate) wrong: Option<Wrong>,
}

/// What of an answer is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Signed {
    #[default]
    Assertion,
    Response,
    Both,
}

/// A service provider that is registered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ServiceProvider {
    pub(crate) entity_id: String,
    /// Where answers go (its assertion consumer service).
    pub(crate) acs: String,
    /// Where it hears that a person signs out.
    pub(crate) slo: Option<String>,
    /// By POST instead of a redirect.
    pub(crate) slo_by_post: bool,
    /// With what it signs; its requests must be signed then.
    pub(crate) certificate: Option<Certificate>,
    /// Its assertions are encrypted for its certificate.
    pub(crate) encrypt: bool,
}

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The name identifier, by which the account is known here.
    pub(crate) id: String,
    /// The name identifier's format.
    pub(crate) format: Option<String>,
    /// What is said of the person: names as they go out, values in order.
    pub(crate) attributes: Vec<(String, Vec<String>)>,
}

/// Names that display names and addresses go by.
const NAMES: [&str; 5] = [
    "displayName",
    "User.DisplayName",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    "urn:oid:2.16.840.1.113730.3.1.241",
];
const ADDRESSES: [&str; 5] = [
    "email",
    "mail",
    "User.email",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
];

/// Where the real service, as a service provider, takes answers, and where it hears of logouts
/// (spec/enterprise.md §3.1).
const CALLBACK: &str = "/login/callback";
const LOGOUT: &str = "/logout";

impl Signed {
    pub(crate) const ALL: [(Self, &str); 3] =
        [(Self::Assertion, "assertion"), (Self::Response, "response"), (Self::Both, "both")];

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(signed, known)| (known == name).then_some(signed))
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find_map(|(signed, name)| (signed == self).then_some(name)).unwrap_or_default()
    }
}

impl IdentityProvider {
    /// The account with this name identifier or e-mail address.
    pub(crate) fn account_called(&self, typed: &str) -> Option<&Arc<Person>> {
        let typed = typed.trim().to_lowercase();
        let is_called = |person: &&Arc<Person>| {
            [Some(&*person.id), person.email()].into_iter().flatten().any(|name| name.to_lowercase() == typed)
        };
        self.accounts.iter().find(is_called)
    }

    pub(crate) fn account(&self, id: &str) -> Option<&Arc<Person>> {
        self.accounts.iter().find(|person| person.id == id)
    }

    /// The role of its keys in a [`crate::keys::Keyring`].
    pub(crate) fn key_role(&self) -> String {
        format!("saml-{}", self.name)
    }

    /// What is registered of a service provider.
    pub(crate) fn registered(&self, entity_id: &str) -> Option<&ServiceProvider> {
        self.service_providers.iter().find(|known| known.entity_id == entity_id)
    }

    /// With what a service provider signs, as far as it is known.
    pub(crate) fn certificates_of(&self, entity_id: &str) -> Vec<Certificate> {
        let of_it = self.service_providers.iter().filter(|known| known.entity_id == entity_id);
        of_it.filter_map(|known| known.certificate.clone()).collect()
    }

    /// Where a service provider that takes answers at `acs` hears of logouts, and whether by POST: as it is registered, else at
    /// `/logout` if it is an Auth0 tenant.
    pub(crate) fn logout_of(&self, entity_id: &str, acs: &str) -> Option<(String, bool)> {
        let known = self.registered(entity_id);
        if let Some((slo, known)) = known.and_then(|known| Some((known.slo.clone()?, known))) {
            return Some((slo, known.slo_by_post));
        }
        let acs = known.map_or(acs, |known| &known.acs);
        let mut url = Url::parse(acs).ok().filter(|url| url.path() == CALLBACK)?;
        url.set_path(LOGOUT);
        url.set_query(None);
        Some((url.into(), false))
    }
}

impl Person {
    /// How the account chooser calls the person.
    pub(crate) fn label(&self) -> &str {
        self.first_of(&NAMES).or_else(|| self.email()).unwrap_or(&self.id)
    }

    pub(crate) fn email(&self) -> Option<&str> {
        let is_address = self.format.as_deref() == Some(name_id_format::EMAIL_ADDRESS);
        self.first_of(&ADDRESSES).or_else(|| is_address.then_some(&*self.id))
    }

    /// Whether an attribute is the person's address.
    pub(crate) fn is_address(name: &str) -> bool {
        ADDRESSES.contains(&name)
    }

    fn first_of(&self, names: &[&str]) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| names.contains(&name.as_str()))?;
        found.1.first().map(String::as_str)
    }
}
