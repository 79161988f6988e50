//! Responses that a service provider takes, and those that it doesn't.

use crate::keys::block_cipher::BlockCipher;
use crate::keys::hash::Hash;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::consume::Consumed;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::consume::consume;
use crate::protocols::saml::decrypt::DecryptError;
use crate::protocols::saml::encrypt::Encryption;
use crate::protocols::saml::names;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::testing;
use crate::protocols::saml::testing::KEY;
use crate::protocols::saml::testing::OTHER;
use crate::protocols::saml::testing::REQUEST;
use crate::protocols::saml::testing::expectations;
use crate::protocols::saml::testing::now;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::verify::Trust;
use crate::time::Rng;
use crate::time::Timestamp;

/// Takes a good response that was changed before it was signed.
fn changed(
    change: impl FnOnce(&mut StatusResponse, &mut Assertion),
    expected: &Expectations<'_>,
) -> Result<Consumed, Refusal> {
    let (mut response, mut assertion) = (testing::response(), testing::assertion());
    change(&mut response, &mut assertion);
    consume(&testing::signed(&response, &assertion), expected)
}

#[track_caller]
fn refused(change: impl FnOnce(&mut StatusResponse, &mut Assertion), expected: Refusal) {
    assert_eq!(changed(change, &expectations()), Err(expected));
}

#[test]
fn a_good_response_is_read_as_it_was_made() {
    let found = changed(|_, _| {}, &expectations()).unwrap();
    assert_eq!((found.assertion, found.response), (testing::assertion(), testing::response()));
    assert_eq!((found.assertion_signed, found.response_signed, found.encrypted), (true, false, false));
    assert_eq!(found.in_response_to.as_deref(), Some(REQUEST));
    assert_eq!(found.replay_until, now().plus_seconds(360));
}

#[test]
fn a_signature_over_the_response_is_as_good_and_both_are_checked() {
    let plain = testing::response().to_response(Some(&testing::assertion().to_xml()));
    assert_eq!(consume(&plain, &expectations()), Err(SignatureError::Missing.into()));
    let outer = Signing::with(&KEY).sign(&plain, "_response").unwrap();
    let found = consume(&outer, &expectations()).unwrap();
    assert_eq!((found.assertion_signed, found.response_signed), (false, true));
    assert_eq!(found.assertion, testing::assertion());

    let inner = testing::signed(&testing::response(), &testing::assertion());
    let both = Signing::with(&KEY).sign(&inner, "_response").unwrap();
    let found = consume(&both, &expectations()).unwrap();
    assert_eq!((found.assertion_signed, found.response_signed), (true, true));
    let foreign = Signing::with(&OTHER).sign(&inner, "_response").unwrap();
    let untrusted = SignatureError::Untrusted(OTHER.certificate().thumbprint());
    assert_eq!(consume(&foreign, &expectations()), Err(untrusted.clone().into()));

    let assertion = Signing::with(&OTHER).sign(&testing::assertion().to_xml(), "_assertion").unwrap();
    let foreign = testing::response().to_response(Some(&assertion));
    assert_eq!(consume(&foreign, &expectations()), Err(untrusted.clone().into()));
    let foreign = Signing::with(&KEY).sign(&foreign, "_response").unwrap();
    assert_eq!(consume(&foreign, &expectations()), Err(untrusted.into()));
}

#[test]
fn sha1_is_refused_unless_the_connection_takes_it() {
    let old = Signing { key: &KEY, signature: Hash::Sha1, digest: Hash::Sha1 };
    let assertion = old.sign(&testing::assertion().to_xml(), "_assertion").unwrap();
    let xml = testing::response().to_response(Some(&assertion));
    assert_eq!(consume(&xml, &expectations()).unwrap_err().check(), "algorithm");
    let expected = expectations();
    let lenient = Expectations { trust: Trust { sha1: Sha1::Accepted, ..expected.trust }, ..expected };
    assert!(consume(&xml, &lenient).is_ok());
}

