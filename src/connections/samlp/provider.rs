//! Who the identity provider of a connection is: as its options say, as metadata says, or the embedded fake.
//! Source: spec/enterprise.md §3.2.

use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::metadata;
use crate::connections::redirect::RelyingParty;
use crate::domain::connection::Connection;
use crate::http::outgoing::Place;
use crate::keys::x509::Certificate;
use crate::protocols::saml::metadata::Endpoint;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::names::binding;

/// An identity provider.
#[derive(Clone, Debug, Default)]
pub(super) struct Provider {
    /// Where it is known: then nothing that another one issued is taken.
    pub(super) entity_id: Option<String>,
    pub(super) sign_in: String,
    /// Where sessions end; where there is nothing for it, at the same place (spec/enterprise.md §3.2).
    pub(super) sign_out: String,
    /// Where answers to its own logout requests go.
    pub(super) sign_out_answers: String,
    /// What it signs with.
    pub(super) certificates: Vec<Certificate>,
}

impl Provider {
    /// The provider of the connection: what its options name beats what its metadata says. A connection that names none
    /// is one of the embedded fake with the connection's own name.
    pub(super) async fn of(party: RelyingParty<'_>) -> Result<Self, ConnectionError> {
        let connection = party.connection;
        let wanted = wanted_binding(connection);
        let told = match (option(connection, "metadataXml"), option(connection, "metadataUrl")) {
            (Some(xml), _) => Some(xml.to_owned()),
            // When it was imported, the options have it all.
            (None, Some(url)) if !names_itself(connection) => {
                Some(metadata::fetch(party.outgoing, Place::Outside, "saml", url).await?)
            }
            (None, None) if !names_itself(connection) => {
                let url = format!("{}/{}/metadata", party.base("saml"), connection.name);
                Some(metadata::fetch(party.outgoing, Place::Embedded, "saml", &url).await?)
            }
            _ => None,
        };
        let mut provider = match told {
            Some(xml) => Self::of_metadata(&xml, wanted).map_err(ConnectionError::Misconfigured)?,
            None => Self::default(),
        };
        if let Some(url) = sign_in_option(connection) {
            provider.sign_in = url;
        }
        if let Some(url) = option(connection, "signOutEndpoint") {
            url.clone_into(&mut provider.sign_out);
            url.clone_into(&mut provider.sign_out_answers);
        }
        if let Some(text) = certificate_option(connection) {
            let read = Certificate::from_text(text);
            let wrong = |error: &dyn std::fmt::Display| ConnectionError::Misconfigured(format!("signingCert: {error}"));
            let read = read.map_err(|error| wrong(&error))?;
            if !provider.certificates.contains(&read) {
                provider.certificates.push(read);
            }
        }
        provider.checked()
    }

    fn checked(mut self) -> Result<Self, ConnectionError> {
        if self.sign_in.is_empty() {
            return Err(ConnectionError::Misconfigured("it has no signInEndpoint".to_owned()));
        }
        if self.certificates.is_empty() {
            return Err(ConnectionError::Misconfigured("it has no signingCert".to_owned()));
        }
        for place in [&mut self.sign_out, &mut self.sign_out_answers] {
            if place.is_empty() {
                place.clone_from(&self.sign_in);
            }
        }
        Ok(self)
    }

    /// What metadata says of the identity provider in it; endpoints with the wanted binding come first.
    ///
    /// # Errors
    /// Why it can't be used, in words.
    pub(super) fn of_metadata(xml: &str, wanted: &str) -> Result<Self, String> {
        let entities = Entity::read_all(xml).map_err(|error| error.to_string())?;
        let mut found = entities.into_iter().filter_map(|entity| Some((entity.entity_id, entity.identity_provider?)));
        let (entity_id, idp) = found.next().ok_or("the metadata describes no identity provider")?;
        if found.next().is_some() {
            return Err("the metadata describes several identity providers".to_owned());
        }
        let place = |endpoints: &[Endpoint], answers: bool| {
            let found = Endpoint::with_binding(endpoints, wanted).or(endpoints.first());
            let location = found.map(|endpoint| match &endpoint.response_location {
                Some(location) if answers => location.clone(),
                _ => endpoint.location.clone(),
            });
            location.unwrap_or_default()
        };
        Ok(Self {
            entity_id: Some(entity_id),
            sign_in: place(&idp.single_sign_on, false),
            sign_out: place(&idp.role.single_logout, false),
            sign_out_answers: place(&idp.role.single_logout, true),
            certificates: idp.role.signing,
        })
    }
}

/// The binding of requests (`protocolBinding`).
pub(super) fn wanted_binding(connection: &Connection) -> &'static str {
    match option(connection, "protocolBinding") {
        Some(binding::POST) => binding::POST,
        _ => binding::REDIRECT,
    }
}

/// A text of the options that isn't empty.
pub(super) fn option<'a>(connection: &'a Connection, name: &str) -> Option<&'a str> {
    connection.text_option(name).filter(|text| !text.is_empty())
}

fn sign_in_option(connection: &Connection) -> Option<String> {
    let of_ping = |base: &str| format!("{}/idp/SSO.saml2", base.trim_end_matches('/'));
    option(connection, "signInEndpoint")
        .map(str::to_owned)
        .or_else(|| option(connection, "pingFederateBaseUrl").map(of_ping))
}

fn certificate_option(connection: &Connection) -> Option<&str> {
    option(connection, "signingCert").or_else(|| option(connection, "cert"))
}

/// Whether somebody else's server must be asked who the provider is.
pub(crate) fn asks_outside(connection: &Connection) -> bool {
    let is_told = option(connection, "metadataXml").is_some() || names_itself(connection);
    !is_told && (option(connection, "metadataUrl").is_some() || connection.upstream_url.is_some())
}

fn names_itself(connection: &Connection) -> bool {
    sign_in_option(connection).is_some() && certificate_option(connection).is_some()
}

/// Whether an option is one that [`Value::Null`] or an empty text would unset.
pub(super) fn is_set(value: Option<&Value>) -> bool {
    value.is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
}
