//! A token in its envelope, as `wresult` carries it. Source: WS-Trust (February 2005) §6, spec/upstreams.md §8.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::names::v1_1;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::writer::Writer;
use crate::protocols::wsfed::names;
use crate::time::Timestamp;

/// A `RequestSecurityTokenResponse` around a token of SAML 1.1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    /// Whom the token is for.
    pub(crate) realm: &'a str,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
    /// A whole element.
    pub(crate) token: &'a str,
}

impl Envelope<'_> {
    pub(crate) fn to_xml(self) -> String {
        let mut writer = Writer::new();
        writer.start("t:RequestSecurityTokenResponse").attribute("xmlns:t", names::TRUST);
        writer.start("t:Lifetime").attribute("xmlns:wsu", names::UTILITY);
        writer.element("wsu:Created", &self.created.to_string());
        writer.element("wsu:Expires", &self.expires.to_string()).end();
        writer.start("wsp:AppliesTo").attribute("xmlns:wsp", names::POLICY);
        writer.start("wsa:EndpointReference").attribute("xmlns:wsa", names::ADDRESSING);
        writer.element("wsa:Address", self.realm).end().end();
        writer.start("t:RequestedSecurityToken").raw(self.token).end();
        writer.element("t:TokenType", v1_1::ASSERTION);
        writer.element("t:RequestType", names::trust::ISSUE);
        writer.element("t:KeyType", names::trust::BEARER);
        writer.finish()
    }
}

/// The token in an envelope: of WS-Trust of February 2005 or 1.3, alone or as the only one of a collection.
///
/// # Errors
/// [`SchemaError`] when it is no envelope, [`Refusal::NoAssertion`] when it is empty.
pub(super) fn token(root: Element<'_>) -> Result<Element<'_>, Refusal> {
    let is = |element: Element<'_>, name: &str| {
        [names::TRUST, names::TRUST_1_3].iter().any(|namespace| element.is(namespace, name))
    };
    let envelope = if is(root, "RequestSecurityTokenResponseCollection") { only(root, root.children())? } else { root };
    if !is(envelope, "RequestSecurityTokenResponse") {
        return Err(envelope.wrong("it is no RequestSecurityTokenResponse").into());
    }
    let requested = envelope.children().filter(|child| is(*child, "RequestedSecurityToken"));
    let requested = only(envelope, requested)?;
    let mut tokens = requested.children();
    let token = tokens.next().ok_or(Refusal::NoAssertion)?;
    match tokens.next() {
        None => Ok(token),
        Some(_) => Err(requested.wrong("there are several tokens").into()),
    }
}

fn only<'d>(of: Element<'d>, mut found: impl Iterator<Item = Element<'d>>) -> Result<Element<'d>, SchemaError> {
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(of.wrong("RequestedSecurityToken is missing")),
        (Some(_), Some(_)) => Err(of.wrong("there are several tokens")),
    }
}
