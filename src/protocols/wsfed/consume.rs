//! A token, checked as a relying party must: what comes out was signed, is meant for us and now.
//! Source: WS-Federation 1.2 §13.2.4, SAML 1.1 Core §2.3.2; spec/enterprise.md §5.1.

use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::names as saml;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::validity;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::xml::Document;
use crate::protocols::wsfed::fault;
use crate::protocols::wsfed::response;
use crate::time::Timestamp;

/// A token that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Consumed {
    /// Read from the element that was signed.
    pub(crate) assertion: Assertion,
    /// The assertion's id must be remembered until then, and be refused if it comes again.
    pub(crate) replay_until: Timestamp,
}

/// The certificates that a document carries, unchecked: to find out which of them is known by its thumbprint.
pub(crate) fn carried_certificates(xml: &str) -> Vec<String> {
    let Ok(document) = Document::parse(xml) else { return Vec::new() };
    let found = document.root().descendants().filter(|part| part.is(saml::SIGNATURE, "X509Certificate"));
    found.take(MOST_CERTIFICATES).map(Element::text).collect()
}

const MOST_CERTIFICATES: usize = 10;

/// Checks an answer, and reads its assertion, of SAML 1.1 or 2.0. That it wasn't used before is the caller's to check.
///
/// # Errors
/// [`Refusal`], of the first check that fails.
pub(crate) fn consume(xml: &str, expected: &Expectations<'_>) -> Result<Consumed, Refusal> {
    let document = Document::parse(xml)?;
    if let Some(status) = fault::of(document.root()) {
        return Err(Refusal::Status(status));
    }
    let token = response::token(document.root())?;
    let is_old = match token.namespace() {
        Some(saml::v1_1::ASSERTION) => true,
        Some(saml::ASSERTION) if token.name() == "Assertion" => false,
        _ => return Err(token.wrong("it is no assertion that is in clear").into()),
    };
    check_places(document.root(), token)?;
    let signed = expected.trust.verify(token)?.element();
    let assertion = if is_old { Assertion::read_1_1(signed)? } else { Assertion::read(signed)? };
    let until = validity::check_token(&assertion, expected)?;
    Ok(Consumed { assertion, replay_until: until.plus_seconds(expected.skew_seconds) })
}

/// There is no assertion but the token, and no signature but its own. It is asked before anything is read, so that what
/// is read can mean nothing else.
fn check_places(root: Element<'_>, token: Element<'_>) -> Result<(), Refusal> {
    let mut signatures = 0_usize;
    for element in root.descendants() {
        let is_assertion = element.is(saml::v1_1::ASSERTION, "Assertion") || element.is(saml::ASSERTION, "Assertion");
        if is_assertion && element != token {
            return Err(Refusal::Wrapping("there is an assertion where none belongs"));
        }
        if element.is(saml::SIGNATURE, "Signature") {
            if element.parent() != Some(token) {
                return Err(Refusal::Wrapping("there is a signature where none belongs"));
            }
            signatures = signatures.saturating_add(1);
        }
    }
    if signatures == 0 { Err(SignatureError::Missing.into()) } else { Ok(()) }
}
