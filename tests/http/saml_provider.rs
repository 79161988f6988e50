//! A SAML identity provider as an app's own service provider uses it, without the tenant in between.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use impostor::client::browser::{Arrival, Browser};
use impostor::client::faults::Fault;
use impostor::client::people::NewPerson;
use impostor::client::transport::Transport;
use serde_json::json;

use crate::tenant::{Reply, Tenant, page, start};

const ACS: &str = "http://localhost:8485/saml/acs";
const FORM: &str = "application/x-www-form-urlencoded";

/// The request that the app's library would make.
fn request(tenant: &Tenant, id: &str) -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"2026-11-23T10:00:00Z\" Destination=\"{}\" AssertionConsumerServiceURL=\"{ACS}\">\
         <saml:Issuer>urn:app.example</saml:Issuer></samlp:AuthnRequest>",
        tenant.url("/_upstreams/saml/acme-saml/sso")
    )
}

async fn ask(tenant: &Tenant, xml: &str) -> Reply {
    let message = url::form_urlencoded::byte_serialize(STANDARD.encode(xml).as_bytes()).collect::<String>();
    tenant.post("/_upstreams/saml/acme-saml/sso", FORM, format!("SAMLRequest={message}&RelayState=here")).await
}

/// What stands after `name="NAME" value="` in a page.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let start = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name} in {page}")).1;
    start.split('"').next().unwrap()
}

/// Signs somebody in, in a new browser; the response as XML.
async fn sign_in(tenant: &Tenant, id: &str, account: &str) -> String {
    let page = ask(tenant, &request(tenant, id)).await;
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let body = format!("flow={}&identifier={}", value(&page.body, "flow"), account.replace('@', "%40"));
    let choose = tenant.http.post(tenant.url("/_upstreams/saml/acme-saml/signin/chooser"));
    let answer = choose.header("cookie", cookie).header("content-type", FORM).body(body).send().await.unwrap();
    let answer = answer.text().await.unwrap();
    assert_eq!(value(&answer, "RelayState"), "here");
    String::from_utf8(STANDARD.decode(value(&answer, "SAMLResponse").replace("&#43;", "+")).unwrap()).unwrap()
}

#[tokio::test]
async fn an_app_has_logins_of_its_own_by_the_dozen() {
    let (_impostor, tenant) = start().await;
    let metadata = tenant.get("/_upstreams/saml/acme-saml/metadata").await;
    assert_eq!(metadata.header("content-type"), "application/samlmetadata+xml");
    assert!(metadata.body.contains("SingleLogoutService"), "{}", metadata.body);
    let logins = (0..24).map(|number| {
        let tenant = tenant.clone();
        async move { (number, sign_in(&tenant, &format!("_r{number}"), "sara@acme.example").await) }
    });
    let mut assertions = HashSet::new();
    for (number, xml) in join_all(logins).await {
        assert!(xml.contains(&format!("InResponseTo=\"_r{number}\"")), "{xml}");
        assert!(xml.contains("<saml:Audience>urn:app.example</saml:Audience>"), "{xml}");
        assert!(xml.contains(&format!("Recipient=\"{ACS}\"")), "{xml}");
        let assertion = xml.split("<saml:Assertion").nth(1).unwrap().split("ID=\"").nth(1).unwrap();
        assertions.insert(assertion.split('"').next().unwrap().to_owned());
    }
    assert_eq!(assertions.len(), 24, "each has an id of its own");
}

