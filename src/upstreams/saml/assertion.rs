//! What an assertion says: who, for whom, until when. Source: SAML 2.0 Core §2; Profiles §4.1.4.2.

use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::names::name_id_format;
use crate::upstreams::saml::answer::Ids;
use crate::upstreams::saml::dialect;
use crate::upstreams::saml::otherwise::Otherwise;
use crate::upstreams::saml::pages::At;
use crate::upstreams::saml::provider::Person;
use crate::upstreams::saml::request::Asked;
use crate::upstreams::saml::response;
use crate::upstreams::saml::response::ELSEWHERE;
use crate::upstreams::saml::state::SESSION;
use crate::upstreams::saml::state::Session;
use crate::upstreams::saml::wrong::Wrong;

/// How long an answer may be used, in seconds.
const LIFETIME: i64 = 300;
/// How far the service provider's clock may be behind, in seconds.
const BEHIND: i64 = 60;
/// An hour and a little, so that no sound tolerance covers it.
const FAR: i64 = 3700;

/// Makes the assertion.
pub(super) fn of(
    at: &At,
    asked: &Asked,
    (person, session, otherwise): (&Person, &Session, Otherwise),
    ids: &Ids,
) -> Assertion {
    let is = |wrong| otherwise.wrong == Some(wrong);
    let by = match otherwise.wrong {
        Some(Wrong::Expired) => -FAR,
        Some(Wrong::NotYetValid) => FAR,
        _ => 0,
    };
    let now = ids.now.plus_seconds(by);
    let until = Some(now.plus_seconds(LIFETIME));
    let elsewhere = |wrong, usual: &str| if is(wrong) { ELSEWHERE.to_owned() } else { usual.to_owned() };
    let confirmation = Confirmation {
        method: names::BEARER.to_owned(),
        not_before: None,
        not_on_or_after: until,
        recipient: Some(elsewhere(Wrong::Recipient, &asked.acs)),
        in_response_to: response::in_response_to(asked, otherwise.wrong),
    };
    let name_id = (!is(Wrong::NoNameId)).then(|| name_id(at, asked, person, &ids.subject));
    Assertion {
        id: ids.assertion.clone(),
        issue_instant: ids.now,
        issuer: response::issuer(at, otherwise.wrong),
        subject: Some(Subject { name_id, confirmations: vec![confirmation] }),
        conditions: Some(Conditions {
            not_before: Some(now.plus_seconds(-BEHIND)),
            not_on_or_after: until,
            audiences: vec![vec![elsewhere(Wrong::Audience, &asked.audience)]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: session.since.plus_seconds(otherwise.ahead),
            session_index: Some(session.index.clone()),
            session_not_on_or_after: Some(ids.now.plus(SESSION)),
            class_ref: Some(names::authn_context::PASSWORD_PROTECTED_TRANSPORT.to_owned()),
        }],
        attributes: if is(Wrong::NoAttributes) { Vec::new() } else { attributes(person, otherwise.no_email) },
    }
}

/// Formats that a name identifier can have here.
pub(super) fn is_known_format(format: &str) -> bool {
    use name_id_format::{EMAIL_ADDRESS, PERSISTENT, TRANSIENT, UNSPECIFIED};
    [EMAIL_ADDRESS, PERSISTENT, TRANSIENT, UNSPECIFIED].contains(&format)
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

fn attributes(person: &Person, no_email: bool) -> Vec<Attribute> {
    let told = person.attributes.iter().filter(|(name, _)| !no_email || !Person::is_address(name));
    let attribute = |(name, values): &(String, Vec<String>)| Attribute {
        name: name.clone(),
        name_format: Some(dialect::name_format(name).to_owned()),
        friendly_name: dialect::friendly_name(name).map(str::to_owned),
        values: values.iter().map(|value| Value::string(value)).collect(),
    };
    told.map(attribute).collect()
}
