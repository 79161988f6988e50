//! A response, checked as a service provider must: what comes out was signed, is meant for us, now, and by this browser.
//! Source: SAML 2.0 Profiles §4.1.4.2, §4.1.4.3; spec/enterprise.md §3.3.

use crate::keys::rsa_key::RsaKey;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::decrypt;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::names;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::validity;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::verify::Signed;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::xml::Document;
use crate::time::Timestamp;

/// What a response must fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expectations<'a> {
    pub(crate) trust: Trust<'a>,
    /// The identity provider's entity id, where it is known.
    pub(crate) issuer: Option<&'a str>,
    /// Our own entity id.
    pub(crate) audience: &'a str,
    /// Addresses that the response may be sent to.
    pub(crate) destinations: &'a [&'a str],
    /// Addresses that the assertion may be given to.
    pub(crate) recipients: &'a [&'a str],
    /// The id of the request that this browser waits for an answer to.
    pub(crate) request: Option<&'a str>,
    /// A response that answers no request is taken, too.
    pub(crate) unsolicited: bool,
    pub(crate) now: Timestamp,
    /// How far the identity provider's clock may be off.
    pub(crate) skew_seconds: i64,
    pub(crate) decryption_keys: &'a [&'a RsaKey],
}

/// A response that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Consumed {
    /// Read from the element that was signed.
    pub(crate) assertion: Assertion,
    /// Of the message around it, which may be unsigned.
    pub(crate) response: StatusResponse,
    pub(crate) response_signed: bool,
    pub(crate) assertion_signed: bool,
    pub(crate) encrypted: bool,
    /// The request that it answers: the one expected, or none.
    pub(crate) in_response_to: Option<String>,
    /// The assertion's id must be remembered until then, and be refused if it comes again.
    pub(crate) replay_until: Timestamp,
}

/// The request that a response says it answers, unchecked: to find out which one is outstanding.
pub(crate) fn claimed_request(xml: &str) -> Option<String> {
    let document = Document::parse(xml).ok()?;
    document.root().attribute("InResponseTo").filter(|id| !id.is_empty()).map(str::to_owned)
}

/// Checks a response, and reads its assertion. That the assertion wasn't used before is the caller's to check.
///
/// # Errors
/// [`Refusal`], of the first check that fails.
pub(crate) fn consume(xml: &str, expected: &Expectations<'_>) -> Result<Consumed, Refusal> {
    let document = Document::parse(xml)?;
    let root = document.root();
    if root.is(names::PROTOCOL, "Response") {
        check_places(root)?;
    }
    let (response, mut fields) = StatusResponse::read(root, "Response")?;
    if !response.status.is_success() {
        return Err(Refusal::Status(response.status));
    }
    let assertion = fields.next().ok_or(Refusal::NoAssertion)?;
    fields.end()?;
    if !is_assertion(assertion) {
        return Err(root.wrong(&format!("{} is not expected there", assertion.name())).into());
    }
    let destination = response.header.destination.as_deref();
    if let Some(other) = destination.filter(|url| !expected.destinations.contains(url)) {
        return Err(Refusal::Destination(other.to_owned()));
    }
    let signed_response = verify_if_signed(root, expected)?;
    let envelope = Envelope { response, signed: signed_response.is_some(), encrypted: false };
    if assertion.is(names::ASSERTION, "EncryptedAssertion") {
        let plain = decrypt::decrypt(assertion, expected.decryption_keys)?;
        let document = Document::parse(&plain)?;
        check_places(document.root())?;
        let assertion = only_assertion(document.root())?;
        return Envelope { encrypted: true, ..envelope }.open(assertion, expected);
    }
    envelope.open(assertion, expected)
}

/// The message around an assertion.
struct Envelope {
    response: StatusResponse,
    signed: bool,
    encrypted: bool,
}

impl Envelope {
    /// Reads an assertion that is signed itself, or stands in what is.
    fn open(self, assertion: Element<'_>, expected: &Expectations<'_>) -> Result<Consumed, Refusal> {
        let signed = verify_if_signed(assertion, expected)?;
        if signed.is_none() && !self.signed {
            return Err(SignatureError::Missing.into());
        }
        let read = Assertion::read(signed.map_or(assertion, Signed::element))?;
        let use_of = validity::check(&read, expected)?;
        let issuer = self.response.header.issuer.as_deref().filter(|issuer| *issuer != read.issuer);
        if let Some(other) = issuer {
            return Err(Refusal::Issuer { expected: read.issuer, found: other.to_owned() });
        }
        let in_response_to = validity::check_request(&self.response, self.signed, &use_of, expected)?;
        Ok(Consumed {
            assertion: read,
            response: self.response,
            response_signed: self.signed,
            assertion_signed: signed.is_some(),
            encrypted: self.encrypted,
            in_response_to,
            replay_until: use_of.until.plus_seconds(expected.skew_seconds),
        })
    }
}

/// A signature that is there must be good, even where another one would do.
fn verify_if_signed<'d>(element: Element<'d>, expected: &Expectations<'_>) -> Result<Option<Signed<'d>>, Refusal> {
    match expected.trust.verify(element) {
        Ok(signed) => Ok(Some(signed)),
        Err(SignatureError::Missing) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// There is one assertion, and nothing that could be taken for it, for the message or for their signatures stands
/// anywhere but where it belongs. It is asked first, so that what is read afterwards can mean nothing else.
fn check_places(root: Element<'_>) -> Result<(), Refusal> {
    let mut assertions = 0_usize;
    for element in root.descendants().filter(|element| *element != root) {
        let of_root = element.parent() == Some(root);
        if is_assertion(element) {
            assertions = assertions.saturating_add(1);
            if !of_root {
                return Err(Refusal::Wrapping("there is an assertion where none belongs"));
            }
        } else if element.is(names::PROTOCOL, "Response") {
            return Err(Refusal::Wrapping("there is a response in the response"));
        } else if element.is(names::SIGNATURE, "Signature") {
            let of_assertion =
                element.parent().is_some_and(|parent| is_assertion(parent) && parent.parent() == Some(root));
            if !of_root && !of_assertion {
                return Err(Refusal::Wrapping("there is a signature where none belongs"));
            }
        }
    }
    if assertions > 1 { Err(Refusal::Wrapping("there are several assertions")) } else { Ok(()) }
}

fn is_assertion(element: Element<'_>) -> bool {
    element.is(names::ASSERTION, "Assertion") || element.is(names::ASSERTION, "EncryptedAssertion")
}

fn only_assertion(decrypted: Element<'_>) -> Result<Element<'_>, Refusal> {
    let mut children = decrypted.children();
    match (children.next(), children.next()) {
        (Some(one), None) if one.is(names::ASSERTION, "Assertion") => Ok(one),
        _ => Err(decrypted.wrong("it is not one assertion").into()),
    }
}
