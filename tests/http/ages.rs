//! What has an age is alive just before its time is up and dead when it is, by the tenant's clock. Sessions, refresh tokens,
//! opaque tokens, passwordless codes and tickets of administrators have scenarios of their own.

use impostor::client::browser::{Arrival, Browser};
use impostor::client::orders::TokenOrder;
use serde_json::json;

use crate::tenant::{Tenant, owned, page, send, start};

const FORM: &str = "application/x-www-form-urlencoded";
const ALICE: &str = "alice@acme.example";

/// Two tenants of the same age: one second before the time is up, and when it is.
async fn check<T>(seconds: i64, begin: impl AsyncFn(&Tenant) -> T, is_alive: impl AsyncFn(&Tenant, T) -> bool) {
    let (_impostor, parent) = start().await;
    for (age, expected) in [(seconds - 1, true), (seconds, false)] {
        let tenant = parent.fork(&format!("aged-{age}")).await;
        tenant.control().set_clock(true, None).await.unwrap();
        let made = begin(&tenant).await;
        tenant.control().advance(&format!("PT{age}S")).await.unwrap();
        assert_eq!(is_alive(&tenant, made).await, expected, "after {age} seconds");
    }
}

#[tokio::test]
async fn an_authorization_code_is_good_for_a_minute() {
    let make = async |tenant: &Tenant| {
        let mut app = tenant.app("acme-spa");
        let (login, callback) = tenant.sign_in(&mut app, &[]).await;
        (app, login, callback)
    };
    check(60, make, async |_, (app, login, callback)| app.redeem(&login, &callback).await.is_ok()).await;
}

#[tokio::test]
async fn a_login_page_waits_for_an_hour() {
    let make = async |tenant: &Tenant| {
        let (mut browser, mut app) = (tenant.browser(), tenant.app("acme-spa"));
        let login = app.begin_login(&owned(&[])).unwrap();
        let form = page(browser.open(&login.url).await.unwrap()).form_with("username").unwrap();
        (browser, form.fill("username", ALICE).unwrap().fill("password", "Passw0rd!alice").unwrap())
    };
    let is_alive = async |_: &Tenant, (mut browser, form): (Browser, _)| {
        matches!(browser.submit(form).await.unwrap(), Arrival::Callback(_))
    };
    check(3600, make, is_alive).await;
}

#[tokio::test]
async fn a_machine_s_token_is_good_for_a_day() {
    let make = async |tenant: &Tenant| tenant.admin_token("").await;
    check(86_400, make, async |tenant, token| tenant.get_as(&token, "/api/v2/users").await.status == 200).await;
}

#[tokio::test]
async fn a_minted_token_is_as_old_as_it_was_made_and_lives_as_long_as_was_said() {
    let make = async |tenant: &Tenant| {
        let order = TokenOrder {
            client: Some("acme-management".to_owned()),
            audience: Some(tenant.url("/api/v2/")),
            age: Some("PT10M".to_owned()),
            lifetime: Some(3600),
            ..TokenOrder::default()
        };
        tenant.control().make_tokens(&order).await.unwrap().access_token.unwrap()
    };
    check(3000, make, async |tenant, token| tenant.get_as(&token, "/api/v2/users").await.status == 200).await;
}

#[tokio::test]
async fn the_links_of_mails_work_for_five_days() {
    let make = async |tenant: &Tenant| {
        let body = json!({ "client_id": "acme-spa", "connection": "Username-Password-Authentication", "email": ALICE });
        let asked = tenant.post("/dbconnections/change_password", "application/json", body.to_string()).await;
        assert_eq!(asked.status, 200, "{}", asked.body);
        tenant.control().outbox(&[("template", "reset_email")]).await.unwrap().remove(0).link
    };
    let is_alive = async |tenant: &Tenant, link: String| {
        let reply = send(tenant.http.get(link)).await;
        reply.status == 200 && reply.body.contains("password-reset")
    };
    check(432_000, make, is_alive).await;
}

#[tokio::test]
async fn a_block_is_lifted_by_a_mail_of_the_last_five_days() {
    let grant = async |tenant: &Tenant, password: &str| {
        let body = format!(
            "grant_type=password&client_id=acme-web&client_secret=acme-web-secret-for-local-tests-only&username={ALICE}&password={password}"
        );
        tenant.post("/oauth/token", FORM, body).await.status
    };
    let make = async |tenant: &Tenant| {
        for _ in 0..10 {
            grant(tenant, "wrong").await;
        }
        tenant.control().outbox(&[("template", "blocked_account")]).await.unwrap().remove(0).link
    };
    let is_alive = async |tenant: &Tenant, link: String| {
        // The block itself has no end of its own: only the link, an administrator or another password lifts it.
        assert_eq!(grant(tenant, "Passw0rd!alice").await, 429);
        send(tenant.http.get(link)).await;
        grant(tenant, "Passw0rd!alice").await == 200
    };
    check(432_000, make, is_alive).await;
}
