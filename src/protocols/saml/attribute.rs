//! What an assertion says of a person. Source: SAML 2.0 Core §2.7.3, §8.2.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::names;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::writer::Writer;

/// An attribute with its values, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    /// A URI of `names::attribute_name_format`, or anybody's own.
    pub(crate) name_format: Option<String>,
    pub(crate) friendly_name: Option<String>,
    pub(crate) values: Vec<Value>,
}

/// One value: its text, and what its `xsi:type` says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

/// A type of XML Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Boolean,
    Integer,
    Double,
    DateTime,
    AnyType,
    /// Nothing is said, or a type of somebody's own.
    Untyped,
}

const KINDS: [(Kind, &str); 6] = [
    (Kind::String, "xs:string"),
    (Kind::Boolean, "xs:boolean"),
    (Kind::Integer, "xs:integer"),
    (Kind::Double, "xs:double"),
    (Kind::DateTime, "xs:dateTime"),
    (Kind::AnyType, "xs:anyType"),
];

impl Value {
    pub(crate) fn string(text: &str) -> Self {
        Self { text: text.to_owned(), kind: Kind::String }
    }

    /// Reads one; nothing when it is nil.
    pub(super) fn read(element: Element<'_>) -> Option<Self> {
        let nil = element.attribute_in(names::SCHEMA_INSTANCE, "nil").map(str::trim_ascii);
        if matches!(nil, Some("true" | "1")) {
            return None;
        }
        Some(Self { text: element.text(), kind: kind(element) })
    }

    fn write(&self, writer: &mut Writer) {
        writer.start("saml:AttributeValue");
        let named = KINDS.iter().find(|(kind, _)| *kind == self.kind);
        writer.optional("xsi:type", named.map(|(_, name)| *name)).text(&self.text).end();
    }
}

impl Attribute {
    /// Reads one; a value that is nil is no value.
    pub(super) fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let mut fields = element.fields()?;
        let values = fields.many(names::ASSERTION, "AttributeValue");
        fields.end()?;
        Ok(Self {
            name: element.required("Name")?.to_owned(),
            name_format: element.attribute("NameFormat").map(str::to_owned),
            friendly_name: element.attribute("FriendlyName").map(str::to_owned),
            values: values.into_iter().filter_map(Value::read).collect(),
        })
    }

    /// As `saml:Attribute`; the prefixes `saml`, `xs` and `xsi` are declared around it.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.start("saml:Attribute").attribute("Name", &self.name);
        writer.optional("NameFormat", self.name_format.as_deref());
        writer.optional("FriendlyName", self.friendly_name.as_deref());
        for value in &self.values {
            value.write(writer);
        }
        writer.end();
    }
}

/// The type, if its prefix is that of XML Schema where it stands.
fn kind(element: Element<'_>) -> Kind {
    let Some(written) = element.attribute_in(names::SCHEMA_INSTANCE, "type") else { return Kind::Untyped };
    let (prefix, local) = written.trim_ascii().split_once(':').unwrap_or(("", written.trim_ascii()));
    let of_schema = element.namespaces_in_scope().contains(&(prefix, names::SCHEMA));
    let known = KINDS.iter().find(|(_, name)| of_schema && name.strip_prefix("xs:") == Some(local));
    match local {
        "int" | "long" | "short" if of_schema => Kind::Integer,
        "float" | "decimal" if of_schema => Kind::Double,
        _ => known.map_or(Kind::Untyped, |(kind, _)| *kind),
    }
}
