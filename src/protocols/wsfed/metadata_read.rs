//! Metadata of a security token service, such as an AD FS farm publishes. What isn't known is passed over, for it holds
//! other roles and protocols, too.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::metadata_read;
use crate::protocols::saml::metadata_read::MetadataError;
use crate::protocols::saml::names as saml;
use crate::protocols::saml::xml::Document;
use crate::protocols::wsfed::metadata::TokenService;
use crate::protocols::wsfed::names;

/// Roles that have an address for browsers: the service itself, and what stands in for it where that isn't told.
const ROLES: [&str; 2] = ["SecurityTokenServiceType", "ApplicationServiceType"];

impl TokenService {
    /// Reads a document that describes one; its claims aren't read.
    ///
    /// # Errors
    /// [`MetadataError`]
    pub(crate) fn read(xml: &str) -> Result<Self, MetadataError> {
        let document = Document::parse(xml.trim_ascii_start())?;
        let root = document.root();
        if !root.is(saml::METADATA, "EntityDescriptor") {
            return Err(root.wrong("it is no EntityDescriptor").into());
        }
        let found = ROLES.iter().find_map(|kind| {
            let mut roles = root.children_named(saml::METADATA, "RoleDescriptor");
            let role = roles.find(|role| is_a(*role, kind))?;
            Some((role, address(role)?))
        });
        let (role, passive) = found.ok_or_else(|| root.wrong("it has no PassiveRequestorEndpoint"))?;
        Ok(Self {
            entity_id: root.required("entityID")?.to_owned(),
            signing: metadata_read::signing_certificates(role),
            passive,
            claims: Vec::new(),
        })
    }
}

/// Whether a role is of a type, whatever its prefix.
fn is_a(role: Element<'_>, kind: &str) -> bool {
    let written = role.attribute_in(saml::SCHEMA_INSTANCE, "type").unwrap_or_default().trim_ascii();
    written.rsplit(':').next() == Some(kind)
}

fn address(role: Element<'_>) -> Option<String> {
    let endpoint = role.children_named(names::FEDERATION, "PassiveRequestorEndpoint").next()?;
    let address = endpoint.descendants().find(|element| element.is(names::ADDRESSING, "Address"))?;
    address.simple_text().ok().filter(|url| !url.is_empty())
}
