//! Assertions read, against their schema. Whoever reads one for its contents has verified it before.

use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::header;
use crate::protocols::saml::name_id;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::schema::SchemaError;

impl Assertion {
    /// Reads a `saml:Assertion`; its signature is checked elsewhere.
    ///
    /// # Errors
    /// [`SchemaError`].
    pub(crate) fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        if !element.is(names::ASSERTION, "Assertion") {
            return Err(element.wrong("it is no Assertion"));
        }
        header::check_version(element)?;
        let mut fields = element.fields()?;
        let issuer = name_id::read_issuer(fields.required(names::ASSERTION, "Issuer")?)?;
        fields.optional(names::SIGNATURE, "Signature");
        let mut assertion = Self {
            id: element.required("ID")?.to_owned(),
            issue_instant: header::issue_instant(element)?,
            issuer,
            subject: fields.optional(names::ASSERTION, "Subject").map(Subject::read).transpose()?,
            conditions: fields.optional(names::ASSERTION, "Conditions").map(Conditions::read).transpose()?,
            authn_statements: Vec::new(),
            attributes: Vec::new(),
        };
        fields.optional(names::ASSERTION, "Advice");
        while let Some(statement) = fields.next() {
            match (statement.namespace(), statement.name()) {
                (Some(names::ASSERTION), "AuthnStatement") => {
                    assertion.authn_statements.push(AuthnStatement::read(statement)?);
                }
                (Some(names::ASSERTION), "AttributeStatement") => {
                    let mut fields = statement.fields()?;
                    for attribute in fields.many(names::ASSERTION, "Attribute") {
                        assertion.attributes.push(Attribute::read(attribute)?);
                    }
                    fields.end()?;
                }
                (Some(names::ASSERTION), "Statement" | "AuthzDecisionStatement") => {}
                _ => return Err(element.wrong(&format!("{} is not expected there", statement.name()))),
            }
        }
        Ok(assertion)
    }
}

impl Subject {
    pub(super) fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let mut fields = element.fields()?;
        let name_id = fields.optional(names::ASSERTION, "NameID").map(NameId::read).transpose()?;
        let confirmations = fields.many(names::ASSERTION, "SubjectConfirmation");
        let confirmations = confirmations.into_iter().map(Confirmation::read).collect::<Result<_, _>>()?;
        fields.end()?;
        Ok(Self { name_id, confirmations })
    }
}

impl Confirmation {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let mut confirmation = Self { method: element.required("Method")?.to_owned(), ..Self::default() };
        let mut fields = element.fields()?;
        fields.optional(names::ASSERTION, "NameID");
        if let Some(data) = fields.optional(names::ASSERTION, "SubjectConfirmationData") {
            confirmation.not_before = data.moment("NotBefore")?;
            confirmation.not_on_or_after = data.moment("NotOnOrAfter")?;
            confirmation.recipient = data.attribute("Recipient").map(str::to_owned);
            confirmation.in_response_to = data.attribute("InResponseTo").filter(|id| !id.is_empty()).map(str::to_owned);
        }
        fields.end()?;
        Ok(confirmation)
    }
}

impl Conditions {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let mut conditions = Self {
            not_before: element.moment("NotBefore")?,
            not_on_or_after: element.moment("NotOnOrAfter")?,
            ..Self::default()
        };
        let mut fields = element.fields()?;
        while let Some(condition) = fields.next() {
            match (condition.namespace(), condition.name()) {
                (Some(names::ASSERTION), "AudienceRestriction") => {
                    let mut fields = condition.fields()?;
                    let audiences = fields.many(names::ASSERTION, "Audience");
                    fields.end()?;
                    let audiences = audiences.into_iter().map(Element::simple_text).collect::<Result<_, _>>()?;
                    conditions.audiences.push(audiences);
                }
                (Some(names::ASSERTION), "OneTimeUse") => conditions.one_time_use = true,
                // It binds who makes assertions out of this one.
                (Some(names::ASSERTION), "ProxyRestriction") => {}
                _ => conditions.unknown = true,
            }
        }
        Ok(conditions)
    }
}

impl AuthnStatement {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let mut fields = element.fields()?;
        fields.optional(names::ASSERTION, "SubjectLocality");
        let context = fields.required(names::ASSERTION, "AuthnContext")?;
        fields.end()?;
        let class_ref = context.children_named(names::ASSERTION, "AuthnContextClassRef").next();
        let authn_instant = element.moment("AuthnInstant")?;
        Ok(Self {
            authn_instant: authn_instant.ok_or_else(|| element.wrong("AuthnInstant is missing"))?,
            session_index: element.attribute("SessionIndex").map(str::to_owned),
            session_not_on_or_after: element.moment("SessionNotOnOrAfter")?,
            class_ref: class_ref.map(Element::simple_text).transpose()?,
        })
    }
}
