//! Assertions written: complete in themselves, so that one can be signed, encrypted and put into any message.

use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::names;
use crate::protocols::saml::writer::Writer;
use crate::time::Timestamp;

impl Assertion {
    /// As `saml:Assertion`, unsigned; its prefixes are declared in it.
    pub(crate) fn to_xml(&self) -> String {
        let mut writer = Writer::new();
        writer.start("saml:Assertion").attribute("xmlns:saml", names::ASSERTION).attribute("Version", "2.0");
        writer.attribute("ID", &self.id).attribute("IssueInstant", &self.issue_instant.to_string());
        writer.element("saml:Issuer", &self.issuer);
        if let Some(subject) = &self.subject {
            subject.write(&mut writer);
        }
        if let Some(conditions) = &self.conditions {
            conditions.write(&mut writer);
        }
        for statement in &self.authn_statements {
            statement.write(&mut writer);
        }
        write_attributes(&mut writer, &self.attributes);
        writer.finish()
    }
}

impl Subject {
    fn write(&self, writer: &mut Writer) {
        writer.start("saml:Subject");
        if let Some(name_id) = &self.name_id {
            name_id.write(writer);
        }
        for confirmation in &self.confirmations {
            confirmation.write(writer);
        }
        writer.end();
    }
}

impl Confirmation {
    fn write(&self, writer: &mut Writer) {
        writer.start("saml:SubjectConfirmation").attribute("Method", &self.method);
        writer.start("saml:SubjectConfirmationData");
        moment(writer, "NotBefore", self.not_before);
        moment(writer, "NotOnOrAfter", self.not_on_or_after);
        writer.optional("Recipient", self.recipient.as_deref());
        writer.optional("InResponseTo", self.in_response_to.as_deref()).end().end();
    }
}

impl Conditions {
    fn write(&self, writer: &mut Writer) {
        writer.start("saml:Conditions");
        moment(writer, "NotBefore", self.not_before);
        moment(writer, "NotOnOrAfter", self.not_on_or_after);
        for restriction in &self.audiences {
            writer.start("saml:AudienceRestriction");
            for audience in restriction {
                writer.element("saml:Audience", audience);
            }
            writer.end();
        }
        if self.one_time_use {
            writer.start("saml:OneTimeUse").end();
        }
        writer.end();
    }
}

impl AuthnStatement {
    fn write(&self, writer: &mut Writer) {
        writer.start("saml:AuthnStatement").attribute("AuthnInstant", &self.authn_instant.to_string());
        writer.optional("SessionIndex", self.session_index.as_deref());
        moment(writer, "SessionNotOnOrAfter", self.session_not_on_or_after);
        writer.start("saml:AuthnContext");
        if let Some(class_ref) = &self.class_ref {
            writer.element("saml:AuthnContextClassRef", class_ref);
        }
        writer.end().end();
    }
}

/// An `AttributeStatement`, which the schema wants only where there are attributes.
fn write_attributes(writer: &mut Writer, attributes: &[Attribute]) {
    if attributes.is_empty() {
        return;
    }
    writer.start("saml:AttributeStatement").attribute("xmlns:xs", names::SCHEMA);
    writer.attribute("xmlns:xsi", names::SCHEMA_INSTANCE);
    for attribute in attributes {
        attribute.write(writer);
    }
    writer.end();
}

fn moment(writer: &mut Writer, name: &str, at: Option<Timestamp>) {
    if let Some(at) = at {
        writer.attribute(name, &at.to_string());
    }
}
