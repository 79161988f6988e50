//! Tokens in their envelopes, good and otherwise; metadata.

use crate::keys::rsa_key::RsaKey;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::names;
use crate::protocols::saml::names::v1_1;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::testing;
use crate::protocols::wsfed::consume;
use crate::protocols::wsfed::fault::Fault;
use crate::protocols::wsfed::metadata::TokenService;
use crate::protocols::wsfed::response::Envelope;
use crate::time::Timestamp;

/// A token that says what SAML 1.1 can say.
fn assertion() -> Assertion {
    let mut assertion = testing::assertion();
    if let Some(subject) = &mut assertion.subject {
        subject.confirmations = vec![Confirmation { method: v1_1::BEARER.to_owned(), ..Confirmation::default() }];
    }
    assertion
}

fn signed(assertion: &Assertion, key: &RsaKey) -> String {
    Signing::with(key).sign(&assertion.to_xml_1_1(), &assertion.id).unwrap()
}

fn enveloped(token: &str) -> String {
    let (created, expires) = (testing::now(), testing::now().plus_seconds(600));
    Envelope { realm: testing::SP, created, expires, token }.to_xml()
}

fn expectations() -> Expectations<'static> {
    Expectations { request: None, unsolicited: true, ..testing::expectations() }
}

fn consumed(xml: &str) -> Result<consume::Consumed, (&'static str, String)> {
    consume::consume(xml, &expectations()).map_err(|refusal| (refusal.check(), refusal.to_string()))
}

#[track_caller]
fn check(xml: &str, expected: &str) {
    assert_eq!(consumed(xml).unwrap_err().0, expected);
}

#[test]
fn a_good_token_is_taken_in_either_version() {
    let taken = consumed(&enveloped(&signed(&assertion(), &testing::KEY))).unwrap();
    assert_eq!(taken.assertion.name_id().unwrap().value, "ana@corp.example");
    assert_eq!(taken.replay_until, testing::now().plus_seconds(660));
    let mut new = testing::assertion();
    if let Some(confirmation) = new.subject.as_mut().and_then(|subject| subject.confirmations.first_mut()) {
        confirmation.in_response_to = None;
    }
    let signed = Signing::with(&testing::KEY).sign(&new.to_xml(), &new.id).unwrap();
    let taken = consumed(&enveloped(&signed)).unwrap();
    assert_eq!((taken.assertion, taken.replay_until), (new, testing::now().plus_seconds(360)));
}

#[test]
fn envelopes_of_ws_trust_1_3_are_opened() {
    let old = enveloped(&signed(&assertion(), &testing::KEY));
    let new = old
        .replace("http://schemas.xmlsoap.org/ws/2005/02/trust\"", "http://docs.oasis-open.org/ws-sx/ws-trust/200512\"");
    let collection = |inside: &str| {
        format!(
            "<c:RequestSecurityTokenResponseCollection xmlns:c='http://docs.oasis-open.org/ws-sx/ws-trust/200512'>{inside}</c:RequestSecurityTokenResponseCollection>"
        )
    };
    assert!(consumed(&new).is_ok());
    assert!(consumed(&collection(&new)).is_ok());
    check(&collection(""), "schema");
    check("<r/>", "schema");
    check(&enveloped(""), "assertion");
    check(&enveloped("<e:EncryptedData xmlns:e='http://www.w3.org/2001/04/xmlenc#'/>"), "schema");
}

#[test]
fn a_signature_is_wanted_and_must_be_good() {
    check(&enveloped(&assertion().to_xml_1_1()), "signature");
    check(&enveloped(&signed(&assertion(), &testing::OTHER)), "thumbprint");
    check(&enveloped(&signed(&assertion(), &testing::KEY)).replace("admins", "owners"), "signature");
    let sha1 = Signing { signature: crate::keys::hash::Hash::Sha1, ..Signing::with(&testing::KEY) };
    check(&enveloped(&sha1.sign(&assertion().to_xml_1_1(), "_assertion").unwrap()), "algorithm");
}

#[test]
fn what_is_read_is_what_was_signed() {
    let good = signed(&assertion(), &testing::KEY);
    let forged = Assertion { id: "_forged".to_owned(), ..assertion() }.to_xml_1_1();
    let (start, end) = good.split_at(good.find("<ds:Signature").unwrap());
    // The forged one carries the good one with its signature.
    let around = forged.replace("</saml:Assertion>", &format!("{good}</saml:Assertion>"));
    check(&enveloped(&around), "wrapping");
    // The good one stands beside it, or elsewhere.
    check(&enveloped(&format!("{forged}{good}")), "schema");
    check(&enveloped(&forged).replace("<t:TokenType>", &format!("{good}<t:TokenType>")), "wrapping");
    // The signature alone was moved.
    let signature = end.strip_suffix("</saml:Assertion>").unwrap();
    let moved = enveloped(&format!("{start}</saml:Assertion>"));
    check(&moved.replace("<t:TokenType>", &format!("{signature}<t:TokenType>")), "wrapping");
    check(&enveloped(&forged.replace("</saml:Assertion>", end)), "signature");
}

