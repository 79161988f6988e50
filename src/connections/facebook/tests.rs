//! Facebook as a relying party meets it. Source: spec/upstreams.md §2 and §10.

use super::*;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use serde_json::json;

fn party(provider: &Provider) -> Party {
    let options = json!({ "client_id": "77", "client_secret": "s", "scope": "email,public_profile" });
    Party::new("facebook", &provider.server.uri(), options)
}

#[tokio::test]
async fn who_comes_back_brings_what_graph_says() {
    let provider = Provider::silent().await;
    let party = party(&provider);
    let visit = party.depart(&request()).await.unwrap().visit;
    let answer = r#"{"access_token":"EAAG","token_type":"bearer","expires_in":5183944}"#;
    provider.says("POST", "/v19.0/oauth/access_token", 200, answer).await;
    provider.says("GET", "/v19.0/me", 200, r#"{"id":"1","name":"Ana"}"#).await;
    let returned = party.arrive(&visit, &[("code", "c")]).await.unwrap();
    assert_eq!(Value::from(returned.raw.0), json!({ "id": "1", "name": "Ana" }));
    assert_eq!(returned.tokens.expires_in, Some(5_183_944));
    let requests = provider.server.received_requests().await.unwrap();
    let asked = requests.iter().find(|request| request.url.path() == "/v19.0/me").unwrap();
    let proof = digest::hex(&digest::hmac_sha256(b"s", b"EAAG"));
    assert!(asked.url.query_pairs().any(|(name, value)| name == "appsecret_proof" && value == proof));
}

#[tokio::test]
async fn what_graph_refuses_brings_nobody() {
    let refused = r#"{"error":{"message":"This authorization code has been used.","code":100}}"#;
    for (token, me, expected) in [
        ((400, refused), (200, "{}"), "exchange the code: This authorization code has been used."),
        ((200, r#"{"access_token":"t"}"#), (200, "{}"), "read the answer of the provider's Graph API"),
        ((200, r#"{"access_token":"t"}"#), (500, ""), "obtain user profile: Graph API: the provider answered 500"),
        ((200, r#"{"access_token":"t"}"#), (200, "garbage"), "read the answer of the provider's Graph API"),
    ] {
        let provider = Provider::silent().await;
        let party = party(&provider);
        let visit = party.depart(&request()).await.unwrap().visit;
        provider.says("POST", "/v19.0/oauth/access_token", token.0, token.1).await;
        provider.says("GET", "/v19.0/me", me.0, me.1).await;
        let error = party.arrive(&visit, &[("code", "c")]).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn who_cancels_is_told_with_facebooks_words() {
    let provider = Provider::silent().await;
    let party = party(&provider);
    let visit = party.depart(&request()).await.unwrap().visit;
    let said = [("error", "access_denied"), ("error_description", "Permissions error.\u{7}")];
    let error = party.arrive(&visit, &said).await.unwrap_err();
    assert_eq!(error.to_string(), "sign in: Permissions error. (access_denied)");
}

#[tokio::test]
async fn permissions_are_one_list_with_commas() {
    let provider = Provider::silent().await;
    let mut party = party(&provider);
    let mut request = request();
    request.connection_scope = Some("user_birthday email".into());
    assert_eq!(party.sent(&request).await["scope"], "email,public_profile,user_birthday");
    party.connection.options = json!({
        "email": true, "user_link": true, "user_likes": false, "allow_context_profile_field": true
    })
    .as_object()
    .cloned()
    .unwrap();
    request.connection_scope = None;
    let sent = party.sent(&request).await;
    assert_eq!((sent["scope"].as_str(), sent["client_id"].as_str()), ("email,user_link", embedded_client::FACEBOOK_ID));
}

#[test]
fn graph_has_a_host_of_its_own_at_the_real_facebook() {
    assert_eq!(graph("https://www.facebook.com"), "https://graph.facebook.com");
    assert_eq!(graph("http://localhost:1/_upstreams/facebook"), "http://localhost:1/_upstreams/facebook");
}