#[test]
fn an_encrypted_assertion_is_read_by_its_key() {
    let keys = [&*OTHER, &*KEY];
    let expected = Expectations { decryption_keys: &keys, ..expectations() };
    let mut rng = Rng::new(Some(5));
    for cipher in [BlockCipher::Aes128Cbc, BlockCipher::Aes256Cbc, BlockCipher::Aes128Gcm, BlockCipher::Aes256Gcm] {
        let encryption = Encryption { cipher, ..Encryption::to(KEY.certificate()) };
        let signed = Signing::with(&KEY).sign(&testing::assertion().to_xml(), "_assertion").unwrap();
        let xml = testing::response().to_response(Some(&encryption.encrypt(&signed, &mut rng).unwrap()));
        let found = consume(&xml, &expected).unwrap();
        assert_eq!((found.assertion, found.encrypted, found.assertion_signed), (testing::assertion(), true, true));
        assert_eq!(consume(&xml, &expectations()), Err(DecryptError::NoKey.into()));
        let other = Expectations { decryption_keys: &keys[..1], ..expected };
        assert_eq!(consume(&xml, &other), Err(DecryptError::Failed.into()));
    }
    // Encryption is no signature: anybody can encrypt for us.
    let encryption = Encryption::to(KEY.certificate());
    let plain = encryption.encrypt(&testing::assertion().to_xml(), &mut rng).unwrap();
    let xml = testing::response().to_response(Some(&plain));
    assert_eq!(consume(&xml, &expected), Err(SignatureError::Missing.into()));
    let xml = Signing::with(&KEY).sign(&xml, "_response").unwrap();
    assert!(consume(&xml, &expected).unwrap().response_signed);
}

#[test]
fn times_are_checked_with_skew() {
    let at = |seconds: i64| {
        let expected = Expectations { now: now().plus_seconds(seconds), ..expectations() };
        changed(|_, _| {}, &expected).map(|_| ())
    };
    assert_eq!(at(-70), Ok(()));
    assert_eq!(at(-71), Err(Refusal::NotYetValid(now().plus_seconds(-10))));
    assert_eq!(at(359), Ok(()));
    assert_eq!(at(360), Err(Refusal::Expired(now().plus_seconds(300))));
    assert_eq!(at(660), Err(Refusal::Expired(now().plus_seconds(600))));
    let over = now().plus_seconds(-60);
    refused(|_, it| it.authn_statements[0].session_not_on_or_after = Some(over), Refusal::Expired(over));
    refused(|_, it| bearer(it).not_on_or_after = None, Refusal::NoExpiry);
}

fn bearer(assertion: &mut Assertion) -> &mut crate::protocols::saml::assertion::Confirmation {
    &mut assertion.subject.as_mut().unwrap().confirmations[0]
}

