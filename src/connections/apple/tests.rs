//! Apple as a relying party meets it: what is sent, believed and not. Source: spec/upstreams.md §5 and §9.

use std::collections::BTreeMap;

use super::*;
use crate::connections::id_token::Doubt;
use crate::connections::testing::NOW;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use crate::keys::es256;
use crate::keys::signing_key::Algorithm;
use crate::keys::verify::Jws;
use crate::keys::verify::TokenError;
use crate::keys::verify::VerifyingKey;

const USER: &str = r#"{"name":{"firstName":"Ann","lastName":"Fake"},"email":"ann@people.example"}"#;

fn party(provider: &Provider, options: Value) -> Party {
    let mut all = json!({ "client_id": "example.app", "client_secret": "s" });
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    Party::new("apple", &provider.server.uri(), all)
}

fn claims(provider: &Provider) -> Value {
    let issuer = provider.server.uri();
    json!({ "iss": issuer, "aud": "example.app", "sub": "000123.a.0638", "iat": NOW, "exp": NOW + 86_400,
        "email": "x@privaterelay.appleid.com", "email_verified": "true", "user": "forged" })
}

async fn arrive_with(
    spoil: impl Fn(&Provider, Value) -> String,
    callback: &[(&str, &str)],
) -> Result<Returned, ConnectionError> {
    let provider = Provider::discoverable().await;
    let party = party(&provider, json!({}));
    let visit = party.depart(&request()).await.unwrap().visit;
    let token = spoil(&provider, claims(&provider));
    let answer = json!({ "access_token": "at", "refresh_token": "rt", "id_token": token, "expires_in": 3600 });
    provider.says("POST", "/token", 200, &answer.to_string()).await;
    party.arrive(&visit, callback).await
}

fn signed(provider: &Provider, claims: Value) -> String {
    provider.key.sign(Algorithm::Rs256, "JWT", &claims).unwrap()
}

#[tokio::test]
async fn name_and_address_are_asked_for_by_form() {
    let provider = Provider::discoverable().await;
    let expected = [
        ("response_type", "code"),
        ("response_mode", "form_post"),
        ("scope", "name email"),
        ("client_id", "example.app"),
        ("redirect_uri", "http://localhost:4480/login/callback"),
    ];
    let sent = party(&provider, json!({})).sent(&request()).await;
    for (name, value) in expected {
        assert_eq!(sent.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(sent.keys().filter(|name| !expected.iter().any(|(known, _)| known == name)).count(), 1, "and the state");
    for (options, scope) in [
        (json!({ "name": true, "email": false }), "name"),
        (json!({ "scope": "email" }), "email"),
        (json!({ "name": false, "email": false }), ""),
    ] {
        assert_eq!(party(&provider, options).sent(&request()).await["scope"], scope);
    }
}

#[tokio::test]
async fn the_user_of_the_form_stands_beside_the_claims() {
    let first = arrive_with(signed, &[("code", "c"), ("user", USER)]).await.unwrap();
    assert_eq!(first.raw.0["user"]["name"], json!({ "firstName": "Ann", "lastName": "Fake" }));
    assert_eq!(first.raw.0["email"], "x@privaterelay.appleid.com");
    assert_eq!((first.tokens.access_token.as_deref(), first.tokens.refresh_token.as_deref()), (Some("at"), Some("rt")));
    let later = arrive_with(signed, &[("code", "c")]).await.unwrap();
    assert_eq!(later.raw.0.get("user"), None, "what the ID token says of it doesn't count");
    for garbage in ["{", "[]", "\"Ann\""] {
        let refused = arrive_with(signed, &[("code", "c"), ("user", garbage)]).await;
        assert!(matches!(refused, Err(ConnectionError::BadCallback(_))), "{garbage}");
    }
    let cancelled = arrive_with(signed, &[("error", "user_cancelled_authorize")]).await.unwrap_err();
    assert!(matches!(cancelled, ConnectionError::Refused { error, .. } if error == "user_cancelled_authorize"));
}

#[tokio::test]
async fn a_token_that_says_anything_else_is_not_believed() {
    for (claim, value, expected) in [
        ("iss", json!("https://appleid.apple.com"), Doubt::Token(TokenError::WrongIssuer)),
        ("aud", json!("other"), Doubt::Token(TokenError::WrongAudience)),
        ("exp", json!(NOW - 61), Doubt::Token(TokenError::Expired)),
        ("sub", json!(""), Doubt::Missing("sub")),
    ] {
        let spoil = |provider: &Provider, mut claims: Value| {
            claims[claim] = value.clone();
            signed(provider, claims)
        };
        match arrive_with(spoil, &[("code", "c")]).await {
            Err(ConnectionError::IdToken(doubt)) => assert_eq!(doubt, expected, "{claim}"),
            other => panic!("{claim}: {other:?}"),
        }
    }
    let garbage = arrive_with(|_, _| "garbage".to_owned(), &[("code", "c")]).await;
    assert!(matches!(garbage, Err(ConnectionError::IdToken(Doubt::Token(TokenError::Malformed)))));
}

#[tokio::test]
async fn the_client_secret_is_signed_with_the_connections_key() {
    let provider = Provider::discoverable().await;
    let pem = es256::new_pem();
    let key = Es256Key::of_pem(&pem).unwrap();
    let party = party(&provider, json!({ "app_secret": pem, "team_id": "TEAM123456", "kid": "KEY1234567" }));
    let visit = party.depart(&request()).await.unwrap().visit;
    let answer = json!({ "access_token": "at", "id_token": signed(&provider, claims(&provider)) });
    provider.says("POST", "/token", 200, &answer.to_string()).await;
    party.arrive(&visit, &[("code", "c")]).await.unwrap();
    let sent = provider.heard("/token").await.remove(0);
    let sent: BTreeMap<String, String> = url::form_urlencoded::parse(sent.as_bytes()).into_owned().collect();
    let token = Jws::parse(&sent["client_secret"]).unwrap();
    assert_eq!(token.kid(), Some("KEY1234567"));
    let expected = json!({ "iss": "TEAM123456", "iat": NOW, "exp": NOW + 300, "aud": "https://appleid.apple.com",
        "sub": "example.app" });
    assert_eq!(Value::from(token.verify(&VerifyingKey::Es256(key.public())).unwrap()), expected);
}

#[tokio::test]
async fn a_key_that_is_of_no_use_is_told() {
    for (options, expected) in [
        (json!({ "app_secret": "x", "kid": "k" }), "use the connection: it has an app_secret and no team_id"),
        (json!({ "app_secret": "x", "team_id": "t" }), "use the connection: it has an app_secret and no kid"),
        (
            json!({ "app_secret": "x", "team_id": "t", "kid": "k" }),
            "use the connection: its app_secret is of no use: failed to read the key: it is no PEM text with a PKCS #8 \
             private key",
        ),
    ] {
        let provider = Provider::discoverable().await;
        let party = party(&provider, options);
        let visit = party.depart(&request()).await.unwrap().visit;
        assert_eq!(party.arrive(&visit, &[("code", "c")]).await.unwrap_err().to_string(), expected);
        assert!(provider.heard("/token").await.is_empty());
    }
}
