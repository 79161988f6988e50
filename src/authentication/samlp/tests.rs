//! The add-on, as service providers and browsers meet it.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;

use crate::authentication::testing::ANA;
use crate::authentication::testing::Answer;
use crate::authentication::testing::Browser;
use crate::authentication::testing::Host;
use crate::authentication::testing::NOW;
use crate::keys::digest;
use crate::keys::rsa_key::RsaKey;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::attribute::Kind as Typed;
use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::consume::Consumed;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::consume::consume;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::redirect::Incoming;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::testing::KEY;
use crate::protocols::saml::testing::OTHER;
use crate::protocols::saml::testing::expectations;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::xml::Document;
use crate::time::Timestamp;

const ACS: &str = "https://app.example/cb";
const SP: &str = "urn:sp.example";
const IDP: &str = "urn:localhost:4480";

/// A tenant whose client `web` has the add-on with these settings.
async fn host(settings: Value) -> Host {
    let host = Host::new();
    let put: Result<(), std::convert::Infallible> = host
        .tenant
        .write(|tx| {
            let mut client = (**tx.client("web").unwrap()).clone();
            client.extra.insert("addons".to_owned(), json!({ "samlp": settings }));
            tx.clients.put("web".into(), client);
            Ok(())
        })
        .await;
    put.unwrap();
    host
}

/// The service provider's certificate, as people paste it.
fn pem() -> String {
    digest::base64(KEY.certificate().der())
}

fn request() -> AuthnRequest {
    let header = Header {
        id: "_request".to_owned(),
        issue_instant: Timestamp::from_seconds(NOW),
        destination: Some("http://localhost:4480/samlp/web".to_owned()),
        issuer: Some(SP.to_owned()),
    };
    AuthnRequest {
        header,
        assertion_consumer_url: Some(ACS.to_owned()),
        assertion_consumer_index: None,
        protocol_binding: Some(names::binding::POST.to_owned()),
        provider_name: None,
        force_authn: false,
        is_passive: false,
        subject: None,
        name_id_policy: None,
        requested_authn_context: None,
    }
}

fn redirected(request: &AuthnRequest, key: Option<&RsaKey>) -> String {
    let xml = request.to_xml();
    let outgoing = Outgoing { kind: Kind::Request, xml: &xml, relay_state: Some("relay"), deflate: true };
    outgoing.to_url("/samlp/web", key.map(Signing::with).as_ref()).unwrap()
}

/// Signs ana in from here, and gives what is posted to the service provider.
async fn sign_in(browser: &mut Browser<'_>, path: &str) -> Answer {
    let answer = browser.get(path).await;
    if answer.status != 302 {
        return answer;
    }
    let page = answer.header("location").to_owned();
    let resume = browser.post(&page, &[]).await;
    browser.get(resume.header("location")).await
}

/// The address and the fields of a form that posts itself.
#[track_caller]
fn form(answer: &Answer) -> (String, BTreeMap<String, String>) {
    let page = answer.text();
    let of = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\""))?;
        let value = rest.split_once('"')?.0;
        Some(value.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&"))
    };
    let action = of(&page, "action").unwrap_or_else(|| panic!("no form: {answer:?}"));
    let inputs = page.split("<input ").skip(1);
    (action, inputs.filter_map(|input| Some((of(input, "name")?, of(input, "value")?))).collect())
}

#[track_caller]
fn response(answer: &Answer) -> String {
    let (action, fields) = form(answer);
    assert_eq!(action, ACS);
    binding::from_post(&fields["SAMLResponse"]).unwrap()
}

/// What the metadata says, as a service provider reads it.
async fn metadata(host: &Host) -> Entity {
    Entity::read(&host.get("/samlp/metadata/web").await.text()).unwrap()
}

async fn check(host: &Host, xml: &str, request: Option<&str>) -> Result<Consumed, Refusal> {
    let entity = metadata(host).await;
    let certificates = entity.identity_provider.unwrap().role.signing;
    consume(
        xml,
        &Expectations {
            trust: Trust { certificates: &certificates, sha1: Sha1::Accepted },
            issuer: Some(&entity.entity_id),
            audience: SP,
            destinations: &[ACS],
            recipients: &[ACS],
            request,
            unsolicited: request.is_none(),
            now: host.tenant.now(),
            skew_seconds: 0,
            decryption_keys: &[&KEY],
        },
    )
}

