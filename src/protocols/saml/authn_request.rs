//! A service provider's request that a person sign in. Source: SAML 2.0 Core §3.4.1.

use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::writer::Writer;

/// An `AuthnRequest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthnRequest {
    pub(crate) header: Header,
    /// Where the response shall go; else the place with `assertion_consumer_index`, else the provider's usual one.
    pub(crate) assertion_consumer_url: Option<String>,
    pub(crate) assertion_consumer_index: Option<u32>,
    /// How the response shall come: a URI of `names::binding`.
    pub(crate) protocol_binding: Option<String>,
    pub(crate) provider_name: Option<String>,
    /// The person shall prove again who they are.
    pub(crate) force_authn: bool,
    /// The person shall not notice.
    pub(crate) is_passive: bool,
    /// Who is expected to sign in.
    pub(crate) subject: Option<NameId>,
    pub(crate) name_id_policy: Option<NameIdPolicy>,
    pub(crate) requested_authn_context: Option<RequestedAuthnContext>,
}

/// What the name identifier in the response shall be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameIdPolicy {
    pub(crate) format: Option<String>,
    pub(crate) sp_name_qualifier: Option<String>,
    pub(crate) allow_create: Option<bool>,
}

/// How the person shall sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestedAuthnContext {
    /// `exact`, `minimum`, `maximum` or `better`.
    pub(crate) comparison: Option<String>,
    pub(crate) class_refs: Vec<String>,
}

impl AuthnRequest {
    /// Reads an `AuthnRequest`.
    ///
    /// # Errors
    /// [`SchemaError`].
    pub(crate) fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let (header, mut fields) = Header::read(element, "AuthnRequest")?;
        let text = |name: &str| element.attribute(name).filter(|value| !value.is_empty()).map(str::to_owned);
        let subject = fields.optional(names::ASSERTION, "Subject").map(Subject::read).transpose()?;
        let policy = fields.optional(names::PROTOCOL, "NameIDPolicy").map(NameIdPolicy::read).transpose()?;
        fields.optional(names::ASSERTION, "Conditions");
        let context = fields.optional(names::PROTOCOL, "RequestedAuthnContext");
        fields.optional(names::PROTOCOL, "Scoping");
        fields.end()?;
        Ok(Self {
            header,
            assertion_consumer_url: text("AssertionConsumerServiceURL"),
            assertion_consumer_index: element.number("AssertionConsumerServiceIndex")?,
            protocol_binding: text("ProtocolBinding"),
            provider_name: text("ProviderName"),
            force_authn: element.flag("ForceAuthn")?.unwrap_or_default(),
            is_passive: element.flag("IsPassive")?.unwrap_or_default(),
            subject: subject.and_then(|subject| subject.name_id),
            name_id_policy: policy,
            requested_authn_context: context.map(RequestedAuthnContext::read).transpose()?,
        })
    }

    /// As `samlp:AuthnRequest`, unsigned.
    pub(crate) fn to_xml(&self) -> String {
        let mut writer = Writer::new();
        self.header.write(&mut writer, "samlp:AuthnRequest", |writer| {
            writer.optional("AssertionConsumerServiceURL", self.assertion_consumer_url.as_deref());
            let index = self.assertion_consumer_index.map(|index| index.to_string());
            writer.optional("AssertionConsumerServiceIndex", index.as_deref());
            writer.optional("ProtocolBinding", self.protocol_binding.as_deref());
            writer.optional("ProviderName", self.provider_name.as_deref());
            writer.optional("ForceAuthn", self.force_authn.then_some("true"));
            writer.optional("IsPassive", self.is_passive.then_some("true"));
        });
        if let Some(name_id) = &self.subject {
            writer.start("saml:Subject").attribute("xmlns:saml", names::ASSERTION);
            name_id.write(&mut writer);
            writer.end();
        }
        if let Some(policy) = &self.name_id_policy {
            policy.write(&mut writer);
        }
        if let Some(context) = &self.requested_authn_context {
            context.write(&mut writer);
        }
        writer.finish()
    }
}

impl NameIdPolicy {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        Ok(Self {
            format: element.attribute("Format").map(str::to_owned),
            sp_name_qualifier: element.attribute("SPNameQualifier").map(str::to_owned),
            allow_create: element.flag("AllowCreate")?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.start("samlp:NameIDPolicy").optional("Format", self.format.as_deref());
        writer.optional("SPNameQualifier", self.sp_name_qualifier.as_deref());
        let allow_create = self.allow_create.map(|allowed| if allowed { "true" } else { "false" });
        writer.optional("AllowCreate", allow_create).end();
    }
}

impl RequestedAuthnContext {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let class_refs = element.children_named(names::ASSERTION, "AuthnContextClassRef");
        Ok(Self {
            comparison: element.attribute("Comparison").map(str::to_owned),
            class_refs: class_refs.map(Element::simple_text).collect::<Result<_, _>>()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.start("samlp:RequestedAuthnContext").attribute("xmlns:saml", names::ASSERTION);
        writer.optional("Comparison", self.comparison.as_deref());
        for class_ref in &self.class_refs {
            writer.element("saml:AuthnContextClassRef", class_ref);
        }
        writer.end();
    }
}
