//! Signing in without a password: links that sign a browser in, and the people on the login page. Neither is to be had
//! by pages of other sites.

use impostor::client::browser::{Arrival, Browser};
use impostor::client::page::Page;
use impostor::client::transport::Transport;

use crate::tenant::{Tenant, start};

const CALLBACK: &str = "http://localhost:3000/callback";
const LINK: &str = "/_impostor/login-as?person=alice%40acme.example";

fn authorize(more: &str) -> String {
    format!(
        "/authorize?client_id=acme-web&response_type=code&scope=openid&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&state=s{more}"
    )
}

async fn open(tenant: &Tenant, path: &str) -> Arrival {
    let mut browser = Browser::new(Transport::new().unwrap()).returning_to(CALLBACK);
    browser.open(&format!("{}{}", tenant.issuer.trim_end_matches('/'), path)).await.unwrap()
}

async fn login_page(tenant: &Tenant) -> Page {
    match open(tenant, &authorize("")).await {
        Arrival::Page(page) => *page,
        Arrival::Callback(callback) => panic!("{callback:?}"),
    }
}

#[tokio::test]
async fn a_link_signs_the_browser_in_and_leads_on() {
    let (_impostor, tenant) = start().await;
    let to: String = url::form_urlencoded::byte_serialize(authorize("&prompt=none").as_bytes()).collect();
    let arrival = open(&tenant, &format!("{LINK}&to={to}")).await;
    let Arrival::Callback(callback) = arrival else { panic!("no callback") };
    assert!(callback.get("code").is_some(), "{callback:?}");
}

#[tokio::test]
async fn a_link_is_for_visits_alone() {
    let (_impostor, tenant) = start().await;
    let url = format!("{}{LINK}", tenant.issuer.trim_end_matches('/'));
    let http = reqwest::Client::new();
    for (name, value, status) in [
        ("sec-fetch-site", "none", 200),
        ("sec-fetch-mode", "navigate", 200),
        ("sec-fetch-site", "cross-site", 403),
        ("origin", "https://evil.example", 403),
        ("sec-fetch-mode", "no-cors", 403),
        ("sec-fetch-dest", "iframe", 403),
    ] {
        let answer = http.get(&url).header(name, value).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{name}: {value}");
        assert_eq!(answer.headers().contains_key("set-cookie"), status == 200, "{name}: {value}");
    }
    for (query, status) in
        [("person=nobody", 404), ("to=/", 400), ("person=alice%40acme.example&to=//evil.example", 400)]
    {
        let url = format!("{}_impostor/login-as?{query}", tenant.issuer);
        assert_eq!(http.get(url).send().await.unwrap().status().as_u16(), status, "{query}");
    }
}

#[tokio::test]
async fn people_stand_last_on_the_login_page_and_sign_in_with_one_click() {
    let (_impostor, tenant) = start().await;
    let mut browser = Browser::new(Transport::new().unwrap()).returning_to(CALLBACK);
    let url = format!("{}{}", tenant.issuer.trim_end_matches('/'), authorize(""));
    let Arrival::Page(page) = browser.open(&url).await.unwrap() else { panic!("no page") };
    let forms = page.forms();
    assert!(forms.first().unwrap().has("password"));
    let people = forms.last().unwrap().clone();
    let alice = people.buttons.first().unwrap().value.clone();
    let arrival = browser.submit(people.press(&alice).unwrap()).await.unwrap();
    let Arrival::Callback(callback) = arrival else { panic!("no callback") };
    assert!(callback.get("code").is_some(), "{callback:?}");
}

#[tokio::test]
async fn nobody_else_signs_in_with_one_click() {
    let (_impostor, tenant) = start().await;
    let page = login_page(&tenant).await;
    let state = page.form_with("state").unwrap().value("state").unwrap().to_owned();
    // Another browser than the one that the login belongs to.
    let form = [("state", state.as_str()), ("impostor_person", "auth0|nobody")];
    let answer = reqwest::Client::new().post(page.url.clone()).form(&form).send().await.unwrap();
    assert!(answer.status().is_client_error(), "{}", answer.status());
}
