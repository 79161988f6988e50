//! People of the directory who come by Microsoft Entra ID: the ways there and back, and what goes wrong on them. What
//! comes of a login, `features/active_directory` tells.

use impostor::client::app::App;
use impostor::client::browser::{Arrival, Browser};
use impostor::client::callback::Callback;
use impostor::client::faults::Fault;
use impostor::client::login::Login;
use impostor::client::page::Page;
use serde_json::{Map, Value};

use crate::tenant::{Tenant, callback, owned, page, send, start};

const JOHN: &str = "jdoe@acme.example";
const CONNECTION: (&str, &str) = ("connection", "acme-entra");

/// Goes to Entra by the connection.
async fn leave(browser: &mut Browser, app: &mut App, extra: &[(&str, &str)]) -> (Login, Arrival) {
    let mut all = vec![CONNECTION, ("scope", "openid profile email")];
    all.extend(extra);
    let login = app.begin_login(&owned(&all)).unwrap();
    let arrival = browser.open(&login.url).await.unwrap();
    (login, arrival)
}

async fn type_in(browser: &mut Browser, shown: &Page, name: &str, password: &str) -> Arrival {
    let form = shown.form_with("loginfmt").unwrap();
    browser.submit(form.fill("loginfmt", name).unwrap().fill("passwd", password).unwrap()).await.unwrap()
}

/// Types an address on the tenant's own login page, without a password.
async fn type_address(tenant: &Tenant, address: &str) -> Page {
    let mut browser = tenant.browser();
    let login = tenant.app("acme-web").begin_login(&[]).unwrap();
    let form = page(browser.open(&login.url).await.unwrap()).form_with("username").unwrap();
    page(browser.submit(form.fill("username", address).unwrap()).await.unwrap())
}

async fn john(tenant: &Tenant, browser: &mut Browser) -> Callback {
    let (_, arrival) = leave(browser, &mut tenant.app("acme-web"), &[]).await;
    callback(type_in(browser, &page(arrival), JOHN, "Passw0rd!jdoe").await)
}

async fn claims(tenant: &Tenant) -> Map<String, Value> {
    let (mut browser, mut app) = (tenant.browser(), tenant.app("acme-web"));
    let (login, arrival) = leave(&mut browser, &mut app, &[]).await;
    let back = callback(type_in(&mut browser, &page(arrival), JOHN, "Passw0rd!jdoe").await);
    let tokens = app.redeem(&login, &back).await.unwrap();
    app.userinfo(&tokens.access_token).await.unwrap()
}

#[tokio::test]
async fn an_address_of_a_company_leads_to_it_without_a_password() {
    let (_impostor, tenant) = start().await;
    for address in ["kim@entra.acme.example", " Kim@ENTRA.acme.example"] {
        let shown = type_address(&tenant, address).await;
        assert!(shown.url.path().starts_with("/_upstreams/microsoft/"), "{}", shown.url);
        assert_eq!(shown.attribute_at("#loginfmt", "value").as_deref(), Some(address.trim()));
    }
    let saml = type_address(&tenant, "sara@saml.acme.example").await;
    assert!(saml.url.path().starts_with("/_upstreams/saml/acme-saml/"), "{}", saml.url);
    for address in ["kim@acme.example", "kim@people.example", "entra.acme.example", "jdoe@corp.acme.example"] {
        let shown = type_address(&tenant, address).await;
        assert_eq!(shown.attribute_at("[data-error-code]", "data-error-code").as_deref(), Some("no-password"));
    }
}

#[tokio::test]
async fn only_connections_that_the_login_is_for_are_anybodys_home() {
    let (_impostor, tenant) = start().await;
    let mut browser = tenant.browser();
    let extra = owned(&[("connection", "Username-Password-Authentication")]);
    let login = tenant.app("acme-web").begin_login(&extra).unwrap();
    let form = page(browser.open(&login.url).await.unwrap()).form_with("username").unwrap();
    let form = form.fill("username", "kim@entra.acme.example").unwrap().fill("password", "wrong").unwrap();
    let shown = page(browser.submit(form).await.unwrap());
    assert_eq!(shown.url.path(), "/u/login");
}

