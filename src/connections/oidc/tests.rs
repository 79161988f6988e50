//! A generic provider as a relying party meets it: what is sent, believed and not. Source: spec/upstreams.md §9.

use serde_json::json;

use super::*;
use crate::connections::testing::NOW;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use crate::keys::digest;
use crate::keys::es256;
use crate::keys::es256::Es256Key;
use crate::keys::signing_key::Algorithm;
use crate::keys::signing_key::sign_hs256;
use crate::keys::verify::TokenError;

/// A connection with these options beside its credentials.
fn party(provider: &Provider, options: Value) -> Party {
    let mut all = json!({ "client_id": "me", "client_secret": "s&x", "type": "back_channel" });
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    Party::new("oidc", &provider.server.uri(), all)
}

fn claims(provider: &Provider, nonce: &str) -> Value {
    let issuer = provider.server.uri();
    json!({ "iss": issuer, "aud": "me", "sub": "u1", "nonce": nonce, "iat": NOW, "exp": NOW + 300, "plan": ["gold"] })
}

fn signed(provider: &Provider, claims: &Value) -> String {
    provider.key.sign(Algorithm::Rs256, "JWT", claims).unwrap()
}

/// Comes back by the back channel with an ID token that `spoil` made of the right claims.
async fn arrive_with(
    options: Value,
    spoil: impl Fn(&Provider, Value) -> String,
) -> (Result<Returned, ConnectionError>, Provider) {
    let provider = Provider::discoverable().await;
    let party = party(&provider, options);
    let visit = party.depart(&request()).await.unwrap().visit;
    let token = spoil(&provider, claims(&provider, &visit.nonce));
    let answer = json!({ "access_token": "at", "id_token": token, "expires_in": 60 });
    provider.says("POST", "/token", 200, &answer.to_string()).await;
    provider.says("GET", "/userinfo", 200, r#"{"sub":"u1","plan":"platinum","zip":7}"#).await;
    (party.arrive(&visit, &[("code", "c")]).await, provider)
}

fn doubt(returned: Result<Returned, ConnectionError>) -> Doubt {
    match returned {
        Err(ConnectionError::IdToken(doubt)) => doubt,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_raw_profile_is_the_claims_of_the_id_token() {
    let (returned, provider) = arrive_with(json!({}), |provider, claims| signed(provider, &claims)).await;
    let returned = returned.unwrap();
    assert_eq!((&returned.raw.0["plan"], returned.raw.0.get("userinfo")), (&json!(["gold"]), None));
    assert_eq!(returned.raw.0.get("access_token"), None);
    assert_eq!((returned.tokens.access_token.as_deref(), returned.tokens.expires_in), (Some("at"), Some(60)));
    assert!(provider.heard("/userinfo").await.is_empty());
    assert!(provider.heard("/token").await.remove(0).ends_with("&client_id=me&client_secret=s%26x"));
}

#[tokio::test]
async fn userinfo_and_access_token_stand_beside_them_where_the_attribute_map_speaks_of_them() {
    let right = |provider: &Provider, claims: Value| signed(provider, &claims);
    let by_scope = json!({ "attribute_map": { "userinfo_scope": "groups" } });
    let returned = arrive_with(by_scope, right).await.0.unwrap();
    assert_eq!(returned.raw.0["userinfo"], json!({ "sub": "u1", "plan": "platinum", "zip": 7 }));
    let templates = json!({ "zip": "${context.userinfo.zip}", "token": "${context.tokenset.access_token}" });
    let returned = arrive_with(json!({ "attribute_map": { "attributes": templates } }), right).await.0.unwrap();
    assert_eq!((&returned.raw.0["userinfo"]["zip"], &returned.raw.0["access_token"]), (&json!(7), &json!("at")));

    let of_another = |provider: &Provider, mut claims: Value| {
        claims["sub"] = "u2".into();
        signed(provider, &claims)
    };
    let by_scope = json!({ "attribute_map": { "userinfo_scope": "groups" } });
    let error = arrive_with(by_scope, of_another).await.0.unwrap_err().to_string();
    assert_eq!(error, "obtain user profile: the profile is not of the person whom the ID token names");
}

#[tokio::test]
async fn a_token_that_says_anything_else_is_not_believed() {
    for (claim, value, expected) in [
        ("iss", json!("https://other.example"), Doubt::Token(TokenError::WrongIssuer)),
        ("aud", json!("other"), Doubt::Token(TokenError::WrongAudience)),
        ("exp", json!(NOW - 61), Doubt::Token(TokenError::Expired)),
        ("iat", json!(NOW + 61), Doubt::Token(TokenError::NotYetValid)),
        ("nonce", json!("other"), Doubt::Nonce),
        ("sub", json!(7), Doubt::Missing("sub")),
    ] {
        let spoilt = |provider: &Provider, mut claims: Value| {
            claims[claim] = value.clone();
            signed(provider, &claims)
        };
        let (returned, _) = arrive_with(json!({ "send_back_channel_nonce": true }), spoilt).await;
        assert_eq!(doubt(returned), expected, "{claim}");
    }
}

#[tokio::test]
async fn a_token_must_be_signed_by_the_provider_with_an_expected_algorithm() {
    let unsigned = |_: &Provider, claims: Value| {
        let part = |value: &Value| digest::base64url(value.to_string().as_bytes());
        format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims))
    };
    let confused = |provider: &Provider, claims: Value| sign_hs256(&provider.key.public().0, "JWT", &claims).unwrap();
    let pss = |provider: &Provider, claims: Value| provider.key.sign(Algorithm::Ps256, "JWT", &claims).unwrap();
    let wrong = Doubt::Token(TokenError::WrongAlgorithm);
    assert_eq!(doubt(arrive_with(json!({}), unsigned).await.0), wrong);
    assert_eq!(doubt(arrive_with(json!({}), confused).await.0), wrong);
    assert_eq!(doubt(arrive_with(json!({}), pss).await.0), wrong);
    let algorithms = json!({ "id_token_signed_response_algs": ["PS256", "ES256"] });
    assert!(arrive_with(algorithms.clone(), pss).await.0.is_ok());
    assert_eq!(doubt(arrive_with(algorithms, |_, _| "x.y".to_owned()).await.0), Doubt::Token(TokenError::Malformed));
}

#[tokio::test]
async fn a_provider_may_sign_on_a_curve() {
    let key = Es256Key::of_pem(&es256::new_pem()).unwrap();
    let point = key.public();
    let (x, y) = point[1..].split_at(32);
    let (x, y) = (digest::base64url(x), digest::base64url(y));
    let jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "e1", "x": x, "y": y });
    let provider = Provider::discoverable().await;
    provider.says_once("GET", "/keys", &json!({ "keys": [jwk] }).to_string()).await;
    let party = party(&provider, json!({ "id_token_signed_response_algs": ["ES256"] }));
    let visit = party.depart(&request()).await.unwrap().visit;
    let token = key.sign("e1", &claims(&provider, "n")).unwrap();
    let answer = json!({ "access_token": "at", "id_token": token });
    provider.says("POST", "/token", 200, &answer.to_string()).await;
    assert!(party.arrive(&visit, &[("code", "c")]).await.is_ok());
}

