//! What all messages begin with. Source: SAML 2.0 Core §3.2.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::name_id;
use crate::protocols::saml::names;
use crate::protocols::saml::schema::Fields;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::writer::Writer;
use crate::time::Rng;
use crate::time::Timestamp;

/// The beginning of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) id: String,
    pub(crate) issue_instant: Timestamp,
    /// Where the message is sent to.
    pub(crate) destination: Option<String>,
    pub(crate) issuer: Option<String>,
}

/// A new id for a message, an assertion or a session: a name, as the schema wants, of 128 random bits.
pub(crate) fn new_id(rng: &mut Rng) -> String {
    format!("_{}", rng.hex(32))
}

impl Header {
    /// Reads the attributes, the issuer, the place of the signature and the extensions; the fields that are left follow.
    ///
    /// # Errors
    /// [`SchemaError`], also when it is of another version.
    pub(super) fn read<'d>(message: Element<'d>, name: &str) -> Result<(Self, Fields<'d>), SchemaError> {
        if !message.is(names::PROTOCOL, name) {
            return Err(message.wrong(&format!("it is no {name}")));
        }
        check_version(message)?;
        let mut fields = message.fields()?;
        let issuer = fields.optional(names::ASSERTION, "Issuer").map(name_id::read_issuer).transpose()?;
        fields.optional(names::SIGNATURE, "Signature");
        fields.optional(names::PROTOCOL, "Extensions");
        let header = Self {
            id: message.required("ID")?.to_owned(),
            issue_instant: issue_instant(message)?,
            destination: message.attribute("Destination").filter(|url| !url.is_empty()).map(str::to_owned),
            issuer,
        };
        Ok((header, fields))
    }

    /// Begins a message; the issuer follows its attributes, which `more` adds to.
    pub(super) fn write(&self, writer: &mut Writer, name: &'static str, more: impl FnOnce(&mut Writer)) {
        writer.start(name).attribute("xmlns:samlp", names::PROTOCOL);
        writer.attribute("ID", &self.id).attribute("Version", "2.0");
        writer.attribute("IssueInstant", &self.issue_instant.to_string());
        writer.optional("Destination", self.destination.as_deref());
        more(writer);
        if let Some(issuer) = &self.issuer {
            name_id::write_issuer(writer, issuer);
        }
    }
}

pub(super) fn check_version(element: Element<'_>) -> Result<(), SchemaError> {
    match element.attribute("Version") {
        Some("2.0") => Ok(()),
        _ => Err(element.wrong("its version is not 2.0")),
    }
}

pub(super) fn issue_instant(element: Element<'_>) -> Result<Timestamp, SchemaError> {
    element.moment("IssueInstant")?.ok_or_else(|| element.wrong("IssueInstant is missing"))
}
