//! `/authorize` and what follows, as a browser meets it.

use std::time::Duration;

use serde_json::json;

use crate::authentication::testing::API;
use crate::authentication::testing::Answer;
use crate::authentication::testing::Browser;
use crate::authentication::testing::Host;
use crate::authentication::testing::claims;
use crate::authentication::testing::parameter;

const CODE: &str = "client_id=web&response_type=code&redirect_uri=https://app.example/cb&state=s&scope=openid";

/// `error` and `error_description` of a redirect, or of a page its status and whether it says `text`.
fn error(answer: &Answer) -> (String, String) {
    let location = answer.header("location");
    (parameter(location, "error").unwrap(), parameter(location, "error_description").unwrap())
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_is_not_trusted() {
    let host = Host::new();
    for (query, status, says) in [
        ("client_id=nobody&redirect_uri=https://evil.example/", 403, "Unknown client: nobody"),
        ("client_id=web&redirect_uri=https://evil.example/", 403, "Callback URL mismatch."),
        ("client_id=web&client_id=web", 400, "client_id is there twice"),
        ("", 400, "Missing required parameter: client_id"),
        ("client_id=web&response_mode=web_message&redirect_uri=http://localhost:1/", 403, "registered origin"),
    ] {
        let answer = host.get(&format!("/authorize?{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert!(answer.text().contains(says), "{query}: {}", answer.text());
        assert!(!answer.headers.contains_key("location"));
        assert_eq!(answer.header("x-frame-options"), "deny");
    }
}

#[tokio::test]
async fn who_is_trusted_hears_what_is_wrong_in_the_mode_asked_for() {
    let host = Host::new();
    for (query, expected) in [
        ("client_id=web&state=s", ("invalid_request", "Missing required parameter: response_type")),
        (
            "client_id=web&response_type=code&audience=https://no.example/",
            ("invalid_request", "Service not found: https://no.example/"),
        ),
        ("client_id=web&response_type=code&connection=none", ("invalid_request", "the connection is not enabled")),
        (
            "client_id=web&response_type=code&organization=org_1",
            ("invalid_request", "parameter organization is not allowed for this client"),
        ),
        ("client_id=web&response_type=code&prompt=none", ("login_required", "Login required")),
        ("client_id=web&response_type=code&request=x", ("unsupported", "the request parameter is not built yet")),
    ] {
        let answer = host.get(&format!("/authorize?{query}")).await;
        assert_eq!(error(&answer), (expected.0.to_owned(), expected.1.to_owned()), "{query}");
        assert!(answer.header("location").starts_with("https://app.example/cb?"));
    }
    let silent = host.get("/authorize?client_id=web&response_type=code&prompt=none&response_mode=web_message").await;
    assert!(silent.text().contains(r#"{"error":"login_required","error_description":"Login required"}"#));
    let tokens = host.get("/authorize?client_id=web&response_type=token&prompt=none&state=x").await;
    assert!(tokens.header("location").starts_with("https://app.example/cb#error=login_required"), "{tokens:?}");
}

#[tokio::test]
async fn a_login_ends_at_the_app_once() {
    let host = Host::new();
    let mut browser = Browser::new(&host);
    let page = browser.get(&format!("/authorize?{CODE}")).await;
    assert!(page.header("location").starts_with("/u/login?state="));
    let resume = browser.post(page.header("location"), &[]).await.header("location").to_owned();
    let answer = browser.get(&resume).await;
    assert!(answer.header("location").starts_with("https://app.example/cb?code="), "{answer:?}");
    assert_eq!(parameter(answer.header("location"), "state").as_deref(), Some("s"));
    assert_eq!(browser.get(&resume).await.status, 400);
    assert_eq!(host.tenant.read().transactions.len(), 0);
}

#[tokio::test]
async fn nobody_goes_on_with_the_login_of_another_browser() {
    let host = Host::new();
    let mut victim = Browser::new(&host);
    let page = victim.get(&format!("/authorize?{CODE}")).await.header("location").to_owned();
    let mut thief = Browser::new(&host);
    assert_eq!(thief.post(&page, &[]).await.status, 400);
    let resume = victim.post(&page, &[]).await.header("location").to_owned();
    assert_eq!(thief.get(&resume).await.status, 400);
    thief.get(&format!("/authorize?{CODE}")).await;
    assert_eq!(thief.get(&resume).await.status, 400);
    assert_eq!(victim.get("/authorize/resume?state=nonsense").await.status, 400);
    assert_eq!(victim.get("/authorize/resume").await.status, 400);
}

#[tokio::test]
async fn who_is_signed_in_is_not_asked_again_unless_the_app_insists() {
    let host = Host::new();
    let mut browser = Browser::new(&host);
    browser.code(CODE).await;
    let again = browser.get(&format!("/authorize?{CODE}&prompt=none")).await;
    assert!(parameter(again.header("location"), "code").is_some());
    for insisting in ["prompt=login", "prompt=select_account", "max_age=60", "connection=google-oauth2&prompt=none"] {
        host.tenant.clock().advance(Duration::from_secs(61));
        let answer = browser.get(&format!("/authorize?{CODE}&{insisting}")).await;
        assert!(!answer.header("location").contains("code="), "{insisting}");
    }
    host.tenant.clock().advance(Duration::from_hours(80));
    let idle = browser.get(&format!("/authorize?{CODE}&prompt=none")).await;
    assert_eq!(error(&idle).0, "login_required");
}

#[tokio::test]
async fn tokens_of_the_front_channel_are_bound_to_each_other() {
    let host = Host::new();
    let query = "client_id=web&response_type=code%20id_token%20token&scope=openid&nonce=n&state=s";
    let answer = Browser::new(&host).sign_in(&format!("{query}&audience={API}")).await;
    let field = |name: &str| parameter(answer.header("location"), name);
    assert!(answer.header("location").starts_with("https://app.example/cb#"));
    assert_eq!(field("expires_in").as_deref(), Some("7200"));
    let id_token = claims(&json!(field("id_token").unwrap()));
    assert_eq!(id_token["nonce"], "n");
    let half = |text: String| crate::keys::digest::left_half_hash(&text);
    assert_eq!(id_token["at_hash"], half(field("access_token").unwrap()));
    assert_eq!(id_token["c_hash"], half(field("code").unwrap()));
}

#[tokio::test]
async fn a_form_post_carries_the_id_token() {
    let host = Host::new();
    let query = "client_id=web&response_type=id_token&response_mode=form_post&scope=openid&nonce=n&state=s";
    let answer = Browser::new(&host).sign_in(query).await;
    let page = answer.text();
    assert!(page.contains(r#"<form method="post" action="https://app.example/cb">"#), "{page}");
    assert!(page.contains(r#"name="id_token" value="ey"#) && page.contains(r#"name="state" value="s""#), "{page}");
}

#[tokio::test]
async fn a_blocked_user_hears_so_at_the_app_and_the_attempt_counts() {
    let host = Host::new();
    let blocked: Result<(), crate::store::error::StoreError> = host
        .tenant
        .write(|tx| {
            let user = tx.user(&"auth0|ana".into()).unwrap();
            tx.put_user(crate::domain::user::User { blocked: Some(true), ..user })
        })
        .await;
    blocked.unwrap();
    let mut browser = Browser::new(&host);
    let page = browser.get(&format!("/authorize?{CODE}")).await.header("location").to_owned();
    let answer = browser.post(&page, &[]).await;
    assert_eq!(error(&answer), ("unauthorized".to_owned(), "user is blocked".to_owned()));
    let state = host.tenant.read();
    assert_eq!(state.users.get("auth0|ana").unwrap().logins_count, Some(1));
    assert_eq!((state.sessions.len(), state.transactions.len(), state.codes.len()), (0, 0, 0));
}

#[tokio::test]
async fn consent_is_asked_where_the_api_wants_it() {
    let host = Host::new();
    let changed: Result<(), ()> = host
        .tenant
        .write(|tx| {
            let mut client = (**tx.client("web").unwrap()).clone();
            client.is_first_party = false;
            tx.clients.put(client.client_id.clone(), client);
            Ok(())
        })
        .await;
    changed.unwrap();
    let mut browser = Browser::new(&host);
    let answer = browser.sign_in(CODE).await;
    assert!(answer.header("location").starts_with("/u/consent?state="), "{answer:?}");
    let silent = browser.get(&format!("/authorize?{CODE}&prompt=none")).await;
    assert_eq!(error(&silent), ("consent_required".to_owned(), "Consent required".to_owned()));
    let handle = parameter(answer.header("location"), "state").unwrap();
    super::consent::accept(&host.tenant, &handle.as_str().into(), vec!["openid".to_owned()]).await.unwrap();
    let done = browser.get(&format!("/authorize/resume?state={handle}")).await;
    assert!(parameter(done.header("location"), "code").is_some());
    let again = browser.get(&format!("/authorize?{CODE}&prompt=none")).await;
    assert!(parameter(again.header("location"), "code").is_some());
}

#[tokio::test]
async fn a_login_that_takes_too_long_is_over() {
    let host = Host::new();
    let mut browser = Browser::new(&host);
    let page = browser.get(&format!("/authorize?{CODE}")).await.header("location").to_owned();
    host.tenant.clock().advance(Duration::from_hours(1));
    assert_eq!(browser.post(&page, &[]).await.status, 400);
    for _ in 0..3 {
        browser.get(&format!("/authorize?{CODE}")).await;
    }
    assert_eq!(host.tenant.read().transactions.len(), 3, "what is over is swept out");
}
