//! Google as a relying party meets it: what is believed and what is not. Source: spec/upstreams.md §1, §9 and §10.

use super::*;
use crate::connections::id_token::Doubt;
use crate::connections::testing::NOW;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use crate::keys::digest;
use crate::keys::signing_key::Algorithm;
use crate::keys::signing_key::sign_hs256;
use crate::keys::verify::TokenError;
use serde_json::Value;
use serde_json::json;

const USERINFO: &str = r#"{"sub":"1089","name":"Ada Fake"}"#;

fn party(provider: &Provider) -> Party {
    let options = json!({ "client_id": "me", "client_secret": "s", "scope": ["email", "profile"] });
    Party::new("google-oauth2", &provider.server.uri(), options)
}

/// The claims that are right for a visit.
fn claims(provider: &Provider, visit: &UpstreamVisit) -> Value {
    json!({
        "iss": provider.server.uri(), "aud": "me", "sub": "1089", "nonce": visit.nonce, "iat": NOW, "exp": NOW + 3600
    })
}

fn token_answer(id_token: &str) -> String {
    let answer = json!({ "access_token": "at", "expires_in": 3599, "refresh_token": "rt", "id_token": id_token });
    answer.to_string()
}

/// Arrives with an ID token that `spoil` made of the right claims.
async fn arrive_with(spoil: impl Fn(&Provider, Value) -> String) -> Result<Returned, ConnectionError> {
    let provider = Provider::discoverable().await;
    let party = party(&provider);
    let visit = party.depart(&request()).await.unwrap().visit;
    let id_token = spoil(&provider, claims(&provider, &visit));
    provider.says("POST", "/token", 200, &token_answer(&id_token)).await;
    provider.says("GET", "/userinfo", 200, USERINFO).await;
    party.arrive(&visit, &[("code", "c")]).await
}

fn signed(provider: &Provider, claims: &Value) -> String {
    provider.key.sign(Algorithm::Rs256, "JWT", claims).unwrap()
}

/// One claim is another than the right one; `null` takes it away.
async fn doubt_at(claim: &str, value: Value) -> Doubt {
    let returned = arrive_with(|provider, mut claims| {
        claims[claim] = value.clone();
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        signed(provider, &claims)
    });
    match returned.await {
        Err(ConnectionError::IdToken(doubt)) => doubt,
        other => panic!("{claim}: {other:?}"),
    }
}

#[tokio::test]
async fn who_comes_back_with_a_good_token_brings_profile_and_tokens() {
    let returned = arrive_with(|provider, claims| signed(provider, &claims)).await.unwrap();
    assert_eq!(Value::from(returned.raw.0), serde_json::from_str::<Value>(USERINFO).unwrap());
    assert_eq!(returned.tokens.access_token.as_deref(), Some("at"));
    assert_eq!((returned.tokens.refresh_token.as_deref(), returned.tokens.expires_in), (Some("rt"), Some(3599)));
    let several = arrive_with(|provider, mut claims| {
        claims["aud"] = json!(["other", "me"]);
        claims["azp"] = json!("me");
        signed(provider, &claims)
    });
    assert!(several.await.is_ok());
}

#[tokio::test]
async fn a_token_that_says_anything_else_is_not_believed() {
    for (claim, value, doubt) in [
        ("iss", json!("https://accounts.google.com"), Doubt::Token(TokenError::WrongIssuer)),
        ("aud", json!("other"), Doubt::Token(TokenError::WrongAudience)),
        ("aud", json!(["me", "other"]), Doubt::Token(TokenError::WrongAudience)),
        ("exp", json!(NOW - 61), Doubt::Token(TokenError::Expired)),
        ("exp", Value::Null, Doubt::Token(TokenError::Expired)),
        ("iat", json!(NOW + 61), Doubt::Token(TokenError::NotYetValid)),
        ("nonce", json!("other"), Doubt::Nonce),
        ("nonce", Value::Null, Doubt::Missing("nonce")),
        ("sub", json!(""), Doubt::Missing("sub")),
    ] {
        assert_eq!(doubt_at(claim, value).await, doubt, "{claim}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_signed_by_the_provider_is_not_believed() {
    let other = crate::keys::Keyring::in_memory().signing_key("google", 0).await.unwrap();
    let foreign = arrive_with(|_, claims| other.sign(Algorithm::Rs256, "JWT", &claims).unwrap()).await;
    let unsigned = arrive_with(|_, claims| {
        let part = |value: &Value| digest::base64url(value.to_string().as_bytes());
        format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims))
    });
    let confused = arrive_with(|provider, claims| sign_hs256(&provider.key.public().0, "JWT", &claims).unwrap()).await;
    let garbage = arrive_with(|_, _| "garbage".to_owned()).await;
    for (returned, error) in [
        (foreign, TokenError::UnknownKey),
        (unsigned.await, TokenError::WrongAlgorithm),
        (confused, TokenError::WrongAlgorithm),
        (garbage, TokenError::Malformed),
    ] {
        assert!(matches!(returned, Err(ConnectionError::IdToken(Doubt::Token(doubt))) if doubt == error), "{error}");
    }
}

