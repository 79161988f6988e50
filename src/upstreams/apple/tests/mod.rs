//! Apple speaks its protocol: what apps and browsers see of it. Source: spec/upstreams.md §0 and §5.

mod secrets;

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::keys::signing_key::Algorithm;
use crate::keys::verify::Jws;
use crate::keys::verify::VerifyingKey;
use crate::protocols::oauth::embedded_client;
use crate::upstreams::provider::Provider;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;

const BASE: &str = "/_upstreams/apple";
const CALLBACK: &str = "http://localhost:3000/login/callback";
const ANN: &str = "000123.0a1b2c3d4e5f60718293a4b5c6d7e8f9.0638";
const APP: &str = embedded_client::APPLE_ID;

fn agent() -> Agent {
    let agent = Agent::new();
    let ann = json!({ "sub": ANN, "firstName": "Ann", "lastName": "Fake", "email": "ann@people.example" });
    agent.add(Provider::Apple, ann, None);
    agent
}

fn authorize(extra: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{AT}{BASE}/auth/authorize")).unwrap();
    let usual = [
        ("response_type", "code"),
        ("response_mode", "form_post"),
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("scope", "name email"),
        ("state", "a b&c"),
    ];
    let replaced = |name: &str| extra.iter().any(|(known, _)| *known == name);
    url.query_pairs_mut().extend_pairs(usual.iter().filter(|(name, _)| !replaced(name)));
    url.query_pairs_mut().extend_pairs(extra.iter().filter(|(_, value)| !value.is_empty()));
    url.into()
}

/// What a page posts to the app.
#[track_caller]
fn posted(page: &Answer) -> Map<String, Value> {
    let (action, fields) = page.form("form[method=post]");
    assert_eq!(action, CALLBACK);
    fields.into_iter().map(|(name, value)| (name, value.into())).collect()
}

/// Signs Ann in for the first time: `added` fields on the consent page, `untick`ed boxes.
async fn first(agent: &mut Agent, url: &str, added: &[(&str, &str)], untick: &[&str]) -> Map<String, Value> {
    let chooser = agent.get(url).await;
    let chosen = agent.press(&chooser, &format!("form[data-account=\"{ANN}\"]"), &[]).await;
    let consent = agent.get(&chosen.location()).await;
    let added: Vec<_> = added.iter().copied().chain([("action", "accept")]).collect();
    posted(&agent.press_without(&consent, "form[data-consent]", &added, untick).await)
}

async fn redeem(agent: &mut Agent, code: &Value, extra: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str().unwrap()),
        ("redirect_uri", CALLBACK),
        ("client_id", APP),
        ("client_secret", embedded_client::SECRET),
    ];
    form.retain(|(name, _)| !extra.iter().any(|(known, _)| known == name));
    form.extend(extra);
    agent.post(&format!("{BASE}/auth/token"), &form).await
}

/// The claims of the ID token of a good answer, its signature checked against the published keys.
async fn claims(agent: &mut Agent, answer: &Answer) -> Map<String, Value> {
    let keys = agent.get(&format!("{BASE}/auth/keys")).await.json();
    let answer = answer.json();
    let jws = Jws::parse(answer["id_token"].as_str().unwrap()).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"].as_str() == jws.kid()).unwrap();
    jws.verify(&VerifyingKey::of_jwk(key, Algorithm::Rs256).unwrap()).unwrap()
}

fn user(answer: &Map<String, Value>) -> Option<Value> {
    answer.get("user").map(|user| serde_json::from_str(user.as_str().unwrap()).unwrap())
}

#[tokio::test]
async fn the_name_is_told_once_in_the_form_and_never_in_the_id_token() {
    let mut agent = agent();
    let answer = first(&mut agent, &authorize(&[("nonce", "n1")]), &[], &[]).await;
    assert_eq!(answer["state"], "a b&c");
    let expected = json!({ "name": { "firstName": "Ann", "lastName": "Fake" }, "email": "ann@people.example" });
    assert_eq!(user(&answer), Some(expected));
    let tokens = redeem(&mut agent, &answer["code"], &[]).await;
    assert_eq!((&tokens.json()["expires_in"], &tokens.json()["token_type"]), (&json!(3600), &json!("Bearer")));
    let claims = claims(&mut agent, &tokens).await;
    let expected = json!({
        "iss": "http://localhost:4480/_upstreams/apple", "aud": APP, "exp": 1_900_086_400, "iat": 1_900_000_000,
        "sub": ANN, "nonce": "n1", "at_hash": claims["at_hash"], "email": "ann@people.example", "email_verified": true,
        "auth_time": 1_900_000_000, "nonce_supported": true
    });
    assert_eq!(Value::from(claims), expected);
    let again = posted(&agent.get(&authorize(&[])).await);
    assert_eq!((user(&again), again.contains_key("code")), (None, true));
}

#[tokio::test]
async fn the_person_may_change_the_name_and_hide_the_address() {
    let mut agent = agent();
    let answer = first(&mut agent, &authorize(&[]), &[("given_name", " Anna "), ("family_name", "")], &["email"]).await;
    let user = user(&answer).unwrap();
    assert_eq!(user["name"], json!({ "firstName": "Anna", "lastName": "" }));
    let relay = user["email"].as_str().unwrap().to_owned();
    assert!(relay.ends_with("@privaterelay.appleid.com"), "{relay}");
    let tokens = redeem(&mut agent, &answer["code"], &[]).await;
    let told = claims(&mut agent, &tokens).await;
    assert_eq!((told["email"].as_str(), &told["is_private_email"]), (Some(relay.as_str()), &json!(true)));
    let again = posted(&agent.get(&authorize(&[])).await);
    let tokens = redeem(&mut agent, &again["code"], &[]).await;
    assert_eq!(claims(&mut agent, &tokens).await["email"], relay, "the same address every time");
}

