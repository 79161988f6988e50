//! Metadata written, each part where its schema wants it. Source: SAML 2.0 Metadata §2.4.

use crate::keys::digest;
use crate::keys::x509::Certificate;
use crate::protocols::saml::metadata::Endpoint;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::metadata::IdentityProvider;
use crate::protocols::saml::metadata::Role;
use crate::protocols::saml::metadata::ServiceProvider;
use crate::protocols::saml::names;
use crate::protocols::saml::writer::Writer;

impl Entity {
    /// As `EntityDescriptor`, unsigned.
    pub(crate) fn to_xml(&self) -> String {
        let mut writer = Writer::new();
        writer.start("EntityDescriptor").attribute("xmlns", names::METADATA);
        writer.optional("ID", self.id.as_deref()).attribute("entityID", &self.entity_id);
        writer.optional("validUntil", self.valid_until.map(|at| at.to_string()).as_deref());
        if let Some(identity_provider) = &self.identity_provider {
            identity_provider.write(&mut writer);
        }
        if let Some(service_provider) = &self.service_provider {
            service_provider.write(&mut writer);
        }
        writer.finish()
    }
}

impl IdentityProvider {
    fn write(&self, writer: &mut Writer) {
        writer.start("IDPSSODescriptor").attribute("protocolSupportEnumeration", names::PROTOCOL);
        writer.optional("WantAuthnRequestsSigned", self.want_authn_requests_signed.map(flag));
        self.role.write(writer);
        for endpoint in &self.single_sign_on {
            endpoint.write(writer, "SingleSignOnService");
        }
        for attribute in &self.attributes {
            // The assertion's namespace, without the prefix that a statement declares around its attributes.
            writer.start("saml:Attribute").attribute("xmlns:saml", names::ASSERTION).attribute("Name", &attribute.name);
            writer.optional("NameFormat", attribute.name_format.as_deref());
            writer.optional("FriendlyName", attribute.friendly_name.as_deref()).end();
        }
        writer.end();
    }
}

impl ServiceProvider {
    fn write(&self, writer: &mut Writer) {
        writer.start("SPSSODescriptor").attribute("protocolSupportEnumeration", names::PROTOCOL);
        writer.optional("AuthnRequestsSigned", self.authn_requests_signed.map(flag));
        writer.optional("WantAssertionsSigned", self.want_assertions_signed.map(flag));
        self.role.write(writer);
        for endpoint in &self.assertion_consumers {
            endpoint.write(writer, "AssertionConsumerService");
        }
        writer.end();
    }
}

impl Role {
    fn write(&self, writer: &mut Writer) {
        for (purpose, certificates) in [("signing", &self.signing), ("encryption", &self.encryption)] {
            for certificate in certificates {
                write_key(writer, purpose, certificate);
            }
        }
        for endpoint in &self.single_logout {
            endpoint.write(writer, "SingleLogoutService");
        }
        for format in &self.name_id_formats {
            writer.element("NameIDFormat", format);
        }
    }
}

impl Endpoint {
    fn write(&self, writer: &mut Writer, name: &'static str) {
        writer.start(name).attribute("Binding", &self.binding).attribute("Location", &self.location);
        writer.optional("ResponseLocation", self.response_location.as_deref());
        writer.optional("index", self.index.map(|index| index.to_string()).as_deref());
        writer.optional("isDefault", self.is_default.map(flag)).end();
    }
}

/// A `KeyDescriptor`; the default namespace is that of metadata.
pub(crate) fn write_key(writer: &mut Writer, purpose: &str, certificate: &Certificate) {
    writer.start("KeyDescriptor").attribute("use", purpose);
    writer.start("KeyInfo").attribute("xmlns", names::SIGNATURE).start("X509Data");
    writer.element("X509Certificate", &digest::base64(certificate.der())).end().end().end();
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
