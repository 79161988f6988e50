//! A request that a person's sessions end. Its answer is a [`crate::protocols::saml::status::StatusResponse`].
//! Source: SAML 2.0 Core §3.7.1.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::writer::Writer;
use crate::time::Timestamp;

/// A `LogoutRequest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogoutRequest {
    pub(crate) header: Header,
    /// When the request is no longer to be followed.
    pub(crate) not_on_or_after: Option<Timestamp>,
    pub(crate) reason: Option<String>,
    pub(crate) name_id: NameId,
    /// The sessions that end; all of the person's when there are none.
    pub(crate) session_indexes: Vec<String>,
}

impl LogoutRequest {
    /// Reads a `LogoutRequest`.
    ///
    /// # Errors
    /// [`SchemaError`].
    pub(crate) fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let (header, mut fields) = Header::read(element, "LogoutRequest")?;
        let name_id = NameId::read(fields.required(names::ASSERTION, "NameID")?)?;
        let indexes = fields.many(names::PROTOCOL, "SessionIndex");
        fields.end()?;
        Ok(Self {
            header,
            not_on_or_after: element.moment("NotOnOrAfter")?,
            reason: element.attribute("Reason").map(str::to_owned),
            name_id,
            session_indexes: indexes.into_iter().map(Element::simple_text).collect::<Result<_, _>>()?,
        })
    }

    /// As `samlp:LogoutRequest`, unsigned.
    pub(crate) fn to_xml(&self) -> String {
        let mut writer = Writer::new();
        self.header.write(&mut writer, "samlp:LogoutRequest", |writer| {
            let not_on_or_after = self.not_on_or_after.map(|at| at.to_string());
            writer.optional("NotOnOrAfter", not_on_or_after.as_deref());
            writer.optional("Reason", self.reason.as_deref());
            // For the name identifier, which stands in the message itself.
            writer.attribute("xmlns:saml", names::ASSERTION);
        });
        self.name_id.write(&mut writer);
        for index in &self.session_indexes {
            writer.element("samlp:SessionIndex", index);
        }
        writer.finish()
    }
}