#[tokio::test]
async fn requests_that_are_no_requests_are_told_on_a_page() {
    let (_impostor, tenant) = start().await;
    let good = request(&tenant, "_r");
    for (wrong, said) in [
        (format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{good}"), "is not XML"),
        (good.replace("AuthnRequest", "LogoutRequest"), "is no AuthnRequest"),
        (good.replace("http://localhost:8485", "javascript:"), "is no http or https address"),
        (good.replace("/acme-saml/sso", "/other/sso"), "Destination is another address"),
        (good.replace("<saml:Issuer>urn:app.example</saml:Issuer>", ""), "has no Issuer"),
        (
            good.replace(" AssertionConsumerServiceURL", " ProtocolBinding=\"urn:x\" AssertionConsumerServiceURL"),
            "HTTP-POST",
        ),
        (format!("{}{good}", " ".repeat(1_000_000)), "can&#39;t be read"),
    ] {
        let reply = ask(&tenant, &wrong).await;
        assert_eq!(reply.status, 400, "{said}: {}", reply.body);
        assert!(reply.body.contains(said), "{said}: {}", reply.body);
    }
    for path in ["/sso", "/sso?SAMLRequest=%", "/slo", "/start", "/start?sp=urn:x"] {
        assert_eq!(tenant.get(&format!("/_upstreams/saml/acme-saml{path}")).await.status, 400, "{path}");
    }
    assert_eq!(tenant.get("/_upstreams/saml/nobody/metadata").await.status, 404);
}

#[tokio::test]
async fn faults_are_of_one_provider_and_of_a_form_that_there_is() {
    let (_impostor, tenant) = start().await;
    let faults = tenant.control().faults();
    let refused = async |fault: Fault| faults.add(&fault).await.unwrap_err().to_string();
    assert!(refused(Fault::upstream("acme-saml").wrong_response("odd")).await.contains("\"form\" is one of unsigned"));
    assert!(refused(Fault::upstream("google").wrong_response("expired")).await.contains("SAML identity providers"));
    assert!(refused(Fault::upstream("nobody").declines()).await.contains("there is no upstream \"nobody\""));

    let id = faults.add(&Fault::upstream("acme-saml").wrong_response("unsigned").once()).await.unwrap().id;
    assert!(!sign_in(&tenant, "_r1", "sara@acme.example").await.contains("<ds:Signature"));
    assert!(sign_in(&tenant, "_r2", "sara@acme.example").await.contains("<ds:Signature"));
    assert_eq!(faults.get(&id).await.unwrap().fired, 1);

    faults.add(&Fault::upstream("saml").no_email().person("sara@acme.example")).await.unwrap();
    assert!(!sign_in(&tenant, "_r3", "sara@acme.example").await.contains("claims/emailaddress"));
    assert!(sign_in(&tenant, "_r4", "stefan@acme.example").await.contains("stefan@acme.example"));
    faults.add(&Fault::upstream("acme-saml").endpoint("GET /acme-saml/metadata").status(503)).await.unwrap();
    assert_eq!(tenant.get("/_upstreams/saml/acme-saml/metadata").await.status, 503);
    faults.clear().await.unwrap();

    let before = tenant.get("/_upstreams/saml/acme-saml/metadata").await.body;
    faults.add(&Fault::upstream("acme-saml").changed_keys()).await.unwrap();
    assert_ne!(tenant.get("/_upstreams/saml/acme-saml/metadata").await.body, before);
    faults.clear().await.unwrap();
    assert_eq!(tenant.get("/_upstreams/saml/acme-saml/metadata").await.body, before);
}

#[tokio::test]
async fn people_come_and_go_on_demand() {
    let (_impostor, tenant) = start().await;
    let control = tenant.control();
    let attributes = serde_json::from_value(json!({ "NameID": "kim", "groups": ["a", "b"], "none": null })).unwrap();
    let kim = NewPerson { at: "acme-saml".into(), name: Some("Kim Park".into()), attributes, ..NewPerson::default() };
    let made = control.add_person(&kim).await.unwrap();
    assert_eq!((&*made.id, made.name.as_deref()), ("kim", Some("Kim Park")));
    assert!(control.add_person(&kim).await.unwrap_err().to_string().contains("already"));
    let xml = sign_in(&tenant, "_r", "kim").await;
    assert!(xml.contains(">kim</saml:NameID>") && xml.contains(">Kim Park<") && xml.contains(">b<"), "{xml}");

    let kims = tenant.url("/_impostor/people/acme-saml/kim");
    let change = json!({ "attributes": { "groups": null, "city": "Porto" } });
    let changed = tenant.http.patch(&kims).json(&change).send().await.unwrap();
    let changed: serde_json::Value = serde_json::from_str(&changed.text().await.unwrap()).unwrap();
    assert_eq!((&changed["profile"]["city"], changed["profile"].get("groups")), (&json!("Porto"), None));
    assert_eq!(tenant.http.delete(&kims).send().await.unwrap().status(), 204);
    assert_eq!(tenant.http.get(&kims).send().await.unwrap().status(), 404);
    let others = control.people(Some("acme-saml")).await.unwrap();
    assert!(!others.is_empty() && others.iter().all(|person| person.id != "kim"));
}

#[tokio::test]
async fn the_page_has_a_menu_of_wrong_answers() {
    let (_impostor, tenant) = start().await;
    let mut browser = Browser::new(Transport::new().unwrap()).returning_to(ACS);
    let start = format!("/_upstreams/saml/acme-saml/start?sp=urn:app.example&acs={ACS}");
    let shown = page(browser.open(&tenant.url(&start)).await.unwrap());
    let menu = shown.form_with("wrong").unwrap().fill("wrong", "xsw3").unwrap();
    let shown = page(browser.submit(menu).await.unwrap());
    let form = shown.form_with("identifier").unwrap().fill("identifier", "sara@acme.example").unwrap();
    match browser.submit(form).await.unwrap() {
        Arrival::Callback(callback) => {
            let xml = STANDARD.decode(callback.get("SAMLResponse").unwrap()).unwrap();
            assert!(String::from_utf8(xml).unwrap().contains("admin@forged.example"));
        }
        Arrival::Page(page) => panic!("{} {}", page.status, page.text()),
    }
}