fn values(assertion: &Assertion, name: &str) -> Vec<(String, Typed)> {
    let found = assertion.attributes.iter().find(|attribute| attribute.name == name);
    found.map_or_else(Vec::new, |found| found.values.iter().map(|value| (value.text.clone(), value.kind)).collect())
}

#[tokio::test]
async fn metadata_tells_where_to_go() {
    let host = host(json!({ "signingCert": pem() })).await;
    let answer = host.get("/samlp/metadata/web").await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=web-metadata.xml");
    let entity = metadata(&host).await;
    assert_eq!(entity.entity_id, IDP);
    let idp = entity.identity_provider.unwrap();
    let places: Vec<_> = idp.single_sign_on.iter().chain(&idp.role.single_logout).map(|it| &*it.location).collect();
    let (sso, slo) = ("http://localhost:4480/samlp/web", "http://localhost:4480/samlp/web/logout");
    assert_eq!(places, [sso, sso, slo, slo]);
    assert_eq!(idp.want_authn_requests_signed, Some(true));
    assert_eq!(host.get("/samlp/metadata/nobody").await.status, 403);
    assert_eq!(host.get("/samlp/metadata/spa").await.status, 400);
}

#[tokio::test]
async fn who_signs_in_is_told_to_the_service_provider() {
    let host = host(json!({})).await;
    let mut browser = Browser::new(&host);
    let answer = sign_in(&mut browser, &redirected(&request(), None)).await;
    assert_eq!(form(&answer).1["RelayState"], "relay");
    let xml = response(&answer);
    assert!(xml.contains("http://www.w3.org/2000/09/xmldsig#rsa-sha1"), "the default is SHA-1");
    let consumed = check(&host, &xml, Some("_request")).await.unwrap();
    assert!(consumed.assertion_signed && !consumed.response_signed && !consumed.encrypted);
    let assertion = consumed.assertion;
    let name_id = assertion.name_id().unwrap();
    assert_eq!((&*name_id.value, name_id.format.as_deref()), (ANA, Some(names::name_id_format::UNSPECIFIED)));
    let email = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    assert_eq!(values(&assertion, email), [("ana@people.example".to_owned(), Typed::String)]);
    let verified = "http://schemas.auth0.com/email_verified";
    assert_eq!(values(&assertion, verified), [("false".to_owned(), Typed::Boolean)]);
    let conditions = assertion.conditions.as_ref().unwrap();
    assert_eq!(conditions.not_on_or_after, Some(Timestamp::from_seconds(NOW + 3600)));
    // Single sign-on: no page for who is known.
    let again = browser.get(&redirected(&request(), None)).await;
    let again = check(&host, &response(&again), Some("_request")).await.unwrap();
    assert_eq!(again.assertion.session_index(), assertion.session_index());
    assert_ne!(again.assertion.id, assertion.id);
    let forced = browser.get(&redirected(&AuthnRequest { force_authn: true, ..request() }, None)).await;
    assert!(forced.header("location").starts_with("/u/login?state="));
    let logs: Vec<_> = host.tenant.read().logs.iter().map(|(_, event)| event.kind).collect();
    assert_eq!(logs, ["s", "s"]);
}

#[tokio::test]
async fn a_request_may_be_posted_and_a_login_may_begin_here() {
    let host = host(json!({ "audience": SP, "RelayState": "own" })).await;
    let mut browser = Browser::new(&host);
    let posted = [("SAMLRequest", &*binding::to_post(&request().to_xml())), ("RelayState", "posted")];
    let page = browser.post("/samlp/web", &posted).await;
    assert_eq!(page.status, 302);
    let answer = sign_in(&mut browser, "/samlp/web").await;
    assert_eq!(form(&answer).1["RelayState"], "own");
    let consumed = check(&host, &response(&answer), None).await.unwrap();
    assert_eq!(consumed.in_response_to, None);
    let answer = browser.post("/samlp/web", &posted).await;
    assert_eq!(form(&answer).1["RelayState"], "posted");
}

