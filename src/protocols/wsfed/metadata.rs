//! What a security token service says of itself, for relying parties. Source: WS-Federation 1.2 §3.1; spec/upstreams.md §8.
//!
//! It is read by `metadata_read`.

use crate::keys::x509::Certificate;
use crate::protocols::saml::metadata_write;
use crate::protocols::saml::names as saml;
use crate::protocols::saml::writer::Writer;
use crate::protocols::wsfed::names;

/// A security token service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenService {
    pub(crate) entity_id: String,
    /// What it signs with; during a change of keys there are several.
    pub(crate) signing: Vec<Certificate>,
    /// Where browsers go.
    pub(crate) passive: String,
    /// URIs of the claims that it gives out, and what each is called to people.
    pub(crate) claims: Vec<(String, String)>,
}

impl TokenService {
    /// As `EntityDescriptor`, unsigned.
    pub(crate) fn to_xml(&self) -> String {
        let mut writer = Writer::new();
        writer.start("EntityDescriptor").attribute("xmlns", saml::METADATA).attribute("entityID", &self.entity_id);
        writer.start("RoleDescriptor").attribute("xmlns:xsi", saml::SCHEMA_INSTANCE);
        writer.attribute("xmlns:fed", names::FEDERATION).attribute("xsi:type", "fed:SecurityTokenServiceType");
        writer.attribute("protocolSupportEnumeration", names::FEDERATION);
        for certificate in &self.signing {
            metadata_write::write_key(&mut writer, "signing", certificate);
        }
        writer.start("fed:TokenTypesOffered").start("fed:TokenType").attribute("Uri", saml::v1_1::ASSERTION);
        writer.end().end();
        if !self.claims.is_empty() {
            writer.start("fed:ClaimTypesOffered").attribute("xmlns:auth", names::AUTHORIZATION);
            for (uri, name) in &self.claims {
                writer.start("auth:ClaimType").attribute("Uri", uri).attribute("Optional", "true");
                writer.element("auth:DisplayName", name).end();
            }
            writer.end();
        }
        for endpoint in ["fed:SecurityTokenServiceEndpoint", "fed:PassiveRequestorEndpoint"] {
            writer.start(endpoint).start("wsa:EndpointReference").attribute("xmlns:wsa", names::ADDRESSING);
            writer.element("wsa:Address", &self.passive).end().end();
        }
        writer.finish()
    }
}
