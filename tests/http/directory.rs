//! People of the directory at the login pages and the token endpoint: passwords that have to be changed, that are reset
//! by mail, that are tried too often. What the directory itself does, `features/active_directory` tells.

use futures_util::future::join_all;
use impostor::client::browser::{Arrival, Browser};
use impostor::client::faults::Fault;
use impostor::client::page::Page;
use serde_json::json;

use crate::tenant::{Tenant, callback, owned, page, start};

const REALM: &str = "http://auth0.com/oauth/grant-type/password-realm";

/// Types a name and a password on the directory's own form.
async fn type_in(tenant: &Tenant, browser: &mut Browser, name: &str, password: &str) -> Arrival {
    let extra = owned(&[("connection", "acme-ad"), ("scope", "openid profile email")]);
    let login = tenant.app("acme-web").begin_login(&extra).unwrap();
    let form = page(browser.open(&login.url).await.unwrap()).form_with("username").unwrap();
    let form = form.fill("username", name).unwrap().fill("password", password).unwrap();
    browser.submit(form).await.unwrap()
}

async fn refused(tenant: &Tenant, name: &str, password: &str) -> String {
    code(&page(type_in(tenant, &mut tenant.browser(), name, password).await))
}

async fn lets_in(tenant: &Tenant, name: &str, password: &str) {
    callback(type_in(tenant, &mut tenant.browser(), name, password).await);
}

fn code(page: &Page) -> String {
    page.attribute_at("[data-error-code]", "data-error-code").unwrap_or_default()
}

