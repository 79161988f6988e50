//! Who an assertion, a request or a session is about. Source: SAML 2.0 Core §2.2, §8.3.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::names;
use crate::protocols::saml::names::name_id_format;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::writer::Writer;

/// A name identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameId {
    pub(crate) value: String,
    /// A URI of `names::name_id_format`, or anybody's own.
    pub(crate) format: Option<String>,
    pub(crate) name_qualifier: Option<String>,
    pub(crate) sp_name_qualifier: Option<String>,
}

impl NameId {
    pub(super) fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let text = |name: &str| element.attribute(name).map(str::to_owned);
        Ok(Self {
            value: element.simple_text()?,
            format: text("Format"),
            name_qualifier: text("NameQualifier"),
            sp_name_qualifier: text("SPNameQualifier"),
        })
    }

    /// As `saml:NameID`; the prefix is declared around it.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.start("saml:NameID").optional("Format", self.format.as_deref());
        writer.optional("NameQualifier", self.name_qualifier.as_deref());
        writer.optional("SPNameQualifier", self.sp_name_qualifier.as_deref()).text(&self.value).end();
    }
}

/// The name of who wrote a message or an assertion: an entity's, whatever else it might be.
pub(super) fn read_issuer(element: Element<'_>) -> Result<String, SchemaError> {
    let format = element.attribute("Format").unwrap_or(name_id_format::ENTITY);
    if ![name_id_format::ENTITY, name_id_format::UNSPECIFIED].contains(&format) {
        return Err(element.wrong("it is no entity's name"));
    }
    element.simple_text()
}

/// The issuer of a message, with the prefix declared.
pub(super) fn write_issuer(writer: &mut Writer, issuer: &str) {
    writer.start("saml:Issuer").attribute("xmlns:saml", names::ASSERTION).text(issuer).end();
}
