//! Enveloped signatures checked, in the one form that SAML allows: what is read afterwards is the element that was
//! signed. Source: SAML 2.0 Core §5.4 (one reference, to the element itself; two transforms), XML Signature 1.1 §3.2.

use crate::keys::digest;
use crate::keys::hash::Hash;
use crate::keys::x509::Certificate;
use crate::protocols::saml::algorithm;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::base64;
use crate::protocols::saml::canonical::Canonical;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::names;
use crate::protocols::saml::xml::IDS;

/// Why a signature isn't taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    #[error("it is not signed")]
    Missing,
    /// It isn't of the form that SAML allows; the text says in what.
    #[error("its signature {0}")]
    Form(&'static str),
    #[error("its signature uses {0:?}, which is not accepted")]
    Algorithm(String),
    /// It carries a certificate that isn't among the trusted ones; its SHA-1 thumbprint in hexadecimal digits.
    #[error("it is signed with another certificate, with the thumbprint {0}")]
    Untrusted(String),
    #[error("it was changed after it was signed")]
    Digest,
    #[error("its signature is wrong")]
    Value,
}

/// Whose signatures are taken, and with what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trust<'a> {
    pub(crate) certificates: &'a [Certificate],
    pub(crate) sha1: Sha1,
}

/// An element that somebody trusted has signed, all of it. Only [`Trust::verify`] makes one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'d>(Element<'d>);

impl<'d> Signed<'d> {
    pub(crate) fn element(self) -> Element<'d> {
        self.0
    }
}

/// The parts of a `Signature`.
struct Parts<'d> {
    signature: Element<'d>,
    info: Element<'d>,
    c14n: Canonical,
    method: Hash,
    reference: Reference,
    value: Vec<u8>,
}

struct Reference {
    c14n: Canonical,
    method: Hash,
    digest: Vec<u8>,
}

impl Trust<'_> {
    /// Checks the signature that stands in an element and is over it.
    ///
    /// # Errors
    /// [`SignatureError::Missing`] when there is none, else what is wrong with it.
    pub(crate) fn verify<'d>(&self, element: Element<'d>) -> Result<Signed<'d>, SignatureError> {
        let parts = self.parts(element)?;
        let octets = parts.reference.c14n.octets(element, Some(parts.signature));
        let octets = octets.ok_or(SignatureError::Form("can't be checked"))?;
        if !digest::constant_time_eq(&parts.reference.method.of(&octets), &parts.reference.digest) {
            return Err(self.blame(parts.signature, SignatureError::Digest));
        }
        let octets = parts.c14n.octets(parts.info, None).ok_or(SignatureError::Form("can't be checked"))?;
        let verifies = |by: &Certificate| by.verifies(parts.method, &octets, &parts.value);
        if self.certificates.iter().any(verifies) {
            return Ok(Signed(element));
        }
        Err(self.blame(parts.signature, SignatureError::Value))
    }

    /// Another certificate explains every failure; which one it was is of use to who configures it.
    fn blame(&self, signature: Element<'_>, otherwise: SignatureError) -> SignatureError {
        let carried = signature.descendants().find(|part| part.is(names::SIGNATURE, "X509Certificate"));
        let carried = carried.and_then(|part| Certificate::from_text(&part.text()).ok());
        match carried {
            Some(carried) if !self.certificates.contains(&carried) => SignatureError::Untrusted(carried.thumbprint()),
            _ => otherwise,
        }
    }

    fn parts<'d>(&self, element: Element<'d>) -> Result<Parts<'d>, SignatureError> {
        let mut signatures = element.children_named(names::SIGNATURE, "Signature");
        let signature = signatures.next().ok_or(SignatureError::Missing)?;
        if signatures.next().is_some() {
            return Err(SignatureError::Form("is there twice"));
        }
        let wrong = |_| SignatureError::Form("has parts that SAML doesn't allow");
        let mut fields = signature.fields().map_err(wrong)?;
        let info = fields.required(names::SIGNATURE, "SignedInfo").map_err(wrong)?;
        let value = fields.required(names::SIGNATURE, "SignatureValue").map_err(wrong)?;
        fields.optional(names::SIGNATURE, "KeyInfo");
        // An `Object` could hold what the reference means while somebody reads something else.
        fields.end().map_err(wrong)?;
        let value = base64::decode(&value.text()).ok_or(SignatureError::Form("is not base64"))?;

        let mut fields = info.fields().map_err(wrong)?;
        let c14n = fields.required(names::SIGNATURE, "CanonicalizationMethod").map_err(wrong)?;
        let method = fields.required(names::SIGNATURE, "SignatureMethod").map_err(wrong)?;
        let reference = fields.required(names::SIGNATURE, "Reference").map_err(wrong)?;
        fields.end().map_err(wrong)?;
        let (c14n, reference) = (canonical(c14n)?, self.reference(reference, element)?);
        let uri = uri_of(method);
        let method = algorithm::signature(uri, self.sha1).ok_or_else(|| refused(uri))?;
        Ok(Parts { signature, info, c14n, method, reference, value })
    }

    /// Reads a reference, which must be to the element itself.
    fn reference(&self, reference: Element<'_>, to: Element<'_>) -> Result<Reference, SignatureError> {
        let wrong = |_| SignatureError::Form("has parts that SAML doesn't allow");
        let id = IDS.iter().find_map(|name| to.attribute(name)).filter(|id| !id.is_empty());
        let target = reference.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
        if id.is_none() || target != id {
            return Err(SignatureError::Form("is over another element"));
        }
        let mut fields = reference.fields().map_err(wrong)?;
        let transforms = fields.required(names::SIGNATURE, "Transforms").map_err(wrong)?;
        let method = fields.required(names::SIGNATURE, "DigestMethod").map_err(wrong)?;
        let digest = fields.required(names::SIGNATURE, "DigestValue").map_err(wrong)?;
        fields.end().map_err(wrong)?;

        let mut fields = transforms.fields().map_err(wrong)?;
        let enveloped = fields.required(names::SIGNATURE, "Transform").map_err(wrong)?;
        let c14n = fields.required(names::SIGNATURE, "Transform").map_err(wrong)?;
        fields.end().map_err(wrong)?;
        if uri_of(enveloped) != algorithm::ENVELOPED || enveloped.children().next().is_some() {
            return Err(SignatureError::Form("doesn't leave itself out"));
        }
        let uri = uri_of(method);
        let method = algorithm::digest(uri, self.sha1).ok_or_else(|| refused(uri))?;
        let digest = base64::decode(&digest.text()).ok_or(SignatureError::Form("is not base64"))?;
        Ok(Reference { c14n: canonical(c14n)?.of_reference(), method, digest })
    }
}

fn canonical(named_by: Element<'_>) -> Result<Canonical, SignatureError> {
    let uri = uri_of(named_by);
    let mode = algorithm::exclusive_c14n(uri).ok_or_else(|| refused(uri))?;
    Canonical::of(mode, named_by).ok_or(SignatureError::Form("has parts that SAML doesn't allow"))
}

fn uri_of(named_by: Element<'_>) -> &str {
    named_by.attribute("Algorithm").unwrap_or_default()
}

fn refused(uri: &str) -> SignatureError {
    SignatureError::Algorithm(uri.chars().take(200).collect())
}
