//! Which token service a connection means: as its options say, as metadata says, or the embedded fake.
//! Source: spec/enterprise.md §5.1.

use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::metadata;
use crate::connections::redirect::RelyingParty;
use crate::domain::connection::Connection;
use crate::http::outgoing::Place;
use crate::keys::x509::Certificate;
use crate::protocols::wsfed::consume::carried_certificates;
use crate::protocols::wsfed::metadata::TokenService;

/// Where a token service publishes its metadata.
pub(super) const METADATA: &str = "/FederationMetadata/2007-06/FederationMetadata.xml";

/// Options that list what the service signs with, by thumbprint; the second those from before a change of keys.
const THUMBPRINTS: [&str; 2] = ["thumbprints", "prev_thumbprints"];

/// A token service.
#[derive(Clone, Debug, Default)]
pub(super) struct Provider {
    /// Where it is known: then nothing that another one issued is taken.
    pub(super) entity_id: Option<String>,
    /// Where browsers go.
    pub(super) passive: String,
    /// What it signs with, as its metadata says.
    certificates: Vec<Certificate>,
    /// The same as thumbprints, as the connection says.
    thumbprints: Vec<String>,
}

impl Provider {
    /// The service of the connection: what its options name beats what its metadata says. A connection that names none
    /// means the embedded fake.
    pub(super) async fn of(party: RelyingParty<'_>) -> Result<Self, ConnectionError> {
        let connection = party.connection;
        let thumbprints: Vec<_> = THUMBPRINTS.iter().flat_map(|name| listed(connection, name)).collect();
        let own = option(connection, "signInEndpoint");
        let told = match (option(connection, "fedMetadataXml"), option(connection, "adfs_server")) {
            (Some(xml), _) => Some(xml.to_owned()),
            // When it was imported, the options have it all.
            (None, Some(_)) if own.is_some() && !thumbprints.is_empty() => None,
            (None, Some(server)) => {
                let url = metadata_url(server);
                Some(metadata::fetch(party.outgoing, Place::Outside, "adfs", &url).await?)
            }
            (None, None) if own.is_none() => {
                let place = if connection.upstream_url.is_some() { Place::Outside } else { Place::Embedded };
                let url = format!("{}{METADATA}", party.base("adfs"));
                Some(metadata::fetch(party.outgoing, place, "adfs", &url).await?)
            }
            (None, None) => None,
        };
        let mut provider = Self { thumbprints, ..Self::default() };
        if let Some(xml) = told {
            let service =
                TokenService::read(&xml).map_err(|error| ConnectionError::Misconfigured(error.to_string()))?;
            provider.entity_id = Some(service.entity_id);
            provider.passive = service.passive;
            provider.certificates = service.signing;
        }
        if let Some(own) = own {
            own.clone_into(&mut provider.passive);
        }
        if provider.certificates.is_empty() && provider.thumbprints.is_empty() {
            return Err(ConnectionError::Misconfigured("it has no thumbprints".to_owned()));
        }
        Ok(provider)
    }

    /// Whose signature an answer may have: what it carries is known by its thumbprint.
    pub(super) fn trusted(&self, xml: &str) -> Vec<Certificate> {
        let carried = carried_certificates(xml).into_iter().filter_map(|text| Certificate::from_text(&text).ok());
        let known = carried.filter(|carried| self.thumbprints.contains(&carried.thumbprint()));
        self.certificates.iter().cloned().chain(known).collect()
    }

    pub(super) fn thumbprints(&self) -> Vec<String> {
        let mut all: Vec<_> = self.certificates.iter().map(Certificate::thumbprint).collect();
        all.extend(self.thumbprints.iter().cloned());
        all.dedup();
        all
    }
}

/// The address of metadata: `adfs_server` is it, or the name of the server.
pub(super) fn metadata_url(server: &str) -> String {
    match server.split_once("://") {
        Some((_, rest)) if rest.trim_end_matches('/').contains('/') => server.to_owned(),
        Some(_) => format!("{}{METADATA}", server.trim_end_matches('/')),
        None => format!("https://{}{METADATA}", server.trim_end_matches('/')),
    }
}

/// A text of the options that isn't empty.
fn option<'a>(connection: &'a Connection, name: &str) -> Option<&'a str> {
    connection.text_option(name).filter(|text| !text.is_empty())
}

/// Thumbprints as they are compared: lower case, nothing between the digits.
fn listed(connection: &Connection, name: &str) -> Vec<String> {
    let texts = connection.options.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let plain = |text: &str| text.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_ascii_lowercase();
    texts.map(plain).filter(|thumbprint| !thumbprint.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_be_named_or_addressed() {
        let whole = "https://adfs.example/FederationMetadata/2007-06/FederationMetadata.xml";
        assert_eq!(metadata_url("adfs.example"), whole);
        assert_eq!(metadata_url("https://adfs.example/"), whole);
        assert_eq!(metadata_url("https://files.example/federation.xml"), "https://files.example/federation.xml");
    }
}
