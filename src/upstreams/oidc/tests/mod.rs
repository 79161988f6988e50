//! The provider speaks its protocol: what apps and browsers see of it. Source: spec/upstreams.md §0 and §9.

mod front_channel;

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
use crate::protocols::oauth::pkce;
use crate::upstreams::provider::Provider;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;
use crate::upstreams::testing::parameter;

const BASE: &str = "/_upstreams/oidc";
const CALLBACK: &str = "http://localhost:3000/login/callback";

/// With Ona, whose claims are of all shapes.
fn agent() -> Agent {
    let agent = Agent::new();
    let ona = json!({ "sub": "u1", "name": "Ona Fake", "email": "ona@people.example", "groups": ["a", "b"],
        "address": { "country": "PT" }, "clearance": 3, "iss": "forged", "userinfo": { "shoe_size": 38, "sub": "x" } });
    agent.add(Provider::Oidc, ona, None);
    agent
}

fn authorize(extra: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{AT}{BASE}/authorize")).unwrap();
    let usual = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email profile"),
        ("state", "a b&c"),
        ("nonce", "n1"),
    ];
    let replaced = |name: &str| extra.iter().any(|(known, _)| *known == name);
    url.query_pairs_mut().extend_pairs(usual.iter().filter(|(name, _)| !replaced(name)));
    url.query_pairs_mut().extend_pairs(extra.iter().filter(|(_, value)| !value.is_empty()));
    url.into()
}

async fn redeem(agent: &mut Agent, callback: &Url, extra: &[(&str, &str)]) -> Answer {
    let code = parameter(callback, "code").unwrap();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("client_id", "app"),
        ("client_secret", "s"),
    ];
    form.retain(|(name, _)| !extra.iter().any(|(known, _)| known == name));
    form.extend(extra);
    agent.post(&format!("{BASE}/token"), &form).await
}

/// The claims of an ID token, its signature checked against the published keys.
async fn verified(agent: &mut Agent, token: &str) -> Map<String, Value> {
    let keys = agent.get(&format!("{BASE}/jwks")).await.json();
    let jws = Jws::parse(token).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"].as_str() == jws.kid()).unwrap();
    jws.verify(&VerifyingKey::of_jwk(key, Algorithm::Rs256).unwrap()).unwrap()
}

#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.json()["error"].as_str(), answer.status.as_u16()), (Some(error), status), "{}", answer.body);
}

#[tokio::test]
async fn scopes_decide_which_claims_an_app_gets_and_others_come_with_any() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[]), "u1", &[]).await;
    assert_eq!(parameter(&callback, "state").as_deref(), Some("a b&c"));
    let tokens = redeem(&mut agent, &callback, &[]).await.json();
    assert_eq!((&tokens["scope"], tokens.get("refresh_token")), (&json!("openid email profile"), None));
    let claims = verified(&mut agent, tokens["id_token"].as_str().unwrap()).await;
    let expected = json!({
        "sub": "u1", "name": "Ona Fake", "email": "ona@people.example", "clearance": 3,
        "iss": "http://localhost:4480/_upstreams/oidc", "given_name": "Ona", "family_name": "Fake",
        "email_verified": true, "aud": "app", "iat": 1_900_000_000, "exp": 1_900_003_600,
        "at_hash": claims["at_hash"], "nonce": "n1"
    });
    assert_eq!(Value::from(claims), expected);

    let all = authorize(&[("scope", "openid groups address offline_access")]);
    let callback = agent.sign_in(&all, "u1", &["groups"]).await;
    let tokens = redeem(&mut agent, &callback, &[]).await.json();
    let claims = verified(&mut agent, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!((claims.get("groups"), claims.get("name")), (None, None), "declined, not asked for");
    assert_eq!(claims["address"], json!({ "country": "PT" }));
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", "app")];
    let again = agent.post(&format!("{BASE}/token"), &form).await.json();
    assert!(again["access_token"].is_string() && again["id_token"].is_string());
}

