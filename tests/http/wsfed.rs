//! WS-Federation over sockets: a dozen people at once, and what comes that shouldn't.

use std::collections::HashSet;

use futures_util::future::join_all;
use impostor::client::browser::{Arrival, Browser};
use impostor::client::journey::Journey;
use impostor::client::people::Person;
use impostor::client::relying_party::RelyingParty;
use impostor::client::service_provider::Told;
use impostor::client::transport::Transport;
use serde_json::{Map, json};

use crate::tenant::{Tenant, start};

const REPLY: &str = "http://localhost:3000/wsfed";
const FORM: &str = "application/x-www-form-urlencoded";

fn person(typed: &str, password: &str) -> Person {
    Person {
        at: "directory".to_owned(),
        id: typed.to_owned(),
        email: Some(typed.to_owned()),
        password: Some(password.to_owned()),
        name: None,
        profile: Map::new(),
        grants: None,
    }
}

/// Signs somebody of the directory in to the app, by way of AD FS, in a new browser.
async fn sign_in(tenant: &Tenant) -> Told {
    let transport = Transport::new().unwrap();
    let app = RelyingParty::of_client(&transport, &tenant.url("/"), "acme-wsfed-app", REPLY).await.unwrap();
    let mut browser = Browser::new(transport).returning_to(REPLY);
    let start = browser.open(&format!("{}&whr=acme-adfs", app.login().unwrap())).await.unwrap();
    let journey = Journey::by_password(person("ACME\\jdoe", "Passw0rd!jdoe"));
    match journey.travel(&mut browser, start).await.unwrap() {
        Arrival::Callback(callback) => app.read(&callback).unwrap(),
        Arrival::Page(page) => panic!("{} {}", page.status, page.text()),
    }
}

#[tokio::test]
async fn a_dozen_people_sign_in_at_once_through_both_sides() {
    let (_impostor, tenant) = start().await;
    let told = join_all((0..12).map(|_| sign_in(&tenant))).await;
    let names: HashSet<_> = told
        .into_iter()
        .map(|told| match told {
            Told::SignedIn { name_id, .. } => name_id,
            refused @ Told::Refused { .. } => panic!("{refused:?}"),
        })
        .collect();
    assert_eq!(names, HashSet::from(["adfs|acme-adfs|jdoe@acme.example".to_owned()]));
}

/// Lets logins that begin at the SAML provider end at this client, in its protocol.
async fn end_at(tenant: &Tenant, client: &str, protocol: &str) {
    let token = tenant.admin_token("read:connections update:connections").await;
    let found = tenant.get_as(&token, "/api/v2/connections?name=acme-saml").await.json();
    let mut options = found[0]["options"].clone();
    options["idpinitiated"] = json!({ "enabled": true, "client_id": client, "client_protocol": protocol });
    let id = found[0]["id"].as_str().unwrap();
    let change = tenant.http.patch(tenant.url(&format!("/api/v2/connections/{id}"))).bearer_auth(&token);
    assert_eq!(change.json(&json!({ "options": options })).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_login_that_begins_at_a_provider_ends_at_the_app_in_its_own_protocol() {
    let (_impostor, tenant) = start().await;
    let acs = tenant.url("/login/callback?connection=acme-saml").replace('?', "%3F");
    let begin = tenant.url(&format!("/_upstreams/saml/acme-saml/start?sp=urn:auth0:acme:acme-saml&acs={acs}"));
    for (client, protocol, reply, field) in [
        ("acme-wsfed-app", "wsfed", REPLY, "wresult"),
        ("acme-saml-app", "samlp", "http://localhost:3000/saml/acs", "SAMLResponse"),
    ] {
        end_at(&tenant, client, protocol).await;
        let mut browser = Browser::new(Transport::new().unwrap()).returning_to(reply);
        let start = browser.open(&begin).await.unwrap();
        let sara = Journey::by_provider("acme-saml", person("sara@acme.example", ""));
        match sara.travel(&mut browser, start).await.unwrap() {
            Arrival::Callback(callback) => {
                assert!(callback.get(field).is_some_and(|answer| answer.len() > 1000), "{callback:?}");
                assert_eq!((callback.get("RelayState"), callback.get("wctx")), (None, None));
            }
            Arrival::Page(page) => panic!("{} {}", page.status, page.text()),
        }
    }
}

#[tokio::test]
async fn what_is_no_answer_is_told_on_a_page() {
    let (_impostor, tenant) = start().await;
    for body in ["wa=wsignin1.0&wresult=x&wctx=unknown", "wa=wsignin1.0&wresult=%3Cr%2F%3E", "wresult=a&wresult=b"] {
        let answer = tenant.post("/login/callback?again=1", FORM, body.to_owned()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
    }
    let long = format!("wa=wsignin1.0&wctx=x&wresult={}", "x".repeat(2_500_000));
    assert_eq!(tenant.post("/login/callback?again=1", FORM, long).await.status, 400);
    let ls = "/_upstreams/adfs/adfs/ls/?wa=wsignin1.0&wtrealm=urn:a&wreply=http://localhost:3000/";
    let nameless = tenant.post(ls, FORM, "UserName=&Password=".to_owned()).await;
    assert!(nameless.body.contains("Incorrect user ID or password."), "{}", nameless.body);
    let twice = tenant.post(ls, FORM, "UserName=a&UserName=b".to_owned()).await;
    assert_eq!(twice.status, 400);
    for path in ["/wsfed", "/wsfed/acme-wsfed-app"] {
        assert_eq!(tenant.post(path, FORM, String::new()).await.status, 404, "only a GET is asked there");
    }
}
