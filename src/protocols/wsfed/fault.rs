//! What stands in the place of a token when there is none to be had. Source: WS-Federation 1.2 §13.2.4 (`wresult`), SOAP 1.2
//! §5.4, WS-Trust (February 2005) §10.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::writer::Writer;
use crate::protocols::wsfed::names;

/// Whose mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The request is not one that can be granted.
    InvalidRequest,
    /// The person isn't who they must be, or may not come in.
    FailedAuthentication,
    /// Something failed here.
    RequestFailed,
}

impl Fault {
    /// As `S:Fault`, with the reason in words.
    pub(crate) fn to_xml(self, reason: &str) -> String {
        let (code, special) = match self {
            Self::InvalidRequest => ("S:Sender", "wst:InvalidRequest"),
            Self::FailedAuthentication => ("S:Sender", "wst:FailedAuthentication"),
            Self::RequestFailed => ("S:Receiver", "wst:RequestFailed"),
        };
        let mut writer = Writer::new();
        writer.start("S:Fault").attribute("xmlns:S", names::SOAP).attribute("xmlns:wst", names::TRUST);
        writer.start("S:Code").element("S:Value", code);
        writer.start("S:Subcode").element("S:Value", special).end().end();
        writer.start("S:Reason").start("S:Text").attribute("xml:lang", "en").text(reason);
        writer.finish()
    }
}

/// The fault in an answer, alone or in a SOAP envelope, if it is one: codes from the general to the special, and reason.
pub(super) fn of(root: Element<'_>) -> Option<Status> {
    let is_envelope = root.is(names::SOAP, "Envelope");
    let fault = if is_envelope { root.children_named(names::SOAP, "Body").next()?.children().next()? } else { root };
    if !fault.is(names::SOAP, "Fault") {
        return None;
    }
    let mut codes = Vec::new();
    let mut next = fault.children_named(names::SOAP, "Code").next();
    while let Some(code) = next {
        codes
            .extend(code.children_named(names::SOAP, "Value").next().map(|value| value.text().trim_ascii().to_owned()));
        next = code.children_named(names::SOAP, "Subcode").next();
    }
    let reason = fault.children_named(names::SOAP, "Reason").next();
    let message = reason.and_then(|reason| reason.children_named(names::SOAP, "Text").next());
    let message = message.map(|text| text.text().trim_ascii().to_owned()).filter(|text| !text.is_empty());
    Some(Status { codes, message })
}