#[tokio::test]
async fn a_key_that_is_new_is_looked_for_once_more() {
    let provider = Provider::discoverable().await;
    let party = party(&provider);
    let visit = party.depart(&request()).await.unwrap().visit;
    provider.says_once("GET", "/keys", r#"{"keys":[]}"#).await;
    let id_token = signed(&provider, &claims(&provider, &visit));
    provider.says("POST", "/token", 200, &token_answer(&id_token)).await;
    provider.says("GET", "/userinfo", 200, USERINFO).await;
    assert!(party.arrive(&visit, &[("code", "c")]).await.is_ok());
    assert_eq!(provider.heard("/keys").await.len(), 2);
    let sent = provider.heard("/token").await.remove(0);
    let callback = "http%3A%2F%2Flocalhost%3A4480%2Flogin%2Fcallback";
    let expected = format!("grant_type=authorization_code&code=c&redirect_uri={callback}&client_id=me&client_secret=s");
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn what_goes_wrong_at_the_provider_brings_nobody() {
    for (status, body, expected) in [
        (400, r#"{"error":"invalid_grant","error_description":"Bad Request"}"#, "exchange the code: Bad Request"),
        (200, r#"{"error":"invalid_grant"}"#, "exchange the code: invalid_grant"),
        (503, "<html>", "exchange the code: the provider answered 503"),
        (200, "<html>", "read the answer of the provider's token endpoint"),
        (200, r#"{"access_token":1}"#, "read the answer of the provider's token endpoint"),
        (200, r#"{"access_token":"at"}"#, "verify the ID token: the provider gave none"),
    ] {
        let provider = Provider::discoverable().await;
        let party = party(&provider);
        let visit = party.depart(&request()).await.unwrap().visit;
        provider.says("POST", "/token", status, body).await;
        let error = party.arrive(&visit, &[("code", "c")]).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn a_profile_must_be_that_of_the_tokens_person() {
    for (status, body, expected) in [
        (200, r#"{"sub":"1090"}"#, "obtain user profile: the profile is not of the person whom the ID token names"),
        (200, "[]", "read the answer of the provider's userinfo endpoint"),
        (
            401,
            r#"{"error_description":"Invalid Credentials"}"#,
            "obtain user profile: userinfo endpoint: Invalid Credentials",
        ),
    ] {
        let provider = Provider::discoverable().await;
        let party = party(&provider);
        let visit = party.depart(&request()).await.unwrap().visit;
        let id_token = signed(&provider, &claims(&provider, &visit));
        provider.says("POST", "/token", 200, &token_answer(&id_token)).await;
        provider.says("GET", "/userinfo", status, body).await;
        let error = party.arrive(&visit, &[("code", "c")]).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_sensible_is_not_departed_to() {
    let provider = Provider::silent().await;
    let party = party(&provider);
    assert!(matches!(party.depart(&request()).await, Err(ConnectionError::Profile(_))));
    provider.says("GET", "/.well-known/openid-configuration", 200, r#"{"issuer":"x"}"#).await;
    let nobody = Party::new("google-oauth2", "http://127.0.0.1:1", json!({}));
    assert!(matches!(nobody.depart(&request()).await, Err(ConnectionError::Unreachable(_))));
}

#[tokio::test]
async fn what_comes_to_the_callback_must_answer_the_visit() {
    let provider = Provider::discoverable().await;
    let party = party(&provider);
    let visit = party.depart(&request()).await.unwrap().visit;
    let wrong_state = party.arrive(&visit, &[("state", "other"), ("code", "c")]).await;
    assert!(matches!(wrong_state, Err(ConnectionError::BadCallback(_))));
    assert!(matches!(party.arrive(&visit, &[("code", "")]).await, Err(ConnectionError::BadCallback(_))));
    let cancelled = party.arrive(&visit, &[("error", "access_denied")]).await.unwrap_err();
    assert!(matches!(cancelled, ConnectionError::Refused { error, .. } if error == "access_denied"));
    assert!(provider.heard("/token").await.is_empty());
}

#[tokio::test]
async fn a_departure_sends_what_the_app_and_the_connection_want() {
    let provider = Provider::discoverable().await;
    let mut party = party(&provider);
    let plain = party.sent(&request()).await;
    assert_eq!(plain["scope"], "email profile");
    assert_eq!(plain["redirect_uri"], "http://localhost:4480/login/callback");
    assert!(!plain.contains_key("prompt") && !plain.contains_key("access_type"));

    let upstream_params = json!({ "hd": { "value": "work.example" }, "hl": { "alias": "ui_locales" } });
    party.connection.options.insert("upstream_params".to_owned(), upstream_params);
    let mut request = request();
    request.connection_scope = Some("https://www.googleapis.com/auth/calendar,email".into());
    request.login_hint = Some("ada@people.example".into());
    request.prompt = vec!["login".into(), "consent".into()];
    request.ui_locales = Some("pt".into());
    request.others.insert("access_type".into(), "offline".into());
    request.others.insert("ext-own".into(), "not for Google".into());
    let sent = party.sent(&request).await;
    let expected = [
        ("scope", "email profile https://www.googleapis.com/auth/calendar"),
        ("login_hint", "ada@people.example"),
        ("prompt", "consent"),
        ("access_type", "offline"),
        ("hd", "work.example"),
        ("hl", "pt"),
    ];
    for (name, value) in expected {
        assert_eq!(sent.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!sent.contains_key("ext-own"));
}
