//! Requests as they go out, and responses as they come back.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::connections::error::ConnectionError;
use crate::connections::redirect::Departure;
use crate::connections::redirect::Returned;
use crate::connections::testing::Party;
use crate::connections::testing::request;
use crate::domain::profile::claim_uris::NAME_ID;
use crate::domain::transaction::AuthorizationRequest;
use crate::keys::digest;
use crate::keys::hash::Hash;
use crate::keys::x509::Certificate;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::binding;
use crate::protocols::saml::encrypt::Encryption;
use crate::protocols::saml::names;
use crate::protocols::saml::redirect::Incoming;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::testing;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::xml::Document;
use crate::time::Rng;

const ACS: &str = "http://localhost:4480/login/callback?connection=samlp";
const ENTITY: &str = "urn:auth0:acme:samlp";

/// A connection to the provider of the tests.
fn party(mut more: Value) -> Party {
    let options = more.as_object_mut().unwrap();
    options.entry("signInEndpoint").or_insert_with(|| "https://idp.example/sso?tenant=1".into());
    let certificate = digest::base64(testing::KEY.certificate().der());
    options.entry("signingCert").or_insert_with(|| certificate.into());
    Party::new("samlp", "http://localhost:1", more)
}

fn read(xml: &str) -> AuthnRequest {
    AuthnRequest::read(Document::parse(xml).unwrap().root()).unwrap()
}

async fn away(party: &Party) -> Departure {
    party.depart(&request()).await.unwrap()
}

/// What is good for this departure.
fn answer(departure: &Departure) -> (StatusResponse, Assertion) {
    let (mut response, mut assertion) = (testing::response(), testing::assertion());
    response.in_response_to = Some(departure.visit.nonce.clone());
    response.header.destination = Some(ACS.to_owned());
    let confirmation = &mut assertion.subject.as_mut().unwrap().confirmations[0];
    confirmation.in_response_to = Some(departure.visit.nonce.clone());
    confirmation.recipient = Some(ACS.to_owned());
    assertion.conditions.as_mut().unwrap().audiences = vec![vec![ENTITY.to_owned()]];
    (response, assertion)
}

async fn back(party: &Party, departure: &Departure, xml: &str) -> Result<Returned, ConnectionError> {
    party.arrive(&departure.visit, &[("SAMLResponse", &binding::to_post(xml))]).await
}

#[tokio::test]
async fn a_request_goes_out_by_redirect_unsigned() {
    let party = party(json!({ "upstream_params": { "hint": { "alias": "login_hint" }, "acr": { "value": "2" } } }));
    let asked = AuthorizationRequest { login_hint: Some("ana@corp.example".to_owned()), ..request() };
    let departure = party.depart(&asked).await.unwrap();
    assert!(
        departure.location.starts_with("https://idp.example/sso?tenant=1&hint=ana%40corp.example&acr=2&SAMLRequest=")
    );
    let incoming = Incoming::read(departure.location.split_once('?').unwrap().1).unwrap();
    assert_eq!((incoming.relay_state.as_deref(), incoming.is_signed()), (Some(&*departure.visit.state), false));
    let request = read(&incoming.xml);
    assert_eq!(request.header.id, departure.visit.nonce);
    assert_eq!(request.header.issuer.as_deref(), Some(ENTITY));
    assert_eq!(request.header.destination.as_deref(), Some("https://idp.example/sso?tenant=1"));
    assert_eq!(request.assertion_consumer_url.as_deref(), Some(ACS));
    assert!(departure.fields.is_empty());
}

#[tokio::test]
async fn a_request_is_signed_with_the_connections_own_key() {
    let key = key_pem();
    let own = json!({ "signSAMLRequest": true, "signing_key": { "key": key.0, "cert": key.1 }, "deflate": false });
    let trusted = [Certificate::from_text(&key.1).unwrap()];
    let trust = Trust { certificates: &trusted, sha1: Sha1::Accepted };
    let mut options = own.clone();
    let departure = away(&party(options.clone())).await;
    let incoming = Incoming::read(departure.location.split_once('?').unwrap().1).unwrap();
    assert_eq!(incoming.verify(&trust), Ok(()));
    assert!(departure.location.contains("SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256"));
    let plain = incoming_bytes(&departure);
    assert!(plain.starts_with(b"<samlp:AuthnRequest"), "it is not to be deflated");

    options["protocolBinding"] = names::binding::POST.into();
    options["signatureAlgorithm"] = "rsa-sha1".into();
    options["digestAlgorithm"] = "sha1".into();
    let departure = away(&party(options)).await;
    assert_eq!(departure.location, "https://idp.example/sso?tenant=1");
    let fields: BTreeMap<_, _> = departure.fields.iter().cloned().collect();
    assert_eq!(fields["RelayState"], departure.visit.state);
    let xml = binding::from_post(&fields["SAMLRequest"]).unwrap();
    assert!(xml.contains("http://www.w3.org/2000/09/xmldsig#rsa-sha1"));
    let document = Document::parse(&xml).unwrap();
    assert!(trust.verify(document.root()).is_ok());
}