#[tokio::test]
async fn flags_are_texts_where_the_account_has_them_so_and_there_may_be_no_address() {
    let mut agent = Agent::new();
    let texts =
        json!({ "sub": ANN, "email": "t@people.example", "email_verified": "true", "private_email": "p@r.example" });
    agent.add(Provider::Apple, texts, Some(&[]));
    let answer = first(&mut agent, &authorize(&[]), &[], &[]).await;
    let tokens = redeem(&mut agent, &answer["code"], &[]).await;
    let told = claims(&mut agent, &tokens).await;
    assert_eq!((&told["email"], &told["email_verified"]), (&json!("p@r.example"), &json!("true")));
    assert_eq!(told["is_private_email"], "true");

    let mut agent = Agent::new();
    let nobody = json!({ "sub": ANN, "name": null, "firstName": null, "lastName": null, "email": null });
    agent.add(Provider::Apple, nobody, None);
    let answer = first(&mut agent, &authorize(&[]), &[], &[]).await;
    assert_eq!(user(&answer), None);
    let tokens = redeem(&mut agent, &answer["code"], &[]).await;
    assert_eq!(claims(&mut agent, &tokens).await.get("email"), None);
}

#[tokio::test]
async fn who_revokes_is_asked_again_and_tells_the_name_again() {
    let mut agent = agent();
    let answer = first(&mut agent, &authorize(&[]), &[], &[]).await;
    let tokens = redeem(&mut agent, &answer["code"], &[]).await.json();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let refreshing = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let refreshed = redeem(&mut agent, &answer["code"], &refreshing).await.json();
    assert!(refreshed["id_token"].is_string() && refreshed.get("refresh_token").is_none());
    let credentials = [("client_id", APP), ("client_secret", embedded_client::SECRET), ("token", refresh)];
    assert_eq!(agent.post(&format!("{BASE}/auth/revoke"), &credentials).await.status, StatusCode::OK);
    refused(&redeem(&mut agent, &answer["code"], &refreshing).await, "invalid_grant");
    let consent = agent.get(&authorize(&[])).await;
    let consent = agent.get(&consent.location()).await;
    let again = posted(&agent.press(&consent, "form[data-consent]", &[("action", "accept")]).await);
    assert!(user(&again).is_some());
}

#[track_caller]
fn refused(answer: &Answer, error: &str) {
    assert_eq!((answer.json()["error"].as_str(), answer.status.as_u16()), (Some(error), 400), "{}", answer.body);
}

#[tokio::test]
async fn a_code_is_worth_one_exchange_within_five_minutes() {
    let mut agent = agent();
    let answer = first(&mut agent, &authorize(&[]), &[], &[]).await;
    let code = &answer["code"];
    refused(&redeem(&mut agent, code, &[("redirect_uri", "http://localhost/x")]).await, "invalid_grant");
    refused(&redeem(&mut agent, code, &[("grant_type", "password")]).await, "unsupported_grant_type");
    assert_eq!(redeem(&mut agent, code, &[]).await.status, StatusCode::OK);
    let used = redeem(&mut agent, code, &[]).await;
    let expected = json!({ "error": "invalid_grant", "error_description": "The code has already been used." });
    assert_eq!(used.json(), expected);
    let late = posted(&agent.get(&authorize(&[])).await);
    agent.clock.advance(Duration::from_mins(5));
    let late = redeem(&mut agent, &late["code"], &[]).await;
    assert_eq!(late.json()["error_description"], "The code has expired or has been revoked.");
}

#[tokio::test]
async fn an_id_token_may_come_with_the_code_and_who_cancels_is_posted_back() {
    let mut agent = agent();
    let chooser = agent.get(&authorize(&[])).await;
    let cancelled = posted(&agent.press(&chooser, "form.cancel", &[("action", "deny")]).await);
    assert_eq!(Value::from(cancelled), json!({ "error": "user_cancelled_authorize", "state": "a b&c" }));
    let answer = first(&mut agent, &authorize(&[("response_type", "code id_token")]), &[], &[]).await;
    let jws = Jws::parse(answer["id_token"].as_str().unwrap()).unwrap();
    assert!(jws.unverified("c_hash").is_some() && jws.unverified("at_hash").is_none());
}

#[tokio::test]
async fn mistakes_of_an_app_are_told_on_apples_own_page() {
    let mut agent = agent();
    for (extra, error) in [
        (("response_mode", "query"), "response_mode must be form_post when name or email scope is requested."),
        (("response_mode", "other"), "The response_mode does not fit."),
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "name phone"), "Invalid scope: phone"),
        (("redirect_uri", "https://evil.example/"), "Invalid web redirect url."),
        (("client_id", ""), "invalid_client"),
    ] {
        let page = agent.get(&authorize(&[extra])).await;
        assert_eq!((page.status.as_u16(), page.headers.get(header::LOCATION)), (400, None), "{extra:?}");
        assert!(page.body.contains(error), "{extra:?} {}", page.body);
    }
    let plain = agent.get(&authorize(&[("response_mode", ""), ("scope", "")])).await;
    assert_eq!(plain.status, StatusCode::OK, "without scopes a query will do");
    let document = agent.get(&format!("{BASE}/.well-known/openid-configuration")).await.json();
    assert_eq!(document["token_endpoint"], "http://localhost:4480/_upstreams/apple/auth/token");
}
