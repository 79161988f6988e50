//! The token endpoint, as an app meets it.

use std::convert::Infallible;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::authentication::testing::API;
use crate::authentication::testing::Answer;
use crate::authentication::testing::Browser;
use crate::authentication::testing::Host;
use crate::authentication::testing::claims;
use crate::domain::client::Client;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
const CALLBACK: &str = "https://app.example/cb";

fn query(client: &str, scope: &str) -> String {
    format!("client_id={client}&response_type=code&redirect_uri={CALLBACK}&scope={scope}&nonce=n")
}

async fn redeem(host: &Host, client: &str, fields: &[(&str, &str)]) -> Answer {
    let secret = format!("{client}-secret");
    let mut form = vec![("grant_type", "authorization_code"), ("client_id", client), ("redirect_uri", CALLBACK)];
    if client != "spa" {
        form.push(("client_secret", &secret));
    }
    form.extend(fields);
    host.post_form("/oauth/token", &form).await
}

async fn refresh(host: &Host, token: &Value) -> Answer {
    let token = token.as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", "spa"), ("refresh_token", token)];
    host.post_form("/oauth/token", &form).await
}

#[tokio::test]
async fn a_code_gives_tokens_about_the_person() {
    let host = Host::new();
    let code =
        Browser::new(&host).code(&format!("{}&audience={API}", query("web", "openid%20email%20read:orders"))).await;
    let answer = redeem(&host, "web", &[("code", &code)]).await;
    let body = answer.json();
    let names: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "id_token", "expires_in", "token_type"]);
    let access = claims(&body["access_token"]);
    assert_eq!(access["aud"], json!([API, "http://localhost:4480/userinfo"]));
    assert_eq!(access["scope"], "openid email read:orders");
    let id = claims(&body["id_token"]);
    assert_eq!((&id["email"], &id["nonce"], &id["aud"]), (&json!("ana@people.example"), &json!("n"), &json!("web")));
    assert_eq!(id["sid"].as_str().unwrap().len(), 32);
}

#[tokio::test]
async fn a_code_is_worth_one_exchange_and_the_second_ends_what_came_of_it() {
    let host = Host::new();
    let code = Browser::new(&host).code(&query("web", "openid%20offline_access")).await;
    let tokens = redeem(&host, "web", &[("code", &code)]).await.json();
    let userinfo = format!("/userinfo?access_token={}", tokens["access_token"].as_str().unwrap());
    assert_eq!(host.get(&userinfo).await.status, 200);
    let again = redeem(&host, "web", &[("code", &code)]).await.refusal();
    assert_eq!(again, (403, "invalid_grant".to_owned(), "Invalid authorization code".to_owned()));
    assert_eq!(host.get(&userinfo).await.status, 401);
    assert_eq!(host.tenant.read().refresh_tokens.len(), 0);
}

