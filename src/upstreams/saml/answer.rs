//! The answer to a login: a response that is sent by the browser. Source: SAML 2.0 Profiles §4.1.4.2.

use axum::response::Response;

use crate::http::faults::behaviours::Behaviour;
use crate::http::faults::effect::Effect;
use crate::http::faults::scope::Who;
use crate::http::html::SelfSubmitting;
use crate::keys::hash::Hash;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::binding::to_post;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::header::new_id;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::names::attribute_name_format;
use crate::protocols::saml::names::name_id_format;
use crate::protocols::saml::names::status;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::time::Timestamp;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::metadata::failed;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::provider::Signed;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::saml::state::Participant;
use crate::upstreams::saml::state::Session;
use crate::upstreams::saml::wrong::Wrong;
use crate::upstreams::state::hash_of;

/// How long an answer may be used, in seconds.
const LIFETIME: i64 = 300;
/// How far the service provider's clock may be behind, in seconds.
const BEHIND: i64 = 60;
/// How long a session lasts, in seconds.
const SESSION: i64 = 8 * 3600;
/// An hour and a little, so that no sound tolerance covers it.
const FAR: i64 = 3700;
/// Who else is meant where an answer goes wrong.
const ELSEWHERE: &str = "https://elsewhere.example/saml";
/// Whose name is forged.
const FORGED: &str = "admin@forged.example";

/// How a login ended.
pub(super) enum Outcome<'a> {
    Person(&'a Person, &'a Session),
    Declined,
    /// A page would have been needed, and none was allowed.
    NoPassive,
}

/// Ids of an answer.
struct Ids {
    response: String,
    assertion: String,
    subject: String,
    now: Timestamp,
}

/// Sends the answer to whoever asked, by a form that submits itself.
///
/// # Errors
/// A failure of the keys or of what is made with them.
pub(super) async fn send(at: &At, asked: &Asked, outcome: Outcome<'_>) -> Result<Response, ErrorPage> {
    let (asked, outcome) = (&at.as_told(asked, &outcome), at.declined(asked, outcome));
    let ids = at.upstreams.write(|draft| -> Result<_, ErrorPage> {
        let now = draft.now;
        let [response, assertion, subject] = std::array::from_fn(|_| new_id(draft.rng()));
        Ok(Ids { response, assertion, subject, now })
    })?;
    let mut xml = match outcome {
        Outcome::Person(person, session) => of_person(at, asked, (person, session), &ids).await?,
        Outcome::Declined => failure(at, asked, &ids, (status::AUTHN_FAILED, "The person declined to sign in.")),
        Outcome::NoPassive => failure(at, asked, &ids, (status::NO_PASSIVE, "Nobody is signed in.")),
    };
    if matches!(outcome, Outcome::Person(..)) {
        let participant = participant(at, asked, &outcome, &ids);
        at.upstreams.write(|draft| -> Result<_, ErrorPage> {
            if let Some((browser, participant)) = at.browser.as_deref().map(hash_of).zip(participant) {
                draft.saml.participate(&(at.provider.name.clone(), browser), participant);
            }
            let last = draft.saml.last.get(&at.provider.name);
            match last.filter(|_| asked.wrong == Some(Wrong::Replayed)) {
                Some(last) => xml.clone_from(last),
                None => draft.saml.last.put(at.provider.name.clone(), xml.clone()),
            }
            Ok(())
        })?;
    }
    let mut fields = vec![("SAMLResponse".to_owned(), to_post(&xml))];
    fields.extend(asked.relay_state.iter().map(|state| ("RelayState".to_owned(), state.clone())));
    Ok(SelfSubmitting { action: &asked.acs, fields: &fields }.answer()?)
}

fn participant(at: &At, asked: &Asked, outcome: &Outcome<'_>, ids: &Ids) -> Option<Participant> {
    let Outcome::Person(person, _) = outcome else { return None };
    let name_id = name_id(at, asked, person, &ids.subject);
    Some(Participant { entity_id: asked.audience.clone(), acs: asked.acs.clone(), name_id })
}