#[tokio::test]
async fn who_is_signed_in_at_entra_is_not_asked_again() {
    let (_impostor, tenant) = start().await;
    let mut browser = tenant.browser();
    assert!(john(&tenant, &mut browser).await.get("code").is_some());
    let again = leave(&mut browser, &mut tenant.app("acme-web"), &[("prompt", "login")]).await;
    assert!(callback(again.1).get("code").is_some());
    let entra: Vec<_> = browser.visits().iter().filter(|visit| visit.url.path().ends_with("/authorize")).collect();
    assert!(entra.iter().any(|visit| visit.url.path().contains("/_upstreams/microsoft/") && visit.status == 302));
}

#[tokio::test]
async fn who_turns_back_is_told_in_microsofts_words() {
    let (_impostor, tenant) = start().await;
    let mut browser = tenant.browser();
    let (_, arrival) = leave(&mut browser, &mut tenant.app("acme-web"), &[("login_hint", JOHN)]).await;
    let shown = page(arrival);
    assert_eq!(shown.attribute_at("#loginfmt", "value").as_deref(), Some(JOHN));
    let cancel = shown.form("cancel", |form| form.buttons.iter().any(|button| button.value == "deny")).unwrap();
    let back = callback(browser.submit(cancel.press("deny").unwrap()).await.unwrap());
    assert_eq!(back.get("error"), Some("access_denied"));
    assert!(back.get("error_description").unwrap().contains("AADSTS65004"));
}

#[tokio::test]
async fn faults_of_microsoft_meet_people_of_the_directory() {
    let (_impostor, tenant) = start().await;
    let faults = tenant.control().faults();
    assert_eq!(claims(&tenant).await["email"], "john.doe@corp.acme.example");
    faults.add(&Fault::upstream("microsoft").changed_keys()).await.unwrap();
    assert_eq!(claims(&tenant).await["email"], "john.doe@corp.acme.example");
    faults.clear().await.unwrap();
    faults.add(&Fault::upstream("microsoft").declines().person("zmueller@acme.example")).await.unwrap();
    assert!(john(&tenant, &mut tenant.browser()).await.get("code").is_some());
    faults.add(&Fault::upstream("microsoft").declines().person(JOHN)).await.unwrap();
    assert_eq!(john(&tenant, &mut tenant.browser()).await.get("error"), Some("access_denied"));
    faults.clear().await.unwrap();
    for fault in
        [Fault::upstream("microsoft").wrong_key(), Fault::upstream("microsoft").endpoint("GET /v1.0/me").status(503)]
    {
        faults.add(&fault).await.unwrap();
        let back = john(&tenant, &mut tenant.browser()).await;
        assert!(back.get("error").is_some(), "{back:?}");
        faults.clear().await.unwrap();
    }
}

#[tokio::test]
async fn the_directory_is_found_at_microsofts_own_host_names() {
    let (_impostor, tenant) = start().await;
    let at = |host: &'static str, path: &str| send(tenant.http.get(tenant.url(path)).header("host", host));
    let path = "/acme.example/.well-known/openid-configuration";
    let document = at("login.microsoftonline.com", path).await.json();
    let issuer = document["issuer"].as_str().unwrap();
    assert!(issuer.starts_with("http://sts.windows.net"), "{issuer}");
    let second = at("login.microsoftonline.com", "/acme.example/v2.0/.well-known/openid-configuration").await.json();
    assert!(second["issuer"].as_str().unwrap().starts_with("http://login.microsoftonline.com/"));
    assert!(second["userinfo_endpoint"].as_str().unwrap().starts_with("http://graph.microsoft.com"));
    let nobody = at("graph.microsoft.com", "/v1.0/me/memberOf").await;
    assert_eq!((nobody.status, &nobody.json()["error"]["code"]), (401, &Value::from("InvalidAuthenticationToken")));
}