/// Sends the page that asks for another password.
async fn change(browser: &mut Browser, shown: &Page, current: &str, new: &str, again: &str) -> Arrival {
    let form = shown.form_with("password-current").unwrap();
    let form = form.fill("password-current", current).unwrap().fill("password-reset", new).unwrap();
    browser.submit(form.fill("re-enter-password", again).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_password_that_expired_or_is_the_first_one_is_changed_at_login() {
    let (_impostor, tenant) = start().await;
    for account in ["nnew", "sstale"] {
        let (old, new) = (format!("Passw0rd!{account}"), "Brand-New-1");
        let mut browser = tenant.browser();
        let mut shown = page(type_in(&tenant, &mut browser, account, &old).await);
        assert_eq!(code(&shown), "");
        for (current, new, again, expected) in [
            ("not this", new, new, "wrong-username-credentials"),
            (&old, "short", "short", "password-policy-not-conformant"),
            (&old, &old, &old, "password-policy-not-conformant"),
            (&old, new, "other", "no-match"),
            (&old, "", "", "no-password"),
        ] {
            shown = page(change(&mut browser, &shown, current, new, again).await);
            assert_eq!(code(&shown), expected, "{account}: {current} {new} {again}");
        }
        callback(change(&mut browser, &shown, &old, new, new).await);
        assert_eq!(refused(&tenant, account, &old).await, "wrong-username-credentials");
        lets_in(&tenant, account, new).await;
    }
    // The page is no way around the login.
    let mut browser = tenant.browser();
    let shown = page(type_in(&tenant, &mut browser, "nnew", "wrong").await);
    let url = shown.url.as_str().replace("/u/login?", "/u/login/password-expired?");
    assert!(page(browser.open(&url).await.unwrap()).form_with("password").is_ok());
}

#[tokio::test]
async fn a_connector_that_does_not_write_back_only_says_what_is_wrong() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    let connection = admin.read("connections?name=acme-ad").await.unwrap()[0].clone();
    let mut options = connection["options"].clone();
    options["disable_self_service_change_password"] = json!(true);
    let id = connection["id"].as_str().unwrap();
    admin.change("PATCH", &["connections", id], &json!({ "options": options })).await.unwrap();
    assert_eq!(refused(&tenant, "sstale", "Passw0rd!sstale").await, "password-expired");
    assert_eq!(refused(&tenant, "nnew", "Passw0rd!nnew").await, "password-change-required");
    let shown = page(type_in(&tenant, &mut tenant.browser(), "jdoe", "wrong").await);
    assert!(shown.link("Forgot password?").is_err());
}

#[tokio::test]
async fn a_password_of_the_directory_is_reset_by_mail() {
    let (_impostor, tenant) = start().await;
    let address = "john.doe@corp.acme.example";
    let ask = async |tenant: &Tenant| {
        let mut browser = tenant.browser();
        let shown = page(type_in(tenant, &mut browser, "jdoe", "forgotten").await);
        let form = page(browser.follow(&shown, "Forgot password?").await.unwrap()).form_with("email").unwrap();
        page(browser.submit(form.fill("email", address).unwrap()).await.unwrap());
        tenant.control().outbox(&[("to", address)]).await.unwrap()
    };
    assert!(ask(&tenant).await.is_empty(), "the tenant does not know him yet");
    lets_in(&tenant, "ACME\\jdoe", "Passw0rd!jdoe").await;
    let link = ask(&tenant).await.remove(0).link;
    let mut browser = tenant.browser();
    let mut shown = page(browser.open(&link).await.unwrap());
    for (new, expected) in [("short", "password-policy-not-conformant"), ("By-Mail-1", "")] {
        let form = shown.form_with("password-reset").unwrap().fill("password-reset", new).unwrap();
        shown = page(browser.submit(form.fill("re-enter-password", new).unwrap()).await.unwrap());
        assert_eq!(code(&shown), expected, "{new}");
    }
    assert_eq!(refused(&tenant, "jdoe", "Passw0rd!jdoe").await, "wrong-username-credentials");
    lets_in(&tenant, "jdoe", "By-Mail-1").await;
}

/// The directory can't be reached from now on.
async fn goes_down(tenant: &Tenant) {
    tenant.control().faults().add(&Fault::upstream("ad").down()).await.unwrap();
}

/// The link of a mail to somebody who signed in before.
async fn mailed(tenant: &Tenant, name: &str, address: &str) -> String {
    let mut browser = tenant.browser();
    let shown = page(type_in(tenant, &mut browser, name, "forgotten").await);
    let form = page(browser.follow(&shown, "Forgot password?").await.unwrap()).form_with("email").unwrap();
    page(browser.submit(form.fill("email", address).unwrap()).await.unwrap());
    tenant.control().outbox(&[("to", address)]).await.unwrap().remove(0).link
}

#[tokio::test]
async fn an_old_password_is_not_remembered_when_the_directory_is_down() {
    let (_impostor, tenant) = start().await;
    let names = ["jdoe", "ACME\\jdoe"];
    for name in names {
        lets_in(&tenant, name, "Passw0rd!jdoe").await;
    }
    let link = mailed(&tenant, "jdoe", "john.doe@corp.acme.example").await;
    let mut browser = tenant.browser();
    let form = page(browser.open(&link).await.unwrap()).form_with("password-reset").unwrap();
    let form = form.fill("password-reset", "By-Mail-1").unwrap().fill("re-enter-password", "By-Mail-1").unwrap();
    page(browser.submit(form).await.unwrap());
    lets_in(&tenant, "jdoe@acme.example", "By-Mail-1").await;
    // At login the same: one name is typed, the other is forgotten.
    let change_it = json!({ "attributes": { "pwdLastSet": "0" } });
    let url = tenant.url("/_impostor/people/ad/jdoe");
    assert_eq!(crate::tenant::send(tenant.http.patch(url).json(&change_it)).await.status, 200);
    let mut browser = tenant.browser();
    let shown = page(type_in(&tenant, &mut browser, "jdoe", "By-Mail-1").await);
    callback(change(&mut browser, &shown, "By-Mail-1", "At-Login-1", "At-Login-1").await);
    goes_down(&tenant).await;
    for name in names {
        assert_eq!(refused(&tenant, name, "Passw0rd!jdoe").await, "directory-unavailable", "{name}");
    }
    assert_eq!(refused(&tenant, "jdoe@acme.example", "By-Mail-1").await, "directory-unavailable");
    lets_in(&tenant, "jdoe", "At-Login-1").await;
}

#[tokio::test]
async fn what_is_remembered_is_no_place_to_guess_at() {
    let (_impostor, tenant) = start().await;
    lets_in(&tenant, "jdoe", "Passw0rd!jdoe").await;
    goes_down(&tenant).await;
    for attempt in 1..=10 {
        assert_eq!(refused(&tenant, "jdoe", "wrong").await, "directory-unavailable", "{attempt}");
    }
    assert_eq!(refused(&tenant, "jdoe", "Passw0rd!jdoe").await, "user-blocked");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_hold_one_link_one_changes_the_password() {
    let (_impostor, tenant) = start().await;
    lets_in(&tenant, "jdoe", "Passw0rd!jdoe").await;
    let link = mailed(&tenant, "jdoe", "john.doe@corp.acme.example").await;
    let mut open = Vec::new();
    for number in 0..8 {
        let password = format!("By-Mail-{number}");
        let mut browser = tenant.browser();
        let form = page(browser.open(&link).await.unwrap()).form_with("password-reset").unwrap();
        let form = form.fill("password-reset", &password).unwrap().fill("re-enter-password", &password).unwrap();
        open.push((browser, form, password));
    }
    let tries = open.into_iter().map(|(mut browser, form, password)| {
        tokio::spawn(async move {
            let said = page(browser.submit(form).await.unwrap()).text();
            said.contains("Password Changed!").then_some(password)
        })
    });
    let told = join_all(tries).await.into_iter().filter_map(Result::unwrap);
    let [won] = told.collect::<Vec<_>>().try_into().unwrap();
    lets_in(&tenant, "jdoe", &won).await;
}

#[tokio::test]
async fn the_password_realm_grant_asks_the_directory() {
    let (_impostor, tenant) = start().await;
    let app = tenant.app("acme-web");
    let grant = |name, password| {
        let app = app.clone();
        let parameters = [("grant_type", REALM), ("realm", "acme-ad"), ("username", name), ("password", password)];
        async move { app.token(&parameters).await }
    };
    assert!(grant("ACME\\jdoe", "Passw0rd!jdoe").await.is_ok());
    for (name, password, error, description) in [
        ("jdoe", "wrong", "invalid_grant", "Wrong email or password."),
        ("nobody", "wrong", "invalid_grant", "Wrong email or password."),
        ("ddisabled", "Passw0rd!ddisabled", "invalid_grant", "the account is disabled"),
        ("eexpired", "Passw0rd!eexpired", "invalid_grant", "the account has expired"),
        ("llocked", "Passw0rd!llocked", "invalid_grant", "the account is locked"),
        ("sstale", "Passw0rd!sstale", "invalid_grant", "the password has expired"),
    ] {
        let refusal = crate::tenant::refusal(grant(name, password).await);
        assert_eq!((refusal.code.as_str(), refusal.message.as_str()), (error, description), "{name}");
    }
}

#[tokio::test]
async fn who_tries_too_often_is_blocked_before_the_directory_is_asked() {
    let (_impostor, tenant) = start().await;
    lets_in(&tenant, "jdoe", "Passw0rd!jdoe").await;
    // The directory would lock the account at the tenth failure, too: that is of another name.
    for attempt in 1..=10 {
        assert_eq!(refused(&tenant, "jdoe", "wrong").await, "wrong-username-credentials", "{attempt}");
    }
    assert_eq!(refused(&tenant, "jdoe", "Passw0rd!jdoe").await, "user-blocked");
    let admin = tenant.admin().await;
    let logs = admin.read("logs").await.unwrap();
    assert_eq!(logs.as_array().unwrap().iter().filter(|entry| entry["type"] == "limit_wc").count(), 1);
    let id = "ad|acme-ad|01010101-0202-0303-0404-050505050505";
    admin.change("DELETE", &["user-blocks", id], &json!({})).await.unwrap();
    assert_eq!(refused(&tenant, "jdoe", "Passw0rd!jdoe").await, "account-locked");
    tenant.control().advance("PT11M").await.unwrap();
    lets_in(&tenant, "jdoe", "Passw0rd!jdoe").await;
}

#[tokio::test]
async fn the_status_of_a_connection_is_whether_its_directory_answers() {
    let (_impostor, tenant) = start().await;
    let token = tenant.admin_token("read:connections").await;
    let all = tenant.get_as(&token, "/api/v2/connections").await.json();
    let id = |name: &str| all.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["id"].clone();
    let status = async |id: &str| tenant.get_as(&token, &format!("/api/v2/connections/{id}/status")).await;
    assert_eq!(status(id("acme-ad").as_str().unwrap()).await.status, 200);
    let other = status(id("google-oauth2").as_str().unwrap()).await;
    assert_eq!((other.status, &other.json()["message"]), (404, &json!("not connected to any node")));
    assert_eq!(status("con_0000000000000000").await.status, 404);
}