#[tokio::test]
async fn of_many_exchanges_at_a_time_one_succeeds() {
    let host = Host::new();
    let code = Browser::new(&host).code(&query("web", "openid")).await;
    let fields = [("code", code.as_str())];
    let answers = futures_util::future::join_all((0..8).map(|_| redeem(&host, "web", &fields))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn a_code_is_for_its_client_its_redirect_and_its_verifier() {
    let host = Host::new();
    let mut browser = Browser::new(&host);
    let code = browser.code(&query("web", "openid")).await;
    assert_eq!(redeem(&host, "machine", &[("code", &code)]).await.refusal().1, "invalid_grant");
    let wrong = [
        ("grant_type", "authorization_code"),
        ("client_id", "web"),
        ("client_secret", "web-secret"),
        ("code", &code),
        ("redirect_uri", "https://app.example/x"),
    ];
    let refusal = host.post_form("/oauth/token", &wrong).await.refusal();
    let text = "The redirect URI is wrong. You sent https://app.example/x, and we expected https://app.example/cb";
    assert_eq!(refusal, (403, "unauthorized_client".to_owned(), text.to_owned()));

    let code = browser.code(&format!("{}&{CHALLENGE}", query("spa", "openid"))).await;
    let refusal = redeem(&host, "spa", &[("code", &code), ("code_verifier", "wrong")]).await.refusal();
    assert_eq!(refusal, (403, "invalid_grant".to_owned(), "Failed to verify code verifier".to_owned()));
    let code = browser.code(&format!("{}&{CHALLENGE}", query("spa", "openid"))).await;
    assert_eq!(redeem(&host, "spa", &[("code", &code), ("code_verifier", VERIFIER)]).await.status, 200);
    let unproved = browser.code(&query("spa", "openid")).await;
    assert_eq!(redeem(&host, "spa", &[("code", &unproved)]).await.status, 401);
}

#[tokio::test]
async fn a_code_expires() {
    let host = Host::new();
    let code = Browser::new(&host).code(&query("web", "openid")).await;
    host.tenant.clock().advance(Duration::from_mins(1));
    assert_eq!(redeem(&host, "web", &[("code", &code)]).await.refusal().2, "Invalid authorization code");
}

#[tokio::test]
async fn a_reused_refresh_token_ends_its_family() {
    let host = Host::new();
    let code = Browser::new(&host).code(&format!("{}&{CHALLENGE}", query("spa", "openid%20offline_access"))).await;
    let first =
        redeem(&host, "spa", &[("code", &code), ("code_verifier", VERIFIER)]).await.json()["refresh_token"].clone();
    assert!(first.as_str().unwrap().starts_with("v1.M"));
    let second = refresh(&host, &first).await.json();
    assert_eq!(second["scope"], "openid offline_access");
    assert!(second["id_token"].is_string());
    let expected = (403, "invalid_grant".to_owned(), "Unknown or invalid refresh token.".to_owned());
    assert_eq!(refresh(&host, &first).await.refusal(), expected);
    assert_eq!(refresh(&host, &second["refresh_token"]).await.refusal(), expected);
    assert!(host.tenant.read().logs.iter().any(|event| event.1.kind == "ferrt"));
}

#[tokio::test]
async fn the_leeway_is_for_the_token_before_the_current_one() {
    let host = Host::new();
    let changed = host.tenant.write(|tx| {
        let mut client = Client::clone(tx.client("spa").unwrap());
        client.refresh_token.leeway = 60;
        tx.clients.put(client.client_id.clone(), client);
        Ok::<_, Infallible>(())
    });
    changed.await.unwrap();
    let code = Browser::new(&host).code(&format!("{}&{CHALLENGE}", query("spa", "openid%20offline_access"))).await;
    let first = redeem(&host, "spa", &[("code", &code), ("code_verifier", VERIFIER)]).await.json();
    let second = refresh(&host, &first["refresh_token"]).await.json();
    assert_eq!(refresh(&host, &first["refresh_token"]).await.status, 200);
    let third = refresh(&host, &second["refresh_token"]).await.json();
    assert_eq!(refresh(&host, &first["refresh_token"]).await.status, 403);
    assert_eq!(refresh(&host, &third["refresh_token"]).await.status, 403);
}

#[tokio::test]
async fn who_is_gone_or_blocked_gets_no_new_tokens() {
    let host = Host::new();
    let code = Browser::new(&host).code(&format!("{}&{CHALLENGE}", query("spa", "openid%20offline_access"))).await;
    let token =
        redeem(&host, "spa", &[("code", &code), ("code_verifier", VERIFIER)]).await.json()["refresh_token"].clone();
    let change: Result<(), ()> = host
        .tenant
        .write(|tx| {
            tx.remove_user(&"auth0|ana".into());
            Ok(())
        })
        .await;
    change.unwrap();
    let text = "The refresh_token was generated for a user who doesn't exist anymore.";
    assert_eq!(refresh(&host, &token).await.refusal(), (403, "invalid_grant".to_owned(), text.to_owned()));
}

#[tokio::test]
async fn a_password_without_scope_gives_the_whole_profile() {
    let host = Host::new();
    let fields = [
        ("grant_type", "password"),
        ("client_id", "web"),
        ("client_secret", "web-secret"),
        ("username", "ANA@people.example"),
        ("password", "Passw0rd!ana"),
    ];
    let body = host.post_form("/oauth/token", &fields).await.json();
    assert_eq!(body["scope"], "openid profile email address phone");
    assert_eq!(claims(&body["id_token"])["email"], "ana@people.example");
    let mut realm = fields.to_vec();
    realm[0].1 = "http://auth0.com/oauth/grant-type/password-realm";
    realm.extend([("realm", "db"), ("scope", "openid")]);
    assert!(host.post_form("/oauth/token", &realm).await.json().get("scope").is_none());
    assert_eq!(host.tenant.read().users.get("auth0|ana").unwrap().logins_count, Some(2));
    realm[5].1 = "nowhere";
    assert_eq!(host.post_form("/oauth/token", &realm).await.refusal().2, "Unknown or invalid realm");
}

#[tokio::test]
async fn what_is_no_token_request_is_told_so() {
    let host = Host::new();
    let text = "Missing required parameter: grant_type".to_owned();
    assert_eq!(host.post_form("/oauth/token", &[]).await.refusal(), (400, "invalid_request".to_owned(), text));
    let unknown = host.post_form("/oauth/token", &[("grant_type", "x"), ("client_id", "web")]).await.refusal();
    assert_eq!(unknown, (400, "unsupported_grant_type".to_owned(), "Unsupported grant type: x".to_owned()));
    for (media, body, status) in [
        ("application/json", "{".to_owned(), 400),
        ("application/json", r#"{"grant_type":["x"]}"#.to_owned(), 400),
        ("text/plain", "grant_type=x".to_owned(), 400),
        ("application/json", format!("{{\"a\":\"{}\"}}", "x".repeat(200_000)), 413),
    ] {
        let request = axum::http::Request::post("/oauth/token").header("content-type", media);
        assert_eq!(host.send(request.body(body.into()).unwrap()).await.status, status, "{media}");
    }
}