#[tokio::test]
async fn userinfo_says_what_it_alone_says() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[("scope", "openid groups")]), "u1", &[]).await;
    let tokens = redeem(&mut agent, &callback, &[]).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let person = agent.get_as(&format!("{BASE}/userinfo"), token).await.json();
    assert_eq!(
        (&person["sub"], &person["shoe_size"], &person["groups"]),
        (&json!("u1"), &json!(38), &json!(["a", "b"]))
    );
    agent.clock.advance(Duration::from_hours(1));
    let late = agent.get_as(&format!("{BASE}/userinfo"), token).await;
    refused(&late, 401, "invalid_token");
    assert!(late.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer error=\"invalid_token\""));
}

#[tokio::test]
async fn a_code_is_worth_one_exchange_by_its_app_in_time() {
    let mut agent = agent();
    let challenge = pkce::s256("verifier");
    let with_pkce = authorize(&[("code_challenge", &challenge), ("code_challenge_method", "S256")]);
    let callback = agent.sign_in(&with_pkce, "u1", &[]).await;
    refused(&redeem(&mut agent, &callback, &[]).await, 400, "invalid_grant");
    refused(&redeem(&mut agent, &callback, &[("code_verifier", "other")]).await, 400, "invalid_grant");
    let right = ("code_verifier", "verifier");
    refused(&redeem(&mut agent, &callback, &[right, ("client_id", "other")]).await, 400, "invalid_grant");
    refused(
        &redeem(&mut agent, &callback, &[right, ("redirect_uri", "http://localhost/x")]).await,
        400,
        "invalid_grant",
    );
    refused(&redeem(&mut agent, &callback, &[("grant_type", "password")]).await, 400, "unsupported_grant_type");
    let tokens = redeem(&mut agent, &callback, &[right]).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    refused(&redeem(&mut agent, &callback, &[right]).await, 400, "invalid_grant");
    let late = agent.sign_in(&authorize(&[]), "u1", &[]).await;
    agent.clock.advance(Duration::from_secs(601));
    refused(&redeem(&mut agent, &late, &[]).await, 400, "invalid_grant");
}

#[tokio::test]
async fn the_document_says_where_everything_is() {
    let mut agent = agent();
    let document = agent.get(&format!("{BASE}/.well-known/openid-configuration")).await.json();
    assert_eq!(document["issuer"], "http://localhost:4480/_upstreams/oidc");
    for name in ["authorization_endpoint", "jwks_uri", "end_session_endpoint", "userinfo_endpoint"] {
        let answer = agent.get(document[name].as_str().unwrap()).await;
        assert_ne!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn who_signs_out_is_asked_again() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[]), "u1", &[]).await;
    let hint = redeem(&mut agent, &callback, &[]).await.json()["id_token"].as_str().unwrap().to_owned();
    assert!(agent.get(&authorize(&[("prompt", "none")])).await.location().contains("code="));
    let evil = format!("{BASE}/logout?id_token_hint={hint}&post_logout_redirect_uri=https://evil.example/");
    assert_eq!(agent.get(&evil).await.status, StatusCode::BAD_REQUEST);
    let nobody = format!("{BASE}/logout?post_logout_redirect_uri={CALLBACK}");
    assert_eq!(agent.get(&nobody).await.status, StatusCode::BAD_REQUEST);
    let out = format!("{BASE}/logout?id_token_hint={hint}&post_logout_redirect_uri={CALLBACK}&state=x");
    assert_eq!(agent.get(&out).await.location(), format!("{CALLBACK}?state=x"));
    let stuck = agent.get(&authorize(&[("prompt", "none")])).await.location();
    assert_eq!(stuck, format!("{CALLBACK}?error=login_required&state=a+b%26c"));
}

#[tokio::test]
async fn a_token_that_is_revoked_is_no_more() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[]), "u1", &[]).await;
    let token = redeem(&mut agent, &callback, &[]).await.json()["access_token"].as_str().unwrap().to_owned();
    let revoke = format!("{BASE}/revoke");
    assert_eq!(agent.post(&revoke, &[("token", &token), ("client_id", "other")]).await.status, StatusCode::OK);
    assert_eq!(agent.get_as(&format!("{BASE}/userinfo"), &token).await.status, StatusCode::OK, "not the other's");
    assert_eq!(agent.post(&revoke, &[("token", &token), ("client_id", "app")]).await.status, StatusCode::OK);
    refused(&agent.get_as(&format!("{BASE}/userinfo"), &token).await, 401, "invalid_token");
}
