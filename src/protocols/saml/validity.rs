//! For whom, when and by whom an assertion may be used. Source: SAML 2.0 Core §2.5, Profiles §4.1.4.2.

use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::names;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::status::StatusResponse;
use crate::time::Timestamp;

/// What the confirmation that was met says.
pub(super) struct Use {
    /// The request that it answers.
    pub(super) in_response_to: Option<String>,
    /// When it ends, skew aside.
    pub(super) until: Timestamp,
}

/// Checks what an assertion says of itself.
pub(super) fn check(assertion: &Assertion, expected: &Expectations<'_>) -> Result<Use, Refusal> {
    let conditions = check_purpose(assertion, expected)?;
    if assertion.name_id().is_none_or(|name_id| name_id.value.is_empty()) {
        return Err(Refusal::NoNameId);
    }
    let confirmations = assertion.subject.as_ref().map(|subject| &*subject.confirmations).unwrap_or_default();
    let mut failed = Refusal::NoBearer;
    let mut met = None;
    for bearer in confirmations.iter().filter(|confirmation| confirmation.method == names::BEARER) {
        match check_bearer(bearer, expected) {
            Ok(until) => {
                met = Some((bearer, until));
                break;
            }
            Err(refusal) => failed = refusal,
        }
    }
    let (bearer, until) = met.ok_or(failed)?;
    if assertion.authn_statements.is_empty() {
        return Err(Refusal::NoAuthnStatement);
    }
    let sessions = assertion.authn_statements.iter().filter_map(|statement| statement.session_not_on_or_after);
    sessions.min().map_or(Ok(()), |at| check_end(at, expected))?;
    let until = conditions.not_on_or_after.map_or(until, |at| until.min(at));
    Ok(Use { in_response_to: bearer.in_response_to.clone(), until })
}

/// Checks what a token that WS-Federation carries says of itself, and until when it may be used. Nothing tells there which
/// request it answers; whoever bears it may use it, unless it says otherwise.
pub(crate) fn check_token(assertion: &Assertion, expected: &Expectations<'_>) -> Result<Timestamp, Refusal> {
    let conditions = check_purpose(assertion, expected)?;
    let mut until = conditions.not_on_or_after;
    let confirmations = assertion.subject.as_ref().map(|subject| &*subject.confirmations).unwrap_or_default();
    let is_bearer = |method: &str| [names::BEARER, names::v1_1::BEARER].contains(&method);
    let mut bearers = confirmations.iter().filter(|confirmation| is_bearer(&confirmation.method)).peekable();
    if !confirmations.is_empty() && bearers.peek().is_none() {
        return Err(Refusal::NoBearer);
    }
    for bearer in bearers {
        if bearer.recipient.as_deref().is_some_and(|recipient| !expected.recipients.contains(&recipient)) {
            return Err(Refusal::Recipient(bearer.recipient.clone()));
        }
        if let Some(other) = bearer.in_response_to.as_deref().filter(|id| Some(*id) != expected.request) {
            return Err(Refusal::InResponseTo(other.to_owned()));
        }
        bearer.not_before.map_or(Ok(()), |at| check_beginning(at, expected))?;
        bearer.not_on_or_after.map_or(Ok(()), |at| check_end(at, expected))?;
        until = until.into_iter().chain(bearer.not_on_or_after).min();
    }
    until.ok_or(Refusal::NoExpiry)
}

/// Whose word it is, for whom and when.
fn check_purpose<'a>(assertion: &'a Assertion, expected: &Expectations<'_>) -> Result<&'a Conditions, Refusal> {
    if let Some(issuer) = expected.issuer.filter(|issuer| *issuer != assertion.issuer) {
        return Err(Refusal::Issuer { expected: issuer.to_owned(), found: assertion.issuer.clone() });
    }
    let conditions = assertion.conditions.as_ref().ok_or(Refusal::Audience(Vec::new()))?;
    check_conditions(conditions, expected)?;
    Ok(conditions)
}

fn check_conditions(conditions: &Conditions, expected: &Expectations<'_>) -> Result<(), Refusal> {
    conditions.not_before.map_or(Ok(()), |at| check_beginning(at, expected))?;
    conditions.not_on_or_after.map_or(Ok(()), |at| check_end(at, expected))?;
    if conditions.unknown {
        return Err(Refusal::Condition);
    }
    let ours = |restriction: &Vec<String>| restriction.iter().any(|audience| audience == expected.audience);
    if conditions.audiences.is_empty() || !conditions.audiences.iter().all(ours) {
        return Err(Refusal::Audience(conditions.audiences.concat()));
    }
    Ok(())
}

/// Checks one way to use an assertion, and says until when it is open.
fn check_bearer(bearer: &Confirmation, expected: &Expectations<'_>) -> Result<Timestamp, Refusal> {
    if !bearer.recipient.as_deref().is_some_and(|recipient| expected.recipients.contains(&recipient)) {
        return Err(Refusal::Recipient(bearer.recipient.clone()));
    }
    let until = bearer.not_on_or_after.ok_or(Refusal::NoExpiry)?;
    check_end(until, expected)?;
    bearer.not_before.map_or(Ok(()), |at| check_beginning(at, expected))?;
    Ok(until)
}

/// Which request is answered. One that is named must be the one that is outstanding, wherever it is named; when it is
/// named only where nobody signed it, it is as good as not named.
pub(super) fn check_request(
    response: &StatusResponse,
    response_signed: bool,
    use_of: &Use,
    expected: &Expectations<'_>,
) -> Result<Option<String>, Refusal> {
    let named = [response.in_response_to.as_deref(), use_of.in_response_to.as_deref()];
    if let Some(other) = named.into_iter().flatten().find(|id| Some(*id) != expected.request) {
        return Err(Refusal::InResponseTo(other.to_owned()));
    }
    let signed = use_of.in_response_to.clone().or_else(|| response.in_response_to.clone().filter(|_| response_signed));
    if signed.is_none() && (!expected.unsolicited || response.in_response_to.is_some()) {
        return Err(Refusal::Unsolicited);
    }
    Ok(signed)
}

fn check_end(at: Timestamp, expected: &Expectations<'_>) -> Result<(), Refusal> {
    if expected.now >= at.plus_seconds(expected.skew_seconds) { Err(Refusal::Expired(at)) } else { Ok(()) }
}

fn check_beginning(at: Timestamp, expected: &Expectations<'_>) -> Result<(), Refusal> {
    if expected.now.plus_seconds(expected.skew_seconds) < at { Err(Refusal::NotYetValid(at)) } else { Ok(()) }
}
