//! The eight classic forms of signature wrapping: a signed response made to say something else without breaking its
//! signature. Made to prove that a service provider refuses them.
//! Source: Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be" (2012), §4; the numbers are SAML Raider's.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::names;
use crate::protocols::saml::xml::Document;

/// A form of wrapping. The first two need a signature over the response, the others one over its assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapping {
    /// A forged response carries the signature, which holds the original response.
    Xsw1,
    /// The same, with the original response before the signature.
    Xsw2,
    /// A forged assertion stands before the original.
    Xsw3,
    /// A forged assertion holds the original.
    Xsw4,
    /// A forged assertion carries the signature; the original stands at the end, without.
    Xsw5,
    /// A forged assertion carries the signature, which holds the original.
    Xsw6,
    /// A forged assertion stands in the response's extensions.
    Xsw7,
    /// The original stands in an object of the signature, which a forged assertion carries.
    Xsw8,
}

impl Wrapping {
    #[cfg(any(test, fuzzing))]
    pub(crate) const ALL: [Self; 8] =
        [Self::Xsw1, Self::Xsw2, Self::Xsw3, Self::Xsw4, Self::Xsw5, Self::Xsw6, Self::Xsw7, Self::Xsw8];

    /// Whether it begins with a response that is signed itself, and not with a signed assertion.
    pub(crate) fn needs_signed_response(self) -> bool {
        matches!(self, Self::Xsw1 | Self::Xsw2)
    }

    /// The response wrapped: `forge` makes of the plain XML of what was signed what shall be read in its place (it
    /// changes the name in it). What is forged has ids of its own.
    ///
    /// `None` when the response isn't one with a signature where this form needs it.
    pub(crate) fn wrap(self, response: &str, forge: impl FnOnce(&str) -> String) -> Option<String> {
        let parts = Parts::of(response, self.needs_signed_response())?;
        // Ids of its own: a message that has one twice is refused for that alone.
        let forged = forge(&parts.bare()).replace(" ID=\"", " ID=\"_forged");
        let Parts { before, original, signature, after, .. } = &parts;
        let bare = parts.bare();
        let carrying = |signature: &str| after_issuer(&forged, signature);
        let whole = |inner: &str| format!("{before}{inner}{after}");
        Some(match self {
            Self::Xsw1 => carrying(&at_end(signature, "ds:Signature", &bare))?,
            Self::Xsw2 => carrying(&format!("{bare}{signature}"))?,
            Self::Xsw3 => whole(&format!("{forged}{original}")),
            Self::Xsw4 => whole(&at_end(&forged, "saml:Assertion", original)),
            Self::Xsw5 => whole(&format!("{}{bare}", carrying(signature)?)),
            Self::Xsw6 => whole(&carrying(&at_end(signature, "ds:Signature", &bare))?),
            Self::Xsw7 => whole(&format!("<samlp:Extensions>{forged}</samlp:Extensions>{original}")),
            Self::Xsw8 => {
                let object = format!("<ds:Object>{bare}</ds:Object>");
                whole(&carrying(&at_end(signature, "ds:Signature", &object))?)
            }
        })
    }
}

/// A response around what is signed in it.
struct Parts<'a> {
    before: &'a str,
    original: &'a str,
    after: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    fn of(response: &'a str, whole: bool) -> Option<Self> {
        let document = Document::parse(response).ok()?;
        let root = document.root();
        let mut assertions = root.children_named(names::ASSERTION, "Assertion");
        let signed = if whole { root } else { assertions.next()? };
        let signature = signed.children_named(names::SIGNATURE, "Signature").next()?;
        let text = |element: Element<'_>| element.range().and_then(|range| response.get(range));
        let range = signed.range()?;
        Some(Self {
            before: response.get(..range.start)?,
            original: text(signed)?,
            after: response.get(range.end..)?,
            signature: text(signature)?,
        })
    }

    /// What is signed, without its signature.
    fn bare(&self) -> String {
        self.original.replacen(self.signature, "", 1)
    }
}

/// Puts something behind the first issuer.
fn after_issuer(element: &str, inserted: &str) -> Option<String> {
    let (before, after) = element.split_once("</saml:Issuer>")?;
    Some(format!("{before}</saml:Issuer>{inserted}{after}"))
}

/// Puts something before the last end tag of this name.
fn at_end(element: &str, name: &str, inserted: &str) -> String {
    let end = format!("</{name}>");
    match element.rsplit_once(&end) {
        Some((before, after)) => format!("{before}{inserted}{end}{after}"),
        None => element.to_owned(),
    }
}
