//! What comes from a browser or from a provider and is read as SAML: no input may panic, hang, or change its meaning
//! when it is written and read again.
//!
//! The first byte of an input says what the rest is taken for. The modules are the server's own, included by their path;
//! only cryptography is another one, in which every signature is good.

#![no_main]
#![allow(dead_code, reason = "the server uses the rest")]

#[path = "saml_keys.rs"]
mod keys;
#[path = "../../src/protocols"]
mod protocols {
    #[path = "saml/mod.rs"]
    pub(crate) mod saml;
    #[path = "wsfed/mod.rs"]
    pub(crate) mod wsfed;
}
#[path = "../../src/time/mod.rs"]
mod time;

use std::sync::LazyLock;
use std::sync::atomic::Ordering;

use libfuzzer_sys::fuzz_target;

use crate::keys::EVERYTHING_IS_SIGNED;
use crate::keys::public_key::PublicKey;
use crate::keys::rsa_key::RsaKey;
use crate::keys::x509::Certificate;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::binding;
use crate::protocols::saml::consume;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::redirect::Incoming;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::wrapping::Wrapping;
use crate::protocols::saml::xml::Document;
use crate::protocols::wsfed::consume as answer;
use crate::protocols::wsfed::metadata::TokenService;
use crate::time::Timestamp;

static KEY: LazyLock<RsaKey> = LazyLock::new(|| RsaKey(Certificate(PublicKey(b"certificate".to_vec()))));
static TRUSTED: LazyLock<[Certificate; 1]> = LazyLock::new(|| [KEY.certificate().clone()]);

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    EVERYTHING_IS_SIGNED.store(*kind != b's', Ordering::Relaxed);
    match kind {
        b'r' => response(text),
        b's' => signed(text),
        b'a' => authn_request(text),
        b'l' => logout(text),
        b'm' => metadata(text),
        b'q' => query(text),
        b'p' => drop(binding::from_post(text)),
        b'w' => wrapped(text),
        b't' => token(text),
        b'f' => token_service(text),
        _ => {}
    }
});

fn trust() -> Trust<'static> {
    Trust { certificates: &*TRUSTED, sha1: Sha1::Accepted }
}

fn expectations<'a>(decryption_keys: &'a [&'a RsaKey]) -> Expectations<'a> {
    Expectations {
        trust: trust(),
        issuer: None,
        audience: "urn:sp.example",
        destinations: &["https://sp.example/acs"],
        recipients: &["https://sp.example/acs"],
        request: Some("_request"),
        unsolicited: true,
        now: Timestamp::from_millis(1_935_655_200_000),
        skew_seconds: 60,
        decryption_keys,
    }
}

/// What was taken is the same after it was written and read again.
fn response(xml: &str) {
    let keys = [&*KEY];
    let expected = expectations(&keys);
    let _ = consume::claimed_request(xml);
    match consume::consume(xml, &expected) {
        Ok(found) => {
            assert!(found.assertion_signed || found.response_signed);
            let written = found.assertion.to_xml();
            assert_eq!(Assertion::read(Document::parse(&written).unwrap().root()), Ok(found.assertion));
        }
        Err(refusal) => drop((refusal.check(), refusal.to_string())),
    }
}

/// What WS-Federation brought is the same in the form of SAML 1.1, which says less than SAML 2.0, however often it is
/// written and read.
fn token(xml: &str) {
    let _ = answer::carried_certificates(xml);
    let found = match answer::consume(xml, &expectations(&[])) {
        Ok(found) => found.assertion.to_xml_1_1(),
        Err(refusal) => return drop((refusal.check(), refusal.to_string())),
    };
    let read = |xml: &str| Assertion::read_1_1(Document::parse(xml).unwrap().root());
    let Ok(once) = read(&found) else { return };
    assert_eq!(read(&once.to_xml_1_1()), Ok(once));
}

fn token_service(xml: &str) {
    if let Ok(service) = TokenService::read(xml) {
        assert_eq!(TokenService::read(&service.to_xml()), Ok(service));
    }
}

/// Whatever is signed is verified, and is the same afterwards but for its signature.
fn signed(xml: &str) {
    let Ok(document) = Document::parse(xml) else { return };
    let root = document.root();
    let Some(id) = root.attribute("ID") else { return };
    if root.children().any(|child| child.name() == "Signature") {
        return;
    }
    let Ok(signed) = Signing::with(&KEY).sign(xml, id) else { return };
    let Ok(document) = Document::parse(&signed) else { return };
    if !id.is_empty() {
        assert!(trust().verify(document.root()).is_ok(), "{signed}");
    }
}

fn authn_request(xml: &str) {
    let Ok(document) = Document::parse(xml) else { return };
    if let Ok(request) = AuthnRequest::read(document.root()) {
        let written = request.to_xml();
        assert_eq!(AuthnRequest::read(Document::parse(&written).unwrap().root()), Ok(request));
    }
}

fn logout(xml: &str) {
    let Ok(document) = Document::parse(xml) else { return };
    if let Ok(request) = LogoutRequest::read(document.root()) {
        let written = request.to_xml();
        assert_eq!(LogoutRequest::read(Document::parse(&written).unwrap().root()), Ok(request));
    }
    if let Ok(response) = StatusResponse::read_logout(document.root()) {
        let written = response.to_logout_response();
        assert_eq!(StatusResponse::read_logout(Document::parse(&written).unwrap().root()), Ok(response));
    }
}

/// Attributes of metadata lose their values when they are written, for nobody asks for those.
fn metadata(xml: &str) {
    let Ok(entities) = Entity::read_all(xml) else { return };
    for mut entity in entities {
        for attribute in entity.identity_provider.iter_mut().flat_map(|provider| &mut provider.attributes) {
            attribute.values.clear();
        }
        assert_eq!(Entity::read(&entity.to_xml()), Ok(entity));
    }
}

fn query(query: &str) {
    let Ok(found) = Incoming::read(query) else { return };
    let _ = found.verify(&trust());
    let again = Outgoing { kind: found.kind, xml: &found.xml, relay_state: found.relay_state.as_deref(), deflate: true };
    let again = Incoming::read(&again.to_query(Some(&Signing::with(&KEY))).unwrap());
    let again = again.map(|again| (again.kind, again.xml, again.relay_state));
    assert_eq!(again, Ok((found.kind, found.xml, found.relay_state)));
}

fn wrapped(xml: &str) {
    for form in Wrapping::ALL {
        if let Some(wrapped) = form.wrap(xml, |element| element.replace("ana@", "bo@")) {
            response(&wrapped);
        }
    }
}
