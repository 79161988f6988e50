//! Microsoft as a relying party meets it. Source: spec/upstreams.md §4 and §10.

use super::*;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use serde_json::json;

const TOKEN: &str =
    r#"{"token_type":"Bearer","scope":"User.Read","expires_in":3600,"access_token":"EwB1","refresh_token":"M.C5"}"#;
const ME: &str = r#"{"id":"0123456789abcdef","displayName":"Bob","mail":null}"#;

fn party(provider: &Provider, options: Value) -> Party {
    let mut with_client = json!({ "client_id": "me", "client_secret": "s" });
    with_client.as_object_mut().unwrap().extend(options.as_object().cloned().unwrap());
    Party::new("windowslive", &provider.server.uri(), with_client)
}

async fn arrive(options: Value, token: (&str, u16, &str), me: (&str, u16, &str)) -> Result<Returned, ConnectionError> {
    let provider = Provider::silent().await;
    let party = party(&provider, options);
    let visit = party.depart(&request()).await.unwrap().visit;
    provider.says("POST", token.0, token.1, token.2).await;
    provider.says("GET", me.0, me.1, me.2).await;
    party.arrive(&visit, &[("code", "c"), ("session_state", "s")]).await
}

#[tokio::test]
async fn who_comes_back_brings_what_graph_says_or_live() {
    let raw: Value = serde_json::from_str(ME).unwrap();
    for (version, token, me) in [(2, "/common/oauth2/v2.0/token", "/v1.0/me"), (1, "/oauth20_token.srf", "/v5.0/me")] {
        let returned =
            arrive(json!({ "strategy_version": version }), (token, 200, TOKEN), (me, 200, ME)).await.unwrap();
        assert_eq!(Value::from(returned.raw.0), raw);
        assert_eq!(returned.tokens.access_token.as_deref(), Some("EwB1"));
        assert_eq!((returned.tokens.refresh_token.as_deref(), returned.tokens.expires_in), (Some("M.C5"), Some(3600)));
    }
}

#[tokio::test]
async fn what_microsoft_refuses_or_garbles_brings_nobody() {
    let expired =
        r#"{"error":"invalid_grant","error_description":"AADSTS70008: The code has expired.\r\nTrace ID: 1"}"#;
    let bad_token = r#"{"error":{"code":"InvalidAuthenticationToken","message":"Access token is empty."}}"#;
    let large = format!(r#"{{"id":"1","displayName":"{}"}}"#, "x".repeat(1024 * 1024));
    for (token, me, expected) in [
        ((400, expired), (200, ME), "exchange the code: AADSTS70008: The code has expired.Trace ID: 1"),
        ((200, "[]"), (200, ME), "read the answer of the provider's token endpoint"),
        ((200, TOKEN), (401, bad_token), "obtain user profile: profile API: Access token is empty."),
        ((200, TOKEN), (200, r#"{"id":1}"#), "read the answer of the provider's profile API"),
        ((200, TOKEN), (200, "{}"), "read the answer of the provider's profile API"),
        ((200, TOKEN), (200, &large), "read the whole answer of 127.0.0.1: it is larger than 1 MiB"),
    ] {
        let (token, me) = (("/common/oauth2/v2.0/token", token.0, token.1), ("/v1.0/me", me.0, me.1));
        assert_eq!(arrive(json!({}), token, me).await.unwrap_err().to_string(), expected);
    }
}

#[tokio::test]
async fn who_cancels_is_told_with_microsofts_words() {
    let provider = Provider::silent().await;
    let party = party(&provider, json!({}));
    let visit = party.depart(&request()).await.unwrap().visit;
    let said = [("error", "access_denied"), ("error_description", "AADSTS65004: User declined to consent.")];
    let error = party.arrive(&visit, &said).await.unwrap_err();
    assert_eq!(error.to_string(), "sign in: AADSTS65004: User declined to consent. (access_denied)");
}

#[tokio::test]
async fn a_departure_sends_the_services_scopes_and_the_hint() {
    let provider = Provider::silent().await;
    let mut request = request();
    request.login_hint = Some("bob@mail.example".into());
    for (options, expected) in [
        (json!({ "signin": true, "scope": [] }), "User.Read"),
        (
            json!({ "strategy_version": 2, "graph_contacts": true, "offline_access": true }),
            "User.Read Contacts.Read offline_access",
        ),
        (json!({ "scope": ["User.Read", "Mail.Read"], "freeform_scopes": ["openid"] }), "User.Read Mail.Read openid"),
        (json!({ "strategy_version": 1 }), "wl.signin wl.basic wl.emails"),
        (json!({ "strategy_version": 1, "signin": true, "birthday": true }), "wl.signin wl.basic wl.birthday"),
    ] {
        let sent = party(&provider, options).sent(&request).await;
        assert_eq!((sent["scope"].as_str(), sent["login_hint"].as_str()), (expected, "bob@mail.example"));
    }
    let embedded = Party::new("windowslive", &provider.server.uri(), json!({}));
    assert_eq!(embedded.sent(&request).await["client_id"], embedded_client::MICROSOFT_ID);
}

#[test]
fn each_service_has_its_hosts_at_the_real_microsoft() {
    let real = "https://login.microsoftonline.com";
    assert_eq!(Service::Graph.token(real), "https://login.microsoftonline.com/common/oauth2/v2.0/token");
    assert_eq!(Service::Graph.me(real), "https://graph.microsoft.com/v1.0/me");
    assert_eq!(Service::Live.authorization(real), "https://login.live.com/oauth20_authorize.srf");
    assert_eq!(
        Service::Live.me("http://localhost:1/_upstreams/microsoft"),
        "http://localhost:1/_upstreams/microsoft/v5.0/me"
    );
}