#[tokio::test]
async fn settings_change_the_response() {
    let settings = json!({
        "audience": "urn:audience", "recipient": "https://sp.example/r", "destination": "https://sp.example/d",
        "lifetimeInSeconds": 60, "signResponse": true, "signatureAlgorithm": "rsa-sha256", "digestAlgorithm": "sha256",
        "nameIdentifierFormat": names::name_id_format::EMAIL_ADDRESS, "typedAttributes": false,
        "nameIdentifierProbes": ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],
        "authnContextClassRef": "urn:context", "issuer": "urn:issuer", "includeAttributeNameFormat": false,
        "encryptionCert": pem(), "encryptionAlgorithm": "aes256-gcm",
    });
    let host = host(settings).await;
    let xml = response(&sign_in(&mut Browser::new(&host), &redirected(&request(), None)).await);
    assert!(xml.contains("EncryptedAssertion") && xml.contains("aes256-gcm") && !xml.contains("rsa-sha1"));
    let entity = metadata(&host).await;
    let certificates = entity.identity_provider.unwrap().role.signing;
    let expected = Expectations {
        trust: Trust { certificates: &certificates, sha1: Sha1::Refused },
        issuer: Some("urn:issuer"),
        audience: "urn:audience",
        destinations: &["https://sp.example/d"],
        recipients: &["https://sp.example/r"],
        request: Some("_request"),
        unsolicited: false,
        now: Timestamp::from_seconds(NOW + 59),
        skew_seconds: 0,
        decryption_keys: &[&KEY],
    };
    let consumed = consume(&xml, &expected).unwrap();
    assert!(consumed.response_signed && !consumed.assertion_signed && consumed.encrypted);
    let name_id = consumed.assertion.name_id().unwrap();
    assert_eq!(
        (&*name_id.value, name_id.format.as_deref()),
        ("ana@people.example", Some(names::name_id_format::EMAIL_ADDRESS))
    );
    assert_eq!(consumed.assertion.authn_statements[0].class_ref.as_deref(), Some("urn:context"));
    let attributes = &consumed.assertion.attributes;
    assert!(
        attributes
            .iter()
            .all(|it| it.name_format.is_none() && it.values.iter().all(|value| value.kind == Typed::AnyType))
    );
    let late = Expectations { now: Timestamp::from_seconds(NOW + 60), ..expected };
    assert_eq!(consume(&xml, &late).unwrap_err().check(), "expiry");
}

#[tokio::test]
async fn a_public_key_beside_the_certificate_is_the_one_that_encrypts() {
    let key = digest::base64(OTHER.certificate().public_key().der());
    let host = host(json!({ "encryptionCert": pem(), "encryptionPublicKey": key, "signatureAlgorithm": "rsa-sha256",
        "digestAlgorithm": "sha256" }))
    .await;
    let xml = response(&sign_in(&mut Browser::new(&host), &redirected(&request(), None)).await);
    assert!(xml.contains(&pem()), "the certificate is named");
    let certificates = metadata(&host).await.identity_provider.unwrap().role.signing;
    let expected = Expectations {
        trust: Trust { certificates: &certificates, sha1: Sha1::Refused },
        issuer: Some(IDP),
        destinations: &[ACS],
        recipients: &[ACS],
        now: Timestamp::from_seconds(NOW),
        decryption_keys: &[&OTHER],
        ..expectations()
    };
    assert!(consume(&xml, &expected).unwrap().encrypted);
    let by_certificate = Expectations { decryption_keys: &[&KEY], ..expected };
    assert!(matches!(consume(&xml, &by_certificate), Err(Refusal::Encryption(_))));
}