#[test]
fn each_check_has_a_refusal_of_its_own() {
    let other = || "https://other.example".to_owned();
    refused(|_, it| it.conditions.as_mut().unwrap().audiences = vec![vec![other()]], Refusal::Audience(vec![other()]));
    refused(|_, it| it.conditions.as_mut().unwrap().audiences.clear(), Refusal::Audience(Vec::new()));
    refused(|_, it| it.conditions = None, Refusal::Audience(Vec::new()));
    refused(|_, it| bearer(it).recipient = Some(other()), Refusal::Recipient(Some(other())));
    refused(|_, it| bearer(it).recipient = None, Refusal::Recipient(None));
    refused(|it, _| it.header.destination = Some(other()), Refusal::Destination(other()));
    let issuer = || Refusal::Issuer { expected: testing::IDP.to_owned(), found: other() };
    refused(|_, it| it.issuer = other(), issuer());
    refused(|it, _| it.header.issuer = Some(other()), issuer());
    refused(|_, it| it.subject.as_mut().unwrap().name_id = None, Refusal::NoNameId);
    refused(|_, it| it.subject = None, Refusal::NoNameId);
    refused(|_, it| bearer(it).method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key".to_owned(), Refusal::NoBearer);
    refused(|_, it| it.authn_statements.clear(), Refusal::NoAuthnStatement);
    let twice = vec![vec![testing::SP.to_owned()], vec![other()]];
    refused(
        |_, it| it.conditions.as_mut().unwrap().audiences = twice,
        Refusal::Audience(vec![testing::SP.into(), other()]),
    );
    assert_eq!(consume(&testing::response().to_response(None), &expectations()), Err(Refusal::NoAssertion));
    let found = changed(|it, _| it.header.destination = None, &expectations());
    assert!(found.is_ok(), "{found:?}");
}

#[test]
fn a_failure_is_told_with_its_message() {
    let denied = Status::failure(names::status::RESPONDER, Some(names::status::REQUEST_DENIED), Some("Not today"));
    refused(|it, _| it.status = denied.clone(), Refusal::Status(denied.clone()));
    assert_eq!(Refusal::Status(denied).to_string(), "the identity provider answered Not today");
    let bare = Status::failure(names::status::REQUESTER, Some(names::status::NO_PASSIVE), None);
    let text = Refusal::Status(bare).to_string();
    assert_eq!(text, "the identity provider answered urn:oasis:names:tc:SAML:2.0:status:NoPassive");
}

#[test]
fn a_request_that_is_named_must_be_the_outstanding_one() {
    let take = |outer: Option<&str>, inner: Option<&str>, request: Option<&'static str>, unsolicited: bool| {
        let change = |response: &mut StatusResponse, assertion: &mut Assertion| {
            response.in_response_to = outer.map(str::to_owned);
            bearer(assertion).in_response_to = inner.map(str::to_owned);
        };
        let expected = Expectations { request, unsolicited, ..expectations() };
        changed(change, &expected).map(|found| found.in_response_to)
    };
    let (ours, unknown) = (Some(REQUEST), Some("_unknown"));
    let named = |id: &str| Err(Refusal::InResponseTo(id.to_owned()));
    for unsolicited in [false, true] {
        assert_eq!(take(ours, ours, ours, unsolicited), Ok(Some(REQUEST.to_owned())));
        assert_eq!(take(None, ours, ours, unsolicited), Ok(Some(REQUEST.to_owned())));
        assert_eq!(take(unknown, ours, ours, unsolicited), named("_unknown"));
        assert_eq!(take(ours, unknown, ours, unsolicited), named("_unknown"));
        assert_eq!(take(ours, ours, None, unsolicited), named(REQUEST));
        assert_eq!(take(unknown, None, None, unsolicited), named("_unknown"));
        // An answer to no request, put into a message that says it answers ours: nobody signed that.
        assert_eq!(take(ours, None, ours, unsolicited), Err(Refusal::Unsolicited));
    }
    assert_eq!(take(None, None, ours, false), Err(Refusal::Unsolicited));
    assert_eq!(take(None, None, None, false), Err(Refusal::Unsolicited));
    assert_eq!(take(None, None, ours, true), Ok(None));
    assert_eq!(take(None, None, None, true), Ok(None));
}

#[test]
fn a_name_that_a_comment_cuts_is_refused() {
    let name = |xml: &str| {
        let found = consume(xml, &expectations())?;
        Ok::<_, Refusal>(found.assertion.name_id().unwrap().value.clone())
    };
    let xml = testing::signed(&testing::response(), &testing::assertion());
    assert_eq!(name(&xml).as_deref(), Ok("ana@corp.example"));
    // The signature doesn't see comments: this one is as good as without.
    let cut = xml.replace("ana@corp.example", "ana@corp.exam<!-- -->ple");
    assert_eq!(
        name(&cut).unwrap_err().to_string(),
        "the response doesn't follow its schema: NameID: there is a comment in its text"
    );
    assert_eq!(name(&xml.replace("ana@corp.example", "ana@corp.exam<?x?>ple")).unwrap_err().check(), "xml");
    assert_eq!(name(&xml.replace("ana@", "bo@")), Err(SignatureError::Digest.into()));
}

#[test]
fn what_is_no_response_is_refused() {
    let check = |xml: &str, check: &str| assert_eq!(consume(xml, &expectations()).unwrap_err().check(), check, "{xml}");
    let good = testing::signed(&testing::response(), &testing::assertion());
    check("", "xml");
    check("<r/>", "schema");
    check(&testing::assertion().to_xml(), "schema");
    check(&good.replacen("Version=\"2.0\"", "Version=\"1.1\"", 1), "schema");
    check(&good.replacen("ID=\"_response\"", "", 1), "schema");
    check(&good.replace("2.0:protocol", "1.1:protocol"), "schema");
    check(&format!("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", good.replace("ana@", "&x;")), "xml");
    assert!(consume(&format!("<?xml version=\"1.0\"?>\n{good}\n"), &expectations()).is_ok());
    let late = Timestamp::from_seconds(i64::MAX);
    assert_eq!(changed(|_, _| {}, &Expectations { now: late, ..expectations() }).unwrap_err().check(), "expiry");
}
