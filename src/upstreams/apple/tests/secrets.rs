//! Client secrets that apps sign themselves.

use super::*;
use crate::keys::es256;
use crate::keys::es256::Es256Key;
use crate::upstreams::clients::ClientKey;

const OTHER: &str = "example.app.sign-in";

/// The right claims, spoilt by `spoil`.
fn spoilt(spoil: impl Fn(&mut Value)) -> Value {
    let mut claims = json!({ "iss": "TEAM123456", "iat": 1_900_000_000, "exp": 1_900_000_300,
        "aud": "https://appleid.apple.com", "sub": OTHER });
    spoil(&mut claims);
    claims
}

/// Whether the fake takes a secret; it then looks at the code, which is none.
async fn is_taken(agent: &mut Agent, secret: &str) -> bool {
    let shown = [("client_id", OTHER), ("client_secret", secret)];
    let error = redeem(agent, &json!("none"), &shown).await.json()["error"].clone();
    assert!(error == "invalid_client" || error == "invalid_grant", "{error}");
    error == "invalid_grant"
}

#[tokio::test]
async fn a_secret_is_a_token_that_says_the_right_things() {
    let (mut agent, key) = (agent(), Es256Key::of_pem(&es256::new_pem()).unwrap());
    let sign = |claims: &Value| key.sign("KEY1234567", claims).unwrap();
    assert!(is_taken(&mut agent, &sign(&spoilt(|_| {}))).await);
    let half_a_year = |claims: &mut Value| claims["exp"] = json!(1_900_000_000 + 15_777_000);
    assert!(is_taken(&mut agent, &sign(&spoilt(half_a_year))).await);
    for (claim, value) in [
        ("iss", json!("")),
        ("aud", json!("https://other.example")),
        ("sub", json!("other")),
        ("exp", json!(1_899_999_000)),
        ("exp", json!(1_900_000_001 + 15_777_000)),
        ("exp", Value::Null),
        ("iat", json!(1_900_000_100)),
    ] {
        let claims = spoilt(|claims| claims[claim] = value.clone());
        assert!(!is_taken(&mut agent, &sign(&claims)).await, "{claim} {value}");
    }
    assert!(!is_taken(&mut agent, &key.sign("", &spoilt(|_| {})).unwrap()).await, "it names no key");
    for secret in ["", "secret", embedded_client::SECRET] {
        assert!(!is_taken(&mut agent, secret).await, "{secret}");
    }
}

#[tokio::test]
async fn where_the_key_is_known_the_secret_must_be_signed_with_it() {
    let (mut agent, key) = (agent(), Es256Key::of_pem(&es256::new_pem()).unwrap());
    let known = ClientKey { team_id: "TEAM123456".into(), kid: "KEY1234567".into(), point: key.public() };
    let put: Result<(), ()> = agent.upstreams.write(|draft| {
        draft.of_mut(Provider::Apple).client_keys.put(OTHER.to_owned(), known);
        Ok(())
    });
    put.unwrap();
    let right = spoilt(|_| {});
    assert!(is_taken(&mut agent, &key.sign("KEY1234567", &right).unwrap()).await);
    assert!(!is_taken(&mut agent, &key.sign("KEY7654321", &right).unwrap()).await);
    let of_another_team = spoilt(|claims| claims["iss"] = json!("OTHERTEAM1"));
    assert!(!is_taken(&mut agent, &key.sign("KEY1234567", &of_another_team).unwrap()).await);
    let other = Es256Key::of_pem(&es256::new_pem()).unwrap();
    assert!(!is_taken(&mut agent, &other.sign("KEY1234567", &right).unwrap()).await);
}