#[tokio::test]
async fn requests_are_signed_where_the_certificate_is_known() {
    let host = host(json!({ "signingCert": pem() })).await;
    let mut browser = Browser::new(&host);
    for wrong in [redirected(&request(), None), redirected(&request(), Some(&OTHER))] {
        let answer = browser.get(&wrong).await;
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    let unsigned = browser.post("/samlp/web", &[("SAMLRequest", &binding::to_post(&request().to_xml()))]).await;
    assert_eq!(unsigned.status, 400);
    let checks: Vec<_> = host.tenant.read().logs.iter().map(|(_, event)| event.details["check"].clone()).collect();
    assert_eq!(checks, ["signature", "signature", "signature"]);
    assert_eq!(browser.get(&redirected(&request(), Some(&KEY))).await.status, 302);
    let signed = Signing::with(&KEY).sign(&request().to_xml(), "_request").unwrap();
    assert_eq!(browser.post("/samlp/web", &[("SAMLRequest", &binding::to_post(&signed))]).await.status, 302);
}

#[tokio::test]
async fn what_cannot_be_trusted_is_refused_here() {
    let host = host(json!({})).await;
    let mut browser = Browser::new(&host);
    let elsewhere = AuthnRequest { assertion_consumer_url: Some("https://evil.example/".to_owned()), ..request() };
    let answer = browser.get(&redirected(&elsewhere, None)).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("Callback URL mismatch."));
    let header = Header { destination: Some("http://localhost:4480/samlp/spa".to_owned()), ..request().header };
    let answer = browser.get(&redirected(&AuthnRequest { header, ..request() }, None)).await;
    assert!(answer.status == 400 && answer.text().contains("the destination"), "{answer:?}");
    for (path, status) in [
        ("/samlp/nobody", 403),
        ("/samlp/spa", 400),
        ("/samlp/web?SAMLRequest=%25", 400),
        ("/samlp/web?SAMLResponse=PHIvPg==", 400),
    ] {
        assert_eq!(browser.get(path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn refusals_travel_in_the_protocols_own_way() {
    let host = host(json!({})).await;
    let mut browser = Browser::new(&host);
    let status = |answer: &Answer| {
        let Err(Refusal::Status(status)) = consume_unsigned(&response(answer)) else { panic!("{answer:?}") };
        (status.codes[1].clone(), status.message.unwrap_or_default())
    };
    let passive = browser.get(&redirected(&AuthnRequest { is_passive: true, ..request() }, None)).await;
    assert_eq!(status(&passive), (names::status::NO_PASSIVE.to_owned(), "Login required".to_owned()));
    assert_eq!(form(&passive).1["RelayState"], "relay");
    let blocked: Result<(), std::convert::Infallible> = host
        .tenant
        .write(|tx| {
            let mut ana = tx.user(&ANA.into()).unwrap();
            ana.blocked = Some(true);
            tx.put_user(ana).unwrap();
            Ok(())
        })
        .await;
    blocked.unwrap();
    let page = browser.get(&redirected(&request(), None)).await.header("location").to_owned();
    let refused = browser.post(&page, &[]).await;
    assert_eq!(status(&refused), (names::status::AUTHN_FAILED.to_owned(), "user is blocked".to_owned()));
    let kinds: Vec<_> = host.tenant.read().logs.iter().map(|(_, event)| event.kind).collect();
    assert_eq!(kinds, ["fsa", "f"]);
}

fn consume_unsigned(xml: &str) -> Result<Consumed, Refusal> {
    consume(xml, &Expectations { destinations: &[ACS], ..expectations() })
}

fn logout(index: Option<&str>) -> String {
    let request = LogoutRequest {
        header: Header { id: "_logout".to_owned(), destination: None, ..request().header },
        not_on_or_after: Some(Timestamp::from_seconds(NOW + 10)),
        reason: None,
        name_id: NameId { value: ANA.to_owned(), ..NameId::default() },
        session_indexes: index.map(str::to_owned).into_iter().collect(),
    };
    let xml = request.to_xml();
    let outgoing = Outgoing { kind: Kind::Request, xml: &xml, relay_state: Some("bye"), deflate: true };
    outgoing.to_url("/samlp/web/logout", None).unwrap()
}

#[tokio::test]
async fn a_service_provider_ends_the_session_that_it_names() {
    let host = host(json!({ "logout": { "callback": "https://app.example/slo" } })).await;
    let mut browser = Browser::new(&host);
    let answer = sign_in(&mut browser, &redirected(&request(), None)).await;
    let assertion = check(&host, &response(&answer), Some("_request")).await.unwrap().assertion;
    let read = |answer: &Answer| {
        let (action, fields) = form(answer);
        assert_eq!((action.as_str(), fields["RelayState"].as_str()), ("https://app.example/slo", "bye"));
        let xml = binding::from_post(&fields["SAMLResponse"]).unwrap();
        let document = Document::parse(&xml).unwrap();
        StatusResponse::read_logout(document.root()).unwrap()
    };
    let other = read(&browser.get(&logout(Some("_other"))).await);
    assert!(!other.status.is_success());
    assert_eq!(host.tenant.read().sessions.len(), 1);
    // As when another site posts: the session is named, and its cookie is not there.
    let done = read(&Browser::new(&host).get(&logout(assertion.session_index())).await);
    assert_eq!((done.status.is_success(), done.in_response_to.as_deref()), (true, Some("_logout")));
    assert_eq!(done.header.issuer.as_deref(), Some(IDP));
    assert_eq!(host.tenant.read().sessions.len(), 0);
    assert_eq!(browser.get("/samlp/web/logout").await.status, 400);
}

#[tokio::test]
async fn the_session_index_does_not_tell_the_session() {
    let host = host(json!({})).await;
    let mut browser = Browser::new(&host);
    let xml = response(&sign_in(&mut browser, &redirected(&request(), None)).await);
    let session = host.tenant.read().sessions.rows().next().unwrap().id.clone();
    assert!(!xml.contains(session.as_str()) && !xml.contains(&digest::base64(session.as_str().as_bytes())));
}

#[tokio::test]
async fn every_other_service_provider_of_the_session_is_told_before_the_answer() {
    let host = host(json!({ "logout": { "callback": "https://app.example/slo" } })).await;
    let others = [
        ("spa", json!({ "callback": "https://spa.example/slo" })),
        ("machine", json!({ "callback": "https://quiet.example/", "slo_enabled": false })),
    ];
    let put: Result<(), std::convert::Infallible> = host
        .tenant
        .write(|tx| {
            for (id, logout) in others {
                let mut client = (**tx.client(id).unwrap()).clone();
                let settings = json!({ "audience": SP, "logout": logout, "binding": names::binding::REDIRECT });
                client.extra.insert("addons".to_owned(), json!({ "samlp": settings }));
                tx.clients.put(id.into(), client);
            }
            Ok(())
        })
        .await;
    put.unwrap();
    let mut browser = Browser::new(&host);
    sign_in(&mut browser, &redirected(&request(), None)).await;
    for other in ["/samlp/spa", "/samlp/machine"] {
        assert_eq!(browser.get(other).await.status, 200, "{other}");
    }
    let told = browser.get(&logout(None)).await;
    assert_eq!(host.tenant.read().sessions.len(), 0);
    let (to, query) = told.header("location").split_once('?').unwrap();
    assert_eq!(to, "https://spa.example/slo");
    let incoming = Incoming::read(query).unwrap();
    let certificates = metadata(&host).await.identity_provider.unwrap().role.signing;
    assert_eq!(incoming.verify(&Trust { certificates: &certificates, sha1: Sha1::Accepted }), Ok(()));
    let document = Document::parse(&incoming.xml).unwrap();
    let asked = LogoutRequest::read(document.root()).unwrap();
    assert_eq!((asked.name_id.value.as_str(), asked.session_indexes.len()), (ANA, 1));
    let back = StatusResponse {
        header: Header { id: "_back".to_owned(), ..request().header },
        in_response_to: Some(asked.header.id),
        status: Status::success(),
    };
    let xml = back.to_logout_response();
    let outgoing =
        Outgoing { kind: Kind::Response, xml: &xml, relay_state: incoming.relay_state.as_deref(), deflate: true };
    let back = outgoing.to_url("/samlp/spa/logout", None).unwrap();
    let (action, fields) = form(&browser.get(&back).await);
    assert_eq!((action.as_str(), fields["RelayState"].as_str()), ("https://app.example/slo", "bye"));
    let answered = binding::from_post(&fields["SAMLResponse"]).unwrap();
    assert!(answered.contains("status:Success") && !answered.contains("PartialLogout"), "{answered}");
    assert_eq!(browser.get(&back).await.status, 400, "each is told once");
}

#[tokio::test]
async fn who_can_not_be_told_makes_a_logout_partial() {
    let host = host(json!({ "logout": { "callback": "https://app.example/slo" } })).await;
    let mut browser = Browser::new(&host);
    sign_in(&mut browser, &redirected(&request(), None)).await;
    let put = |settings: Value| {
        let tenant = host.tenant.clone();
        async move {
            let put: Result<(), std::convert::Infallible> = tenant
                .write(|tx| {
                    let mut client = (**tx.client("spa").unwrap()).clone();
                    client.extra.insert("addons".to_owned(), json!({ "samlp": settings }));
                    tx.clients.put("spa".into(), client);
                    Ok(())
                })
                .await;
            put.unwrap();
        }
    };
    put(json!({ "audience": SP })).await;
    assert_eq!(browser.get("/samlp/spa").await.status, 200);
    put(json!({ "logout": { "callback": "https://spa.example/slo" }, "key": "none", "cert": "none" })).await;
    let (_, fields) = form(&browser.get(&logout(None)).await);
    assert!(binding::from_post(&fields["SAMLResponse"]).unwrap().contains("status:PartialLogout"));
    assert_eq!(host.tenant.read().sessions.len(), 0);
}

#[tokio::test]
async fn who_was_told_of_the_session_is_told_of_its_end_by_the_name_that_it_knows() {
    let host = host(json!({ "logout": { "callback": "https://app.example/slo" } })).await;
    let changed: Result<(), std::convert::Infallible> = host
        .tenant
        .write(|tx| {
            let mut client = (**tx.client("spa").unwrap()).clone();
            let probes = ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"];
            let logout = json!({ "callback": "https://spa.example/slo" });
            let settings = json!({ "audience": SP, "nameIdentifierProbes": probes, "logout": logout });
            client.extra.insert("addons".to_owned(), json!({ "samlp": settings }));
            tx.clients.put("spa".into(), client);
            Ok(())
        })
        .await;
    changed.unwrap();
    let mut browser = Browser::new(&host);
    sign_in(&mut browser, &redirected(&request(), None)).await;
    // By OpenID Connect nobody is told of a session that SAML could end.
    let by_code = browser.get("/authorize?client_id=spa&response_type=code&scope=openid&prompt=none").await;
    assert!(by_code.header("location").contains("code="), "{by_code:?}");
    let told = form(&browser.get(&logout(None)).await);
    assert_eq!(told.0, "https://app.example/slo");

    let mut browser = Browser::new(&host);
    sign_in(&mut browser, &redirected(&request(), None)).await;
    assert_eq!(browser.get("/samlp/spa").await.status, 200);
    let renamed: Result<(), std::convert::Infallible> = host
        .tenant
        .write(|tx| {
            let mut ana = tx.user(&ANA.into()).unwrap();
            ana.email = Some("other@people.example".to_owned());
            tx.put_user(ana).unwrap();
            Ok(())
        })
        .await;
    renamed.unwrap();
    let (action, fields) = form(&browser.get(&logout(None)).await);
    assert_eq!(action, "https://spa.example/slo");
    let xml = binding::from_post(&fields["SAMLRequest"]).unwrap();
    let asked = LogoutRequest::read(Document::parse(&xml).unwrap().root()).unwrap();
    assert_eq!(asked.name_id.value, "ana@people.example");
}

#[tokio::test]
async fn refusals_on_our_page_are_logged_with_the_client_of_the_path() {
    let host = host(json!({})).await;
    let elsewhere = AuthnRequest { assertion_consumer_url: Some("https://evil.example/".to_owned()), ..request() };
    assert_eq!(host.get(&redirected(&elsewhere, None)).await.status, 403);
    assert_eq!(host.get("/samlp/nobody").await.status, 403);
    let mut clients: Vec<_> = host.tenant.read().logs.iter().map(|(_, event)| event.client_id.clone()).collect();
    clients.sort();
    assert_eq!(clients, [None, Some("web".into())]);
}

#[tokio::test]
async fn an_organization_is_asked_for_as_at_authorize() {
    let host = host(json!({})).await;
    let refused = host.get("/samlp/web?organization=org_nowhere").await;
    let Err(Refusal::Status(status)) = consume_unsigned(&response(&refused)) else { panic!("{refused:?}") };
    assert!(status.message.unwrap().starts_with("parameter organization is "));
}

#[tokio::test]
async fn who_wants_responses_signed_gets_refusals_signed() {
    let host = host(json!({ "signResponse": true })).await;
    let refused = host.get(&redirected(&AuthnRequest { is_passive: true, ..request() }, None)).await;
    let xml = response(&refused);
    let certificates = metadata(&host).await.identity_provider.unwrap().role.signing;
    let trust = Trust { certificates: &certificates, sha1: Sha1::Accepted };
    assert!(trust.verify(Document::parse(&xml).unwrap().root()).is_ok(), "{xml}");
    assert!(xml.contains(names::status::NO_PASSIVE));
}
