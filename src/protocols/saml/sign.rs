//! Enveloped signatures made. Source: SAML 2.0 Core §5.4, XML Signature 1.1 §3.1.

use crate::keys::digest;
use crate::keys::hash::Hash;
use crate::keys::rsa_key::RsaKey;
use crate::protocols::saml::algorithm;
use crate::protocols::saml::canonical::Canonical;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::names;
use crate::protocols::saml::xml::Document;
use crate::protocols::saml::xml::IDS;
use crate::protocols::saml::xml::XmlError;

/// Why nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignError {
    #[error("sign: {0}")]
    Xml(#[from] XmlError),
    #[error("sign: no element has the id {0:?}")]
    NoElement(String),
    #[error("sign: the element is empty")]
    Empty,
    #[error("{0}")]
    Key(String),
}

/// With what a document is signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signing<'a> {
    pub(crate) key: &'a RsaKey,
    pub(crate) signature: Hash,
    pub(crate) digest: Hash,
}

impl<'a> Signing<'a> {
    /// RSA-SHA256 over a SHA-256 digest.
    pub(crate) fn with(key: &'a RsaKey) -> Self {
        Self { key, signature: Hash::Sha256, digest: Hash::Sha256 }
    }

    /// The document with the element of this id signed: the signature stands in it, where its schema wants it.
    ///
    /// # Errors
    /// [`SignError`] when the text isn't XML within bounds, or has no such element.
    pub(crate) fn sign(&self, xml: &str, id: &str) -> Result<String, SignError> {
        let document = Document::parse(xml)?;
        let has_it = |element: &Element<'_>| IDS.iter().any(|name| element.attribute(name) == Some(id));
        let element = document.root().descendants().find(has_it);
        let element = element.ok_or_else(|| SignError::NoElement(id.to_owned()))?;
        let octets = Canonical::plain().octets(element, None).ok_or(SignError::Empty)?;
        let signature = self.signature(id, &self.digest.of(&octets))?;
        let at = place(element).ok_or(SignError::Empty)?;
        let (before, after) = xml.split_at_checked(at).ok_or(SignError::Empty)?;
        Ok([before, &signature, after].concat())
    }

    /// A `Signature` element over one reference.
    fn signature(&self, id: &str, digested: &[u8]) -> Result<String, SignError> {
        let signed_info = self.signed_info(id, &digest::base64(digested));
        // The canonical form of what stands in the element below: its namespace is declared there.
        let octets = format!(r#"<ds:SignedInfo xmlns:ds="{}">{signed_info}"#, names::SIGNATURE);
        let signature = self.key.sign(self.signature, octets.as_bytes());
        let signature = signature.map_err(|error| SignError::Key(error.to_string()))?;
        Ok(format!(
            concat!(
                r#"<ds:Signature xmlns:ds="{namespace}"><ds:SignedInfo>{signed_info}"#,
                "<ds:SignatureValue>{signature}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>",
                "<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
            ),
            namespace = names::SIGNATURE,
            signed_info = signed_info,
            signature = digest::base64(&signature),
            certificate = digest::base64(self.key.certificate().der()),
        ))
    }

    /// The contents and the end tag of a `SignedInfo`, in canonical form.
    fn signed_info(&self, id: &str, digest_value: &str) -> String {
        format!(
            concat!(
                r#"<ds:CanonicalizationMethod Algorithm="{c14n}"></ds:CanonicalizationMethod>"#,
                r#"<ds:SignatureMethod Algorithm="{signature}"></ds:SignatureMethod>"#,
                r##"<ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="{enveloped}"></ds:Transform>"##,
                r#"<ds:Transform Algorithm="{c14n}"></ds:Transform></ds:Transforms>"#,
                r#"<ds:DigestMethod Algorithm="{digest}"></ds:DigestMethod>"#,
                "<ds:DigestValue>{digest_value}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
            ),
            c14n = algorithm::EXCLUSIVE_C14N,
            signature = algorithm::signature_uri(self.signature),
            id = canonical_attribute(id),
            enveloped = algorithm::ENVELOPED,
            digest = algorithm::digest_uri(self.digest),
            digest_value = digest_value,
        )
    }
}

/// An attribute's value in canonical form (Canonical XML §2.3).
fn canonical_attribute(value: &str) -> String {
    let escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    escaped.replace('\t', "&#x9;").replace('\n', "&#xA;").replace('\r', "&#xD;")
}

/// Where in the text an element's signature belongs: after its issuer, at the end of a SAML 1.1 assertion, else first.
fn place(element: Element<'_>) -> Option<usize> {
    let inner = element.inner_range()?;
    if element.attribute("AssertionID").is_some() {
        return Some(inner.end);
    }
    match element.children().next() {
        Some(first) if first.is(names::ASSERTION, "Issuer") => first.range().map(|range| range.end),
        _ => Some(inner.start),
    }
}