#[tokio::test]
async fn a_template_is_filled_in() {
    let template = r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="@@ID@@" Version="2.0"
        IssueInstant="@@IssueInstant@@" @@AssertServiceURLAndDestination@@ ProviderName="@@ProviderName@@"
        ProtocolBinding="@@ProtocolBinding@@"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
        >@@Issuer@@</saml:Issuer><samlp:Extensions><x a="@@Connection.secret@@" b="@@Unknown@@" c="@@LoginHint@@"
        /></samlp:Extensions></samlp:AuthnRequest>"#;
    let options = json!({ "requestTemplate": template, "secret": "a<b", "protocolBinding": names::binding::POST });
    let asked = AuthorizationRequest { login_hint: Some("\"><evil/>".to_owned()), ..request() };
    let departure = party(options).depart(&asked).await.unwrap();
    let xml = binding::from_post(&departure.fields[0].1).unwrap();
    assert!(xml.contains(r#"a="a&lt;b" b="@@Unknown@@" c="&quot;&gt;&lt;evil/&gt;""#), "{xml}");
    let request = read(&xml);
    assert_eq!((request.header.id, request.provider_name.as_deref()), (departure.visit.nonce, Some("acme")));
    assert_eq!(request.assertion_consumer_url.as_deref(), Some(ACS));
}

#[tokio::test]
async fn a_good_response_brings_a_profile_once() {
    let party = party(json!({}));
    let departure = away(&party).await;
    let (response, assertion) = answer(&departure);
    let returned = back(&party, &departure, &testing::signed(&response, &assertion)).await.unwrap();
    assert_eq!(returned.raw.0[NAME_ID], "ana@corp.example");
    let session = returned.session.unwrap();
    assert_eq!((session.name_id.as_str(), session.index.as_deref()), ("ana@corp.example", Some("_session")));
    let once = returned.once.unwrap();
    assert_eq!(once.hash, digest::sha256(b"urn:idp.example\n_assertion"));
    assert_eq!(once.until, testing::now().plus_seconds(360));
}

#[tokio::test]
async fn an_assertion_encrypted_for_the_connections_key_is_read() {
    let (key, certificate) = key_pem();
    let encrypted_for = Certificate::from_text(&certificate).unwrap();
    for option in [json!({ "key": key, "cert": certificate }), json!(key)] {
        let party = party(json!({ "decryptionKey": option }));
        let departure = away(&party).await;
        let (response, assertion) = answer(&departure);
        let signed = Signing::with(&testing::KEY).sign(&assertion.to_xml(), &assertion.id).unwrap();
        let encrypted = Encryption::to(&encrypted_for).encrypt(&signed, &mut Rng::new(Some(2))).unwrap();
        let xml = response.to_response(Some(&encrypted));
        assert!(back(&party, &departure, &xml).await.is_ok());
        let without = self::party(json!({}));
        let refused = Departure { visit: departure.visit.clone(), ..away(&without).await };
        assert_eq!(check(back(&without, &refused, &xml).await), Some("encryption"));
    }
}

/// The check that didn't let a response pass.
fn check(result: Result<Returned, ConnectionError>) -> Option<&'static str> {
    match result {
        Err(ConnectionError::Assertion(doubt)) => Some(doubt.check),
        _ => None,
    }
}

#[tokio::test]
async fn refusals_name_their_check_in_the_real_services_words() {
    let party = party(json!({ "debug": true }));
    let departure = away(&party).await;
    let refused = |xml: String| {
        let (party, departure) = (&party, &departure);
        async move {
            let Err(ConnectionError::Assertion(doubt)) = back(party, departure, &xml).await else { panic!("{xml}") };
            assert_eq!(doubt.message.as_deref(), Some(&*xml));
            (doubt.check, doubt.description)
        }
    };
    let (response, assertion) = answer(&departure);
    let other = Signing::with(&testing::OTHER).sign(&assertion.to_xml(), &assertion.id).unwrap();
    let (thumbprint, described) = refused(response.to_response(Some(&other))).await;
    let (known, found) = (testing::KEY.certificate().thumbprint(), testing::OTHER.certificate().thumbprint());
    let expected = format!("Invalid thumbprint (configured: {known}. calculated: {found})");
    assert_eq!((thumbprint, described), ("thumbprint", expected));

    let (_, mut late) = answer(&departure);
    late.conditions.as_mut().unwrap().not_on_or_after = Some(testing::now().plus_seconds(-61));
    let expired = refused(testing::signed(&response, &late)).await;
    assert_eq!(expired, ("expiry", "assertion has expired.".to_owned()));

    let failed = Status::failure(names::status::RESPONDER, Some(names::status::AUTHN_FAILED), Some("Wrong password."));
    let failed = StatusResponse { status: failed, ..response.clone() };
    assert_eq!(refused(failed.to_response(None)).await, ("status", "Wrong password.".to_owned()));

    let elsewhere = StatusResponse { in_response_to: Some("_other".to_owned()), ..response.clone() };
    assert_eq!(refused(testing::signed(&elsewhere, &assertion)).await.0, "in_response_to");
    assert_eq!(refused(response.to_response(Some(&assertion.to_xml()))).await.0, "signature");
}

#[tokio::test]
async fn sha_1_is_taken_where_the_connection_says_so() {
    let old = |key| Signing { key, signature: Hash::Sha1, digest: Hash::Sha1 };
    for (options, taken) in [(json!({}), false), (json!({ "signatureAlgorithm": "rsa-sha1" }), true)] {
        let party = party(options);
        let departure = away(&party).await;
        let (response, assertion) = answer(&departure);
        let signed = old(&testing::KEY).sign(&assertion.to_xml(), &assertion.id).unwrap();
        let result = back(&party, &departure, &response.to_response(Some(&signed))).await;
        assert_eq!(result.is_ok(), taken);
    }
}

#[tokio::test]
async fn a_connection_that_is_set_up_wrongly_says_what_is_wrong() {
    for (options, expected) in [
        (json!({ "signingCert": "nonsense" }), "use the connection: signingCert: "),
        (json!({ "signInEndpoint": "nowhere" }), "use the connection: signInEndpoint \"nowhere\": "),
        (json!({ "signSAMLRequest": true, "signing_key": { "key": "k" } }), "use the connection: signing_key: "),
        (json!({ "metadataXml": "<r/>" }), "use the connection: the metadata doesn't follow its schema"),
    ] {
        let error = party(options).depart(&request()).await.unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[tokio::test]
async fn own_names_and_addresses_are_expected_where_the_options_have_them() {
    let options = json!({ "entityId": "urn:own", "recipientUrl": "https://proxy.example/acs",
        "destinationUrl": "https://proxy.example/acs" });
    let party = party(options);
    let departure = away(&party).await;
    let (mut response, mut assertion) = answer(&departure);
    assert_eq!(check(back(&party, &departure, &testing::signed(&response, &assertion)).await), Some("audience"));
    assertion.conditions.as_mut().unwrap().audiences = vec![vec!["urn:own".to_owned()]];
    for address in ["https://proxy.example/acs", ACS, "http://localhost:4480/login/callback"] {
        response.header.destination = Some(address.to_owned());
        assertion.subject.as_mut().unwrap().confirmations[0].recipient = Some(address.to_owned());
        assert!(back(&party, &departure, &testing::signed(&response, &assertion)).await.is_ok(), "{address}");
    }
    response.header.destination = Some("https://evil.example/".to_owned());
    assert_eq!(check(back(&party, &departure, &testing::signed(&response, &assertion)).await), Some("destination"));
}

/// A new pair, as people paste it.
fn key_pem() -> (String, String) {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["sp.example".to_owned()]).unwrap().self_signed(&pair).unwrap();
    (pair.serialize_pem(), certificate.pem())
}

/// What the query carries, without base64.
fn incoming_bytes(departure: &Departure) -> Vec<u8> {
    let location = Url::parse(&departure.location).unwrap();
    let found = location.query_pairs().find(|(name, _)| name == "SAMLRequest").unwrap();
    digest::from_base64(&found.1).unwrap()
}
