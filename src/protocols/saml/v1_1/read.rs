//! Assertions of SAML 1.1 read, against their schema. Whoever reads one for its contents has verified it before.

use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::header;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names::SIGNATURE;
use crate::protocols::saml::names::v1_1 as names;
use crate::protocols::saml::schema::Fields;
use crate::protocols::saml::schema::SchemaError;

impl Assertion {
    /// Reads a `saml:Assertion` of SAML 1.1; its signature is checked elsewhere.
    ///
    /// # Errors
    /// [`SchemaError`], also when its statements are about several people.
    pub(crate) fn read_1_1(element: Element<'_>) -> Result<Self, SchemaError> {
        if !element.is(names::ASSERTION, "Assertion") {
            return Err(element.wrong("it is no Assertion of SAML 1.1"));
        }
        if [element.attribute("MajorVersion"), element.attribute("MinorVersion")] != [Some("1"), Some("1")] {
            return Err(element.wrong("its version is not 1.1"));
        }
        let mut fields = element.fields()?;
        let mut assertion = Self {
            id: element.required("AssertionID")?.to_owned(),
            issue_instant: header::issue_instant(element)?,
            issuer: element.required("Issuer")?.to_owned(),
            subject: None,
            conditions: fields.optional(names::ASSERTION, "Conditions").map(read_conditions).transpose()?,
            authn_statements: Vec::new(),
            attributes: Vec::new(),
        };
        fields.optional(names::ASSERTION, "Advice");
        while let Some(statement) = fields.next() {
            match (statement.namespace(), statement.name()) {
                (Some(names::ASSERTION), "AuthenticationStatement") => assertion.read_authentication(statement)?,
                (Some(names::ASSERTION), "AttributeStatement") => assertion.read_attributes(statement)?,
                (Some(names::ASSERTION), "Statement" | "SubjectStatement" | "AuthorizationDecisionStatement") => {}
                (Some(SIGNATURE), "Signature") => {
                    fields.end()?;
                    return Ok(assertion);
                }
                _ => return Err(element.wrong(&format!("{} is not expected there", statement.name()))),
            }
        }
        Ok(assertion)
    }

    fn read_authentication(&mut self, statement: Element<'_>) -> Result<(), SchemaError> {
        let mut fields = statement.fields()?;
        self.read_subject(statement, &mut fields)?;
        fields.optional(names::ASSERTION, "SubjectLocality");
        fields.many(names::ASSERTION, "AuthorityBinding");
        fields.end()?;
        let instant = statement.moment("AuthenticationInstant")?;
        self.authn_statements.push(AuthnStatement {
            authn_instant: instant.ok_or_else(|| statement.wrong("AuthenticationInstant is missing"))?,
            session_index: None,
            session_not_on_or_after: None,
            class_ref: Some(statement.required("AuthenticationMethod")?.to_owned()),
        });
        Ok(())
    }

    fn read_attributes(&mut self, statement: Element<'_>) -> Result<(), SchemaError> {
        let mut fields = statement.fields()?;
        self.read_subject(statement, &mut fields)?;
        for attribute in fields.many(names::ASSERTION, "Attribute") {
            self.attributes.push(read_attribute(attribute)?);
        }
        fields.end()
    }

    /// Reads whom a statement is about: the one whom those before it were about.
    fn read_subject(&mut self, statement: Element<'_>, fields: &mut Fields<'_>) -> Result<(), SchemaError> {
        let subject = read_subject(fields.required(names::ASSERTION, "Subject")?)?;
        match &self.subject {
            Some(first) if *first != subject => Err(statement.wrong("its Subject is not that of the other statements")),
            _ => {
                self.subject = Some(subject);
                Ok(())
            }
        }
    }
}

fn read_conditions(element: Element<'_>) -> Result<Conditions, SchemaError> {
    let mut conditions = Conditions {
        not_before: element.moment("NotBefore")?,
        not_on_or_after: element.moment("NotOnOrAfter")?,
        ..Conditions::default()
    };
    let mut fields = element.fields()?;
    while let Some(condition) = fields.next() {
        match (condition.namespace(), condition.name()) {
            (Some(names::ASSERTION), "AudienceRestrictionCondition") => {
                let mut fields = condition.fields()?;
                let audiences = fields.many(names::ASSERTION, "Audience");
                fields.end()?;
                let audiences = audiences.into_iter().map(Element::simple_text).collect::<Result<_, _>>()?;
                conditions.audiences.push(audiences);
            }
            (Some(names::ASSERTION), "DoNotCacheCondition") => conditions.one_time_use = true,
            _ => conditions.unknown = true,
        }
    }
    Ok(conditions)
}

fn read_subject(element: Element<'_>) -> Result<Subject, SchemaError> {
    let mut fields = element.fields()?;
    let name_id = fields.optional(names::ASSERTION, "NameIdentifier").map(read_name).transpose()?;
    let mut confirmations = Vec::new();
    if let Some(confirmation) = fields.optional(names::ASSERTION, "SubjectConfirmation") {
        let mut fields = confirmation.fields()?;
        for method in fields.many(names::ASSERTION, "ConfirmationMethod") {
            confirmations.push(Confirmation { method: method.simple_text()?, ..Confirmation::default() });
        }
        fields.optional(names::ASSERTION, "SubjectConfirmationData");
        fields.optional(SIGNATURE, "KeyInfo");
        fields.end()?;
    }
    fields.end()?;
    Ok(Subject { name_id, confirmations })
}

fn read_name(element: Element<'_>) -> Result<NameId, SchemaError> {
    Ok(NameId {
        value: element.simple_text()?,
        format: element.attribute("Format").map(str::to_owned),
        name_qualifier: element.attribute("NameQualifier").map(str::to_owned),
        sp_name_qualifier: None,
    })
}

fn read_attribute(element: Element<'_>) -> Result<Attribute, SchemaError> {
    let mut fields = element.fields()?;
    let values = fields.many(names::ASSERTION, "AttributeValue");
    fields.end()?;
    let name = element.required("AttributeName")?;
    let namespace = element.attribute("AttributeNamespace").map(str::trim_ascii).unwrap_or_default();
    Ok(Attribute {
        name: if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") },
        values: values.into_iter().filter_map(Value::read).collect(),
        ..Attribute::default()
    })
}