impl At {
    /// The login as it was asked for, and as wrong as a test wants it.
    fn as_told(&self, asked: &Asked, outcome: &Outcome<'_>) -> Asked {
        let occasion = asked.request.as_deref().unwrap_or_default();
        let told = self.behaviours.ask(Behaviour::WrongResponse, &who(asked, outcome), occasion);
        let wrong = match &told {
            Some(Effect::WrongResponse { form }) => Wrong::of(form),
            _ => None,
        };
        Asked { wrong: wrong.or(asked.wrong), ..asked.clone() }
    }

    /// The end of the login, unless a test wants the person to be sent back.
    fn declined<'a>(&self, asked: &Asked, outcome: Outcome<'a>) -> Outcome<'a> {
        let occasion = asked.request.as_deref().unwrap_or_default();
        let declines = self.behaviours.ask(Behaviour::Declines, &who(asked, &outcome), occasion).is_some();
        if declines { Outcome::Declined } else { outcome }
    }
}

/// The service provider, and all that the person is called.
fn who(asked: &Asked, outcome: &Outcome<'_>) -> Who {
    let people = match outcome {
        Outcome::Person(person, _) => {
            let names = [format!("saml:{}", person.id), person.id.clone()];
            names.into_iter().chain(person.email().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    };
    Who { client: Some(asked.audience.clone()), people }
}

fn failure(at: &At, asked: &Asked, ids: &Ids, (code, message): (&str, &str)) -> String {
    let status = Status::failure(status::RESPONDER, Some(code), Some(message));
    StatusResponse { status, ..envelope(at, asked, ids) }.to_response(None)
}

/// A good answer's beginning, as far as it isn't to be wrong.
fn envelope(at: &At, asked: &Asked, ids: &Ids) -> StatusResponse {
    let destination = if asked.wrong == Some(Wrong::Destination) { ELSEWHERE } else { &asked.acs };
    let header = Header {
        id: ids.response.clone(),
        issue_instant: ids.now,
        destination: Some(destination.to_owned()),
        issuer: Some(issuer(at, asked)),
    };
    StatusResponse { header, in_response_to: in_response_to(asked), status: Status::success() }
}

fn issuer(at: &At, asked: &Asked) -> String {
    if asked.wrong == Some(Wrong::Issuer) { ELSEWHERE.to_owned() } else { at.entity_id() }
}

fn in_response_to(asked: &Asked) -> Option<String> {
    if asked.wrong == Some(Wrong::InResponseTo) { Some("_never_asked".to_owned()) } else { asked.request.clone() }
}

/// The response that names a person, signed, and wrong where it shall be.
async fn of_person(
    at: &At,
    asked: &Asked,
    (person, session): (&Person, &Session),
    ids: &Ids,
) -> Result<String, ErrorPage> {
    let key = at.key(u32::from(asked.wrong == Some(Wrong::OtherKey))).await?;
    let hash = if asked.wrong == Some(Wrong::Sha1) { Hash::Sha1 } else { Hash::Sha256 };
    let signing = Signing { signature: hash, digest: hash, ..Signing::with(&key) };
    let assertion = assertion(at, asked, (person, session), ids);
    let name_id = assertion.name_id().map(|name_id| name_id.value.clone()).unwrap_or_default();
    let mut xml = envelope(at, asked, ids).to_response(Some(&assertion.to_xml()));
    if asked.wrong == Some(Wrong::CommentInNameId) {
        // Signed so: a canonical form leaves comments out, whoever reads only the first text reads another name.
        xml = xml.replacen(&in_tags(&name_id), &format!(">{FORGED}<!-- -->.{}<", escaped(&name_id)), 1);
    }
    let wrapping = if let Some(Wrong::Wrapped(form)) = asked.wrong { Some(form) } else { None };
    let signed = match wrapping {
        Some(form) if form.needs_signed_response() => Signed::Response,
        Some(_) => Signed::Assertion,
        None => at.provider.signed,
    };
    if asked.wrong != Some(Wrong::Unsigned) {
        if signed != Signed::Response {
            xml = signing.sign(&xml, &ids.assertion).map_err(failed)?;
        }
        if signed != Signed::Assertion {
            xml = signing.sign(&xml, &ids.response).map_err(failed)?;
        }
    }
    if let Some(form) = wrapping {
        let forge = |element: &str| element.replace(&in_tags(&name_id), &format!(">{FORGED}<"));
        xml = form.wrap(&xml, forge).ok_or_else(|| failed("wrap a response: it has no signature"))?;
    }
    if asked.wrong == Some(Wrong::ExternalEntity) {
        let entity = "<!DOCTYPE r [<!ENTITY file SYSTEM \"file:///etc/hostname\">]>";
        xml = format!("{entity}{}", xml.replacen(&in_tags(&name_id), ">&file;<", 1));
    }
    Ok(xml)
}

/// A text as it stands between two tags.
fn in_tags(text: &str) -> String {
    format!(">{}<", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn assertion(at: &At, asked: &Asked, (person, session): (&Person, &Session), ids: &Ids) -> Assertion {
    let is = |wrong| asked.wrong == Some(wrong);
    let by = if is(Wrong::Expired) {
        -FAR
    } else if is(Wrong::NotYetValid) {
        FAR
    } else {
        0
    };
    let now = ids.now.plus_seconds(by);
    let until = Some(now.plus_seconds(LIFETIME));
    let recipient = if is(Wrong::Recipient) { ELSEWHERE } else { &asked.acs };
    let confirmation = Confirmation {
        method: names::BEARER.to_owned(),
        not_before: None,
        not_on_or_after: until,
        recipient: Some(recipient.to_owned()),
        in_response_to: in_response_to(asked),
    };
    let audience = if is(Wrong::Audience) { ELSEWHERE } else { &asked.audience };
    let name_id = (!is(Wrong::NoNameId)).then(|| name_id(at, asked, person, &ids.subject));
    let attributes = if is(Wrong::NoAttributes) { Vec::new() } else { attributes(person) };
    Assertion {
        id: ids.assertion.clone(),
        issue_instant: ids.now,
        issuer: issuer(at, asked),
        subject: Some(Subject { name_id, confirmations: vec![confirmation] }),
        conditions: Some(Conditions {
            not_before: Some(now.plus_seconds(-BEHIND)),
            not_on_or_after: until,
            audiences: vec![vec![audience.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: session.since,
            session_index: Some(session.index.clone()),
            session_not_on_or_after: Some(ids.now.plus_seconds(SESSION)),
            class_ref: Some(names::authn_context::PASSWORD_PROTECTED_TRANSPORT.to_owned()),
        }],
        attributes,
    }
}

/// The name identifier in the format that was asked for, as far as there is one; else as the account has it.
fn name_id(at: &At, asked: &Asked, person: &Person, transient: &str) -> NameId {
    let wanted = asked.format.as_deref().filter(|format| *format != name_id_format::UNSPECIFIED);
    let own = person.format.as_deref().unwrap_or(name_id_format::UNSPECIFIED);
    let (value, format) = match wanted {
        Some(name_id_format::TRANSIENT) => (transient, name_id_format::TRANSIENT),
        Some(name_id_format::EMAIL_ADDRESS) => (person.email().unwrap_or(&person.id), name_id_format::EMAIL_ADDRESS),
        Some(name_id_format::PERSISTENT) => (&*person.id, name_id_format::PERSISTENT),
        _ => (&*person.id, own),
    };
    let qualifies = format == name_id_format::PERSISTENT;
    NameId {
        value: value.to_owned(),
        format: Some(format.to_owned()),
        name_qualifier: qualifies.then(|| at.entity_id()),
        sp_name_qualifier: qualifies.then(|| asked.audience.clone()),
    }
}

/// Attributes: names that are URIs say so.
fn attributes(person: &Person) -> Vec<Attribute> {
    let attribute = |(name, values): &(String, Vec<String>)| Attribute {
        name: name.clone(),
        name_format: Some(
            if name.contains(':') { attribute_name_format::URI } else { attribute_name_format::BASIC }.to_owned(),
        ),
        friendly_name: None,
        values: values.iter().map(|value| Value::string(value)).collect(),
    };
    person.attributes.iter().map(attribute).collect()
}