#[test]
fn a_token_is_for_whom_and_when_it_says() {
    let changed = |change: &dyn Fn(&mut Assertion)| {
        let mut assertion = assertion();
        change(&mut assertion);
        enveloped(&signed(&assertion, &testing::KEY))
    };
    let conditions = |assertion: &mut Assertion, from: Option<Timestamp>, until: Option<Timestamp>| {
        if let Some(conditions) = &mut assertion.conditions {
            (conditions.not_before, conditions.not_on_or_after) = (from, until);
        }
    };
    let at = |seconds| Some(testing::now().plus_seconds(seconds));
    check(&changed(&|assertion| assertion.issuer = "urn:evil.example".to_owned()), "issuer");
    check(&changed(&|assertion| conditions(assertion, at(61), at(600))), "not_before");
    check(&changed(&|assertion| conditions(assertion, at(-600), at(-60))), "expiry");
    check(&changed(&|assertion| conditions(assertion, None, None)), "expiry");
    check(&changed(&|assertion| assertion.conditions = None), "audience");
    let other = |assertion: &mut Assertion| {
        if let Some(conditions) = &mut assertion.conditions {
            conditions.audiences = vec![vec!["urn:other".to_owned()]];
        }
    };
    check(&changed(&other), "audience");
    let holder = enveloped(&assertion().to_xml_1_1().replace("cm:bearer", "cm:holder-of-key"));
    let (start, rest) = holder.split_once("<saml:Assertion").unwrap();
    let (inside, end) = rest.split_once("</saml:Assertion>").unwrap();
    let token = format!("<saml:Assertion{inside}</saml:Assertion>");
    let token = Signing::with(&testing::KEY).sign(&token, "_assertion").unwrap();
    check(&format!("{start}{token}{end}"), "confirmation");
}

#[test]
fn a_token_of_saml_2_is_not_for_others_either() {
    let with = |change: &dyn Fn(&mut Confirmation)| {
        let mut assertion = testing::assertion();
        if let Some(confirmation) = assertion.subject.as_mut().and_then(|subject| subject.confirmations.first_mut()) {
            confirmation.in_response_to = None;
            change(confirmation);
        }
        enveloped(&Signing::with(&testing::KEY).sign(&assertion.to_xml(), &assertion.id).unwrap())
    };
    check(&with(&|confirmation| confirmation.recipient = Some("https://other.example/".to_owned())), "recipient");
    check(&with(&|confirmation| confirmation.in_response_to = Some("_other".to_owned())), "in_response_to");
    check(&with(&|confirmation| confirmation.method = "urn:other".to_owned()), "confirmation");
    check(&with(&|confirmation| confirmation.not_on_or_after = Some(testing::now().plus_seconds(-60))), "expiry");
}

#[test]
fn a_fault_is_told_with_its_reason() {
    let fault = Fault::FailedAuthentication.to_xml("user is <blocked>");
    let envelope = |inside: &str| {
        format!("<S:Envelope xmlns:S='http://www.w3.org/2003/05/soap-envelope'><S:Body>{inside}</S:Body></S:Envelope>")
    };
    for xml in [fault.clone(), envelope(&fault)] {
        let Err(Refusal::Status(status)) = consume::consume(&xml, &expectations()) else { panic!("{xml}") };
        assert_eq!(status.codes, ["S:Sender", "wst:FailedAuthentication"]);
        assert_eq!(status.message.as_deref(), Some("user is <blocked>"));
    }
    check(&envelope(""), "schema");
    // One that stands beside a token is none.
    let beside =
        enveloped(&signed(&assertion(), &testing::KEY)).replace("<t:TokenType>", &format!("{fault}<t:TokenType>"));
    assert!(consumed(&beside).is_ok());
}

#[test]
fn certificates_are_found_in_what_they_signed() {
    let xml = enveloped(&signed(&assertion(), &testing::KEY));
    let carried = consume::carried_certificates(&xml);
    assert_eq!(carried, [crate::keys::digest::base64(testing::KEY.certificate().der())]);
    assert_eq!(consume::carried_certificates("nonsense"), Vec::<String>::new());
}

#[test]
fn metadata_is_read_as_it_is_written() {
    let service = TokenService {
        entity_id: "http://adfs.example/adfs/services/trust".to_owned(),
        signing: vec![testing::KEY.certificate().clone(), testing::OTHER.certificate().clone()],
        passive: "https://adfs.example/adfs/ls/".to_owned(),
        claims: vec![("http://schemas.example/shoe".to_owned(), "Shoe".to_owned())],
    };
    let xml = service.to_xml();
    assert_eq!(TokenService::read(&xml), Ok(TokenService { claims: Vec::new(), ..service.clone() }));
    let application = xml.replace("SecurityTokenServiceType", "ApplicationServiceType");
    assert_eq!(TokenService::read(&application).unwrap().passive, service.passive);
    let neither = xml.replace("SecurityTokenServiceType", "AttributeServiceType");
    let error = TokenService::read(&neither).unwrap_err().to_string();
    assert!(error.ends_with("EntityDescriptor: it has no PassiveRequestorEndpoint"), "{error}");
    let other = format!("<EntityDescriptor xmlns='{}' entityID='x'/>", names::METADATA);
    assert!(TokenService::read(&other).is_err());
    assert!(TokenService::read("<r/>").is_err());
}
