//! Assertions written in the form of SAML 1.1.

use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::names::v1_1 as names;
use crate::protocols::saml::names::v1_1::authentication_method;
use crate::protocols::saml::writer::Writer;

impl Assertion {
    /// As `saml:Assertion` of SAML 1.1, unsigned; its prefixes are declared in it. What only SAML 2.0 can say (a
    /// recipient, a request, a session's name, types of values) is left out.
    pub(crate) fn to_xml_1_1(&self) -> String {
        let mut writer = Writer::new();
        writer.start("saml:Assertion").attribute("xmlns:saml", names::ASSERTION);
        writer.attribute("MajorVersion", "1").attribute("MinorVersion", "1");
        writer.attribute("AssertionID", &self.id).attribute("Issuer", &self.issuer);
        writer.attribute("IssueInstant", &self.issue_instant.to_string());
        if let Some(conditions) = &self.conditions {
            write_conditions(&mut writer, conditions);
        }
        if !self.attributes.is_empty() {
            writer.start("saml:AttributeStatement");
            write_subject(&mut writer, self.subject.as_ref());
            for attribute in &self.attributes {
                write_attribute(&mut writer, attribute);
            }
            writer.end();
        }
        for statement in &self.authn_statements {
            self.write_authentication(&mut writer, statement);
        }
        writer.finish()
    }

    fn write_authentication(&self, writer: &mut Writer, statement: &AuthnStatement) {
        let method = statement.class_ref.as_deref().unwrap_or(authentication_method::UNSPECIFIED);
        writer.start("saml:AuthenticationStatement").attribute("AuthenticationMethod", method);
        writer.attribute("AuthenticationInstant", &statement.authn_instant.to_string());
        write_subject(writer, self.subject.as_ref());
        writer.end();
    }
}

fn write_conditions(writer: &mut Writer, conditions: &Conditions) {
    let moment = |at: Option<crate::time::Timestamp>| at.map(|at| at.to_string());
    writer.start("saml:Conditions").optional("NotBefore", moment(conditions.not_before).as_deref());
    writer.optional("NotOnOrAfter", moment(conditions.not_on_or_after).as_deref());
    for restriction in &conditions.audiences {
        writer.start("saml:AudienceRestrictionCondition");
        for audience in restriction {
            writer.element("saml:Audience", audience);
        }
        writer.end();
    }
    if conditions.one_time_use {
        writer.start("saml:DoNotCacheCondition").end();
    }
    writer.end();
}

fn write_subject(writer: &mut Writer, subject: Option<&Subject>) {
    writer.start("saml:Subject");
    if let Some(name_id) = subject.and_then(|subject| subject.name_id.as_ref()) {
        writer.start("saml:NameIdentifier").optional("Format", name_id.format.as_deref());
        writer.optional("NameQualifier", name_id.name_qualifier.as_deref()).text(&name_id.value).end();
    }
    writer.start("saml:SubjectConfirmation").element("saml:ConfirmationMethod", names::BEARER).end();
    writer.end();
}

fn write_attribute(writer: &mut Writer, attribute: &Attribute) {
    if attribute.values.is_empty() {
        return;
    }
    let (namespace, name) = split(&attribute.name);
    writer.start("saml:Attribute").attribute("AttributeName", name).attribute("AttributeNamespace", namespace);
    for value in &attribute.values {
        writer.element("saml:AttributeValue", &value.text);
    }
    writer.end();
}

/// A claim's URI as namespace and name.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').filter(|(_, last)| !last.trim_ascii().is_empty()).unwrap_or(("", name))
}
