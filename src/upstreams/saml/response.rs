//! The response that names a person: signed, encrypted where that is wanted, and wrong where it shall be.

use crate::keys::hash::Hash;
use crate::protocols::saml::encrypt::Encryption;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::wrapping::Wrapping;
use crate::time::Rng;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::answer::Ids;
use crate::upstreams::saml::answer::envelope;
use crate::upstreams::saml::assertion;
use crate::upstreams::saml::metadata::failed;
use crate::upstreams::saml::otherwise::Otherwise;
use crate::upstreams::saml::otherwise::UNPUBLISHED;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::provider::Signed;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::saml::state::Session;
use crate::upstreams::saml::wrong::Wrong;

/// Who else is meant where an answer goes wrong.
pub(super) const ELSEWHERE: &str = "https://elsewhere.example/saml";
/// Whose name is forged.
pub(super) const FORGED: &str = "admin@forged.example";
/// A document type with an entity that is a file.
const ENTITY: &str = "<!DOCTYPE r [<!ENTITY file SYSTEM \"file:///etc/hostname\">]>";

/// A response.
pub(super) struct Made {
    pub(super) xml: String,
    /// What the person is called in it.
    pub(super) name_id: Option<NameId>,
}

pub(super) fn issuer(at: &At, wrong: Option<Wrong>) -> String {
    if wrong == Some(Wrong::Issuer) { ELSEWHERE.to_owned() } else { at.entity_id() }
}

pub(super) fn in_response_to(asked: &Asked, wrong: Option<Wrong>) -> Option<String> {
    if wrong == Some(Wrong::InResponseTo) { Some("_never_asked".to_owned()) } else { asked.request.clone() }
}

/// Makes the response.
///
/// # Errors
/// A failure of the keys or of what is made with them.
pub(super) async fn of_person(
    at: &At,
    asked: &Asked,
    (person, session, otherwise): (&Person, &Session, Otherwise),
    ids: &Ids,
) -> Result<Made, ErrorPage> {
    let wrong = otherwise.wrong;
    let key = at.key(if wrong == Some(Wrong::OtherKey) { UNPUBLISHED } else { at.first_key() }).await?;
    let hash = if wrong == Some(Wrong::Sha1) { Hash::Sha1 } else { Hash::Sha256 };
    let signing = Signing { signature: hash, digest: hash, ..Signing::with(&key) };
    let made = assertion::of(at, asked, (person, session, otherwise), ids);
    let name_id = made.name_id().cloned();
    let named = in_tags(name_id.as_ref().map(|name_id| &*name_id.value).unwrap_or_default());
    let mut assertion = made.to_xml();
    if wrong == Some(Wrong::CommentInNameId) {
        // Signed so: a canonical form leaves comments out, whoever reads only the first text reads another name.
        assertion = assertion.replacen(&named, &named.replacen('>', &format!(">{FORGED}<!-- -->."), 1), 1);
    }
    let wrapping = if let Some(Wrong::Wrapped(form)) = wrong { Some(form) } else { None };
    let signed = signed(at, wrapping).filter(|_| wrong != Some(Wrong::Unsigned));
    if matches!(signed, Some(Signed::Assertion | Signed::Both)) {
        assertion = signing.sign(&assertion, &ids.assertion).map_err(failed)?;
    }
    let outer = envelope(at, asked, ids, wrong);
    let assertion = if wrapping.is_none() { encrypted(at, asked, assertion)? } else { assertion };
    let mut xml = outer.to_response(Some(&assertion));
    if matches!(signed, Some(Signed::Response | Signed::Both)) {
        xml = signing.sign(&xml, &ids.response).map_err(failed)?;
    }
    if let Some(form) = wrapping {
        let forge = |element: &str| element.replace(&named, &in_tags(FORGED));
        xml = form.wrap(&xml, forge).ok_or_else(|| failed("wrap a response: it has no signature"))?;
    }
    if wrong == Some(Wrong::ExternalEntity) {
        xml = format!("{ENTITY}{}", xml.replacen(&named, ">&file;<", 1));
    }
    Ok(Made { xml, name_id })
}

/// What is signed: a form of wrapping has its own needs.
fn signed(at: &At, wrapping: Option<Wrapping>) -> Option<Signed> {
    Some(match wrapping {
        Some(form) if form.needs_signed_response() => Signed::Response,
        Some(_) => Signed::Assertion,
        None => at.provider.signed,
    })
}

/// The assertion, encrypted where the service provider is registered so.
fn encrypted(at: &At, asked: &Asked, assertion: String) -> Result<String, ErrorPage> {
    let known = at.provider.registered(&asked.audience).filter(|known| known.encrypt);
    let Some(certificate) = known.and_then(|known| known.certificate.as_ref()) else { return Ok(assertion) };
    let mut rng = at.upstreams.write(|draft| Ok::<_, ErrorPage>(Rng::from_key(draft.rng().key())))?;
    Encryption::to(certificate).encrypt(&assertion, &mut rng).map_err(failed)
}

/// A text as it stands between two tags.
fn in_tags(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(">{escaped}<")
}