#[tokio::test]
async fn by_the_front_channel_the_person_brings_the_id_token() {
    let provider = Provider::discoverable().await;
    let party = party(&provider, json!({ "type": "front_channel", "connection_settings": { "pkce": "S256" } }));
    let sent = party.sent(&request()).await;
    let expected = [("response_type", "id_token"), ("response_mode", "form_post"), ("scope", "openid profile email")];
    for (name, value) in expected {
        assert_eq!(sent.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!sent.contains_key("code_challenge"));
    let visit = party.depart(&request()).await.unwrap().visit;
    assert_eq!(sent["nonce"], visit.nonce);
    let token = signed(&provider, &claims(&provider, &visit.nonce));
    let returned = party.arrive(&visit, &[("id_token", &token)]).await.unwrap();
    assert_eq!((&returned.raw.0["sub"], returned.tokens), (&json!("u1"), ProviderTokens::default()));
    let replayed = signed(&provider, &claims(&provider, "of another visit"));
    assert_eq!(doubt(party.arrive(&visit, &[("id_token", &replayed)]).await), Doubt::Nonce);
    assert_eq!(doubt(party.arrive(&visit, &[("code", "c")]).await), Doubt::NoToken);
    let refused = party.arrive(&visit, &[("error", "access_denied")]).await.unwrap_err();
    assert!(matches!(refused, ConnectionError::Refused { .. }));
}

#[tokio::test]
async fn the_back_channel_uses_what_the_provider_knows_of_pkce() {
    for (pkce, known, method) in [
        (json!(null), json!(["plain", "S256"]), Some("S256")),
        (json!("auto"), json!(["plain"]), Some("plain")),
        (json!("auto"), json!(null), None),
        (json!("S256"), json!(null), Some("S256")),
        (json!("plain"), json!(["S256"]), Some("plain")),
        (json!("disabled"), json!(["S256"]), None),
    ] {
        let provider = Provider::discoverable().await;
        let options = json!({ "connection_settings": { "pkce": pkce }, "oidc_metadata": {} });
        let mut party = party(&provider, options);
        let metadata = json!({
            "issuer": provider.server.uri(), "authorization_endpoint": provider.at("/authorize"),
            "token_endpoint": provider.at("/token"), "jwks_uri": provider.at("/keys"),
            "code_challenge_methods_supported": known,
        });
        party.connection.upstream_url = None;
        party.connection.options.insert("oidc_metadata".to_owned(), metadata);
        party.connection.options.insert("issuer".to_owned(), provider.server.uri().into());
        let sent = party.sent(&request()).await;
        assert_eq!(sent.get("code_challenge_method").map(String::as_str), method, "{pkce} {known}");
        assert!(!sent.contains_key("nonce"));
        let visit = party.depart(&request()).await.unwrap().visit;
        let answer = json!({ "access_token": "at", "id_token": signed(&provider, &claims(&provider, "n")) });
        provider.says("POST", "/token", 200, &answer.to_string()).await;
        assert!(party.arrive(&visit, &[("code", "c")]).await.is_ok());
        let verifier = visit.code_verifier.map(|verifier| format!("&code_verifier={verifier}")).unwrap_or_default();
        assert!(provider.heard("/token").await.remove(0).ends_with(&format!("&client_secret=s%26x{verifier}")));
    }
}

#[tokio::test]
async fn a_provider_is_found_by_what_the_connection_says() {
    let provider = Provider::discoverable().await;
    let uri = provider.server.uri();
    for options in [
        json!({ "discovery_url": format!("{uri}/.well-known/openid-configuration") }),
        json!({ "issuer": uri }),
        json!({ "discovery_url": uri, "scope": "openid", "upstream_params": { "acr": { "value": "loa2" } } }),
    ] {
        let mut party = party(&provider, options);
        party.connection.upstream_url = None;
        let departure = party.depart(&request()).await.unwrap();
        assert!(departure.location.starts_with(&format!("{uri}/authorize?")), "{}", departure.location);
        assert_eq!(departure.visit.issuer.as_deref(), Some(uri.as_str()));
    }
    let moved = party(&provider, json!({ "issuer": "https://nowhere.example", "connection_scope": "x" }));
    let departure = moved.depart(&request()).await.unwrap();
    assert!(departure.location.starts_with(&uri), "the fixture's address beats the connection's");
}

#[tokio::test]
async fn a_secret_is_shown_as_the_connection_says() {
    let basic = json!({ "token_endpoint_auth_method": "client_secret_basic" });
    let (returned, provider) = arrive_with(basic, |provider, claims| signed(provider, &claims)).await;
    assert!(returned.is_ok());
    assert!(!provider.heard("/token").await.remove(0).contains("client_secret"));
    let header = provider.authorizations("/token").await.remove(0);
    assert_eq!(header, format!("Basic {}", digest::base64(b"me:s%26x")));
    let jwt = json!({ "token_endpoint_auth_method": "private_key_jwt" });
    let (returned, _) = arrive_with(jwt, |provider, claims| signed(provider, &claims)).await;
    assert!(matches!(returned, Err(ConnectionError::Misconfigured(_))));
}
