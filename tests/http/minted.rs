//! Tokens without a login: good where those of a login are, and wrong ones nowhere.

use impostor::client::app::App;
use impostor::client::control::Control;
use impostor::client::orders::TokenOrder;
use impostor::client::transport::Transport;
use impostor::harness::Impostor;
use serde_json::json;

use crate::tenant::{Tenant, start};

const ALICE: &str = "alice@acme.example";
const API: &str = "https://api.acme.example/";

fn control(impostor: &Impostor) -> Control {
    Control::at(Transport::new().unwrap(), impostor.url()).unwrap()
}

fn app(tenant: &Tenant) -> App {
    App::new(Transport::new().unwrap(), &tenant.issuer, "acme-web", None, "http://localhost:3000/callback").unwrap()
}

#[tokio::test]
async fn they_are_those_of_a_login() {
    let (impostor, tenant) = start().await;
    let order = TokenOrder::of(ALICE).audience(API).scope("openid profile read:orders");
    let made = control(&impostor).make_tokens(&order.claim("https://acme.example/plan", "gold")).await.unwrap();
    let access_token = made.access_token.unwrap();
    let checked = app(&tenant).verify(&access_token).await.unwrap().claims;
    assert_eq!(checked, made.access_token_claims.unwrap());
    assert_eq!((&checked["azp"], &checked["https://acme.example/plan"]), (&json!("acme-web"), &json!("gold")));
    assert_eq!(tenant.get_as(&access_token, "/userinfo").await.json()["name"], "Alice Archer");
    let id_token = app(&tenant).verify_id_token(&made.id_token.unwrap(), None).await.unwrap().claims;
    assert_eq!((&id_token["name"], &id_token["aud"]), (&json!("Alice Archer"), &json!("acme-web")));

    let opaque = control(&impostor).make_tokens(&TokenOrder::of(ALICE)).await.unwrap().access_token.unwrap();
    assert_eq!(tenant.get_as(&opaque, "/userinfo").await.json()["email"], ALICE);
}

#[tokio::test]
async fn a_client_s_own_opens_the_management_api() {
    let (impostor, tenant) = start().await;
    let audience = format!("{}api/v2/", tenant.issuer);
    let order = TokenOrder::of_client("acme-management").audience(audience.as_str()).scope("read:users");
    let token = control(&impostor).make_tokens(&order).await.unwrap().access_token.unwrap();
    assert_eq!(tenant.get_as(&token, "/api/v2/users").await.status, 200);
    assert_eq!(tenant.get_as(&token, "/api/v2/clients").await.status, 403);
    for wrong in WRONG {
        let token = control(&impostor).make_tokens(&order.clone().wrong(*wrong)).await.unwrap().access_token.unwrap();
        let answer = tenant.get_as(&token, "/api/v2/users").await;
        // No API has a say about `nonce`, and access tokens of either type come here.
        let passes = ["wrong_nonce", "wrong_type"].contains(wrong);
        assert_eq!(answer.status, if passes { 200 } else { 401 }, "{wrong}: {}", answer.body);
    }
}

const WRONG: &[&str] = &[
    "expired",
    "not_yet_valid",
    "wrong_issuer",
    "wrong_audience",
    "missing_subject",
    "missing_expiry",
    "wrong_nonce",
    "wrong_type",
    "unknown_key",
    "wrong_key",
    "algorithm_none",
    "algorithm_confusion",
    "wrong_algorithm",
    "broken_signature",
    "tampered",
    "truncated",
];

#[tokio::test]
async fn wrong_ones_are_wrong_in_one_way_alone() {
    let (impostor, tenant) = start().await;
    let order = TokenOrder::of(ALICE).audience(API);
    let signature_is_good =
        ["expired", "not_yet_valid", "wrong_audience", "wrong_nonce", "wrong_type", "wrong_algorithm"];
    for wrong in WRONG {
        let made = control(&impostor).make_tokens(&order.clone().wrong(*wrong)).await.unwrap();
        for token in [made.access_token.unwrap(), made.id_token.unwrap()] {
            let checked = app(&tenant).verify(&token).await;
            assert_eq!(checked.is_ok(), signature_is_good.contains(wrong), "{wrong}: {checked:?}");
        }
    }
}

#[tokio::test]
async fn age_and_lifetime_and_permissions_are_as_asked() {
    let (impostor, _tenant) = start().await;
    let order = TokenOrder {
        age: Some("PT2H".to_owned()),
        lifetime: Some(60),
        permissions: Some(vec!["fly".to_owned()]),
        organization: Some("acme-inc".to_owned()),
        ..TokenOrder::of(ALICE).audience("https://office.api.acme.example/")
    };
    let claims = control(&impostor).make_tokens(&order).await.unwrap().access_token_claims.unwrap();
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
    assert_eq!(claims["permissions"], json!(["fly"]));
    assert!(claims["org_id"].as_str().unwrap().starts_with("org_"));
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_refused() {
    let (impostor, _tenant) = start().await;
    let control = control(&impostor);
    for (order, words) in [
        (TokenOrder::default(), "say whose token it is"),
        (TokenOrder::of("nobody@people.example"), "there is no person"),
        (TokenOrder::of_client("no-such-client"), "there is no client"),
        (TokenOrder::of_client("acme-machine"), "give an \"audience\""),
        (TokenOrder::of(ALICE).audience("https://no.api.example/"), "there is no API"),
        (TokenOrder { age: Some("2 hours".to_owned()), ..TokenOrder::of(ALICE) }, "ISO 8601"),
        (TokenOrder { lifetime: Some(-1), ..TokenOrder::of(ALICE) }, "\"lifetime\" must be"),
        (TokenOrder::of(ALICE).wrong("spelling"), "unknown variant `spelling`"),
        (TokenOrder { organization: Some("x".to_owned()), ..TokenOrder::of(ALICE) }, "there is no organization"),
    ] {
        let error = control.make_tokens(&order).await.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
