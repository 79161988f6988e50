//! Metadata of somebody else. It is read with more patience than messages: what isn't known is passed over, for what
//! providers publish holds other protocols, organizations and people, too. Source: SAML 2.0 Metadata §2.

use crate::keys::x509::Certificate;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::metadata::Endpoint;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::metadata::IdentityProvider;
use crate::protocols::saml::metadata::Role;
use crate::protocols::saml::metadata::ServiceProvider;
use crate::protocols::saml::names;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::xml::Document;
use crate::protocols::saml::xml::XmlError;

/// Why metadata can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MetadataError {
    #[error("the metadata can't be read: {0}")]
    Xml(#[from] XmlError),
    #[error("the metadata doesn't follow its schema: {0}")]
    Schema(#[from] SchemaError),
    /// There are several entities, so one must be chosen; or none.
    #[error("the metadata describes {0} entities, not one")]
    Entities(usize),
}

impl Entity {
    /// Reads a document that describes one entity.
    ///
    /// # Errors
    /// [`MetadataError`].
    pub(crate) fn read(xml: &str) -> Result<Self, MetadataError> {
        let mut all = Self::read_all(xml)?;
        match (all.pop(), all.len()) {
            (Some(entity), 0) => Ok(entity),
            (Some(_), more) => Err(MetadataError::Entities(more.saturating_add(1))),
            (None, _) => Err(MetadataError::Entities(0)),
        }
    }

    /// Reads a document that describes any number of entities.
    ///
    /// # Errors
    /// [`MetadataError`].
    pub(crate) fn read_all(xml: &str) -> Result<Vec<Self>, MetadataError> {
        // What people paste may stand below an empty line or be indented.
        let document = Document::parse(xml.trim_ascii_start())?;
        let root = document.root();
        if !root.is(names::METADATA, "EntityDescriptor") && !root.is(names::METADATA, "EntitiesDescriptor") {
            return Err(root.wrong("it is neither an EntityDescriptor nor an EntitiesDescriptor").into());
        }
        let entities = root.descendants().filter(|element| element.is(names::METADATA, "EntityDescriptor"));
        Ok(entities.map(read_entity).collect::<Result<_, _>>()?)
    }
}

fn read_entity(element: Element<'_>) -> Result<Entity, SchemaError> {
    Ok(Entity {
        id: element.attribute("ID").map(str::to_owned),
        entity_id: element.required("entityID")?.to_owned(),
        valid_until: element.moment("validUntil")?,
        identity_provider: descriptor(element, "IDPSSODescriptor").map(read_identity_provider).transpose()?,
        service_provider: descriptor(element, "SPSSODescriptor").map(read_service_provider).transpose()?,
    })
}

/// The description of a role in SAML 2.0; there may be others for older versions.
fn descriptor<'d>(entity: Element<'d>, name: &'static str) -> Option<Element<'d>> {
    let speaks = |role: &Element<'_>| {
        let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
        protocols.split_ascii_whitespace().any(|protocol| protocol == names::PROTOCOL)
    };
    entity.children_named(names::METADATA, name).find(speaks)
}

fn read_identity_provider(element: Element<'_>) -> Result<IdentityProvider, SchemaError> {
    let attributes = element.children_named(names::ASSERTION, "Attribute").map(Attribute::read);
    Ok(IdentityProvider {
        role: read_role(element)?,
        want_authn_requests_signed: element.flag("WantAuthnRequestsSigned")?,
        single_sign_on: endpoints(element, "SingleSignOnService")?,
        attributes: attributes.collect::<Result<_, _>>()?,
    })
}

fn read_service_provider(element: Element<'_>) -> Result<ServiceProvider, SchemaError> {
    Ok(ServiceProvider {
        role: read_role(element)?,
        authn_requests_signed: element.flag("AuthnRequestsSigned")?,
        want_assertions_signed: element.flag("WantAssertionsSigned")?,
        assertion_consumers: endpoints(element, "AssertionConsumerService")?,
    })
}

fn read_role(element: Element<'_>) -> Result<Role, SchemaError> {
    let formats = element.children_named(names::METADATA, "NameIDFormat").map(Element::simple_text);
    let mut role = Role {
        single_logout: endpoints(element, "SingleLogoutService")?,
        name_id_formats: formats.collect::<Result<_, _>>()?,
        ..Role::default()
    };
    for key in element.children_named(names::METADATA, "KeyDescriptor") {
        let certificates = certificates(key);
        // A key whose purpose isn't told serves both (§2.4.1.1).
        let purpose = key.attribute("use");
        if purpose != Some("signing") {
            role.encryption.extend(certificates.iter().cloned());
        }
        if purpose != Some("encryption") {
            role.signing.extend(certificates);
        }
    }
    Ok(role)
}

/// What a role of any protocol signs with.
pub(crate) fn signing_certificates(role: Element<'_>) -> Vec<Certificate> {
    let keys = role.children_named(names::METADATA, "KeyDescriptor");
    keys.filter(|key| key.attribute("use") != Some("encryption")).flat_map(certificates).collect()
}

/// The RSA certificates of a key; one of another kind can't be used, but doesn't spoil the others.
fn certificates(key: Element<'_>) -> Vec<Certificate> {
    let found = key.descendants().filter(|element| element.is(names::SIGNATURE, "X509Certificate"));
    let mut found: Vec<_> = found.filter_map(|element| Certificate::from_text(&element.text()).ok()).collect();
    found.dedup();
    found
}

fn endpoints(of: Element<'_>, name: &'static str) -> Result<Vec<Endpoint>, SchemaError> {
    let read = |element: Element<'_>| {
        Ok(Endpoint {
            binding: element.required("Binding")?.to_owned(),
            location: element.required("Location")?.to_owned(),
            response_location: element.attribute("ResponseLocation").map(str::to_owned),
            index: element.number("index")?,
            is_default: element.flag("isDefault")?,
        })
    };
    of.children_named(names::METADATA, name).map(read).collect()
}
