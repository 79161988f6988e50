//! GitHub as a relying party meets it. Source: spec/upstreams.md §6 and §10.

use super::*;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use serde_json::json;

const TOKEN: &str = r#"{"access_token":"gho_1","scope":"read:user,user:email","token_type":"bearer"}"#;
const USER: &str = r#"{"login":"ana","id":1,"name":null}"#;
const EMAILS: &str = r#"[{"email":"ana@people.example","primary":true,"verified":true,"visibility":null}]"#;

fn party(provider: &Provider) -> Party {
    let options = json!({ "client_id": "me", "client_secret": "s", "scope": ["user:email", "read:user"] });
    Party::new("github", &provider.server.uri(), options)
}

/// Arrives at a GitHub that answers so: token endpoint, `/user`, `/user/emails`.
async fn arrive_at(answers: [(u16, &str); 3]) -> Result<Returned, ConnectionError> {
    let provider = Provider::silent().await;
    let party = party(&provider);
    let visit = party.depart(&request()).await.unwrap().visit;
    let [token, user, emails] = answers;
    provider.says("POST", "/login/oauth/access_token", token.0, token.1).await;
    provider.says("GET", "/user", user.0, user.1).await;
    provider.says("GET", "/user/emails", emails.0, emails.1).await;
    party.arrive(&visit, &[("code", "c")]).await
}

#[tokio::test]
async fn who_comes_back_brings_the_user_and_the_addresses() {
    let returned = arrive_at([(200, TOKEN), (200, USER), (200, EMAILS)]).await.unwrap();
    let emails: Value = serde_json::from_str(EMAILS).unwrap();
    assert_eq!(Value::from(returned.raw.0), json!({ "login": "ana", "id": 1, "name": null, "emails": emails }));
    assert_eq!((returned.tokens.access_token.as_deref(), returned.tokens.expires_in), (Some("gho_1"), None));
    let refused = r#"{"message":"Not Found","status":"404"}"#;
    let returned = arrive_at([(200, TOKEN), (200, USER), (404, refused)]).await.unwrap();
    assert_eq!(returned.raw.0.get("emails"), None);
}

#[tokio::test]
async fn the_token_is_asked_for_as_json_and_shown_in_the_header() {
    let provider = Provider::silent().await;
    let party = party(&provider);
    let visit = party.depart(&request()).await.unwrap().visit;
    provider.says("POST", "/login/oauth/access_token", 200, TOKEN).await;
    provider.says("GET", "/user", 200, USER).await;
    provider.says("GET", "/user/emails", 200, EMAILS).await;
    party.arrive(&visit, &[("code", "c")]).await.unwrap();
    let requests = provider.server.received_requests().await.unwrap();
    assert_eq!(requests[0].headers["accept"], "application/json");
    for request in &requests[1..] {
        assert_eq!(
            (&request.headers["authorization"], &request.headers["user-agent"]),
            (&"Bearer gho_1".parse().unwrap(), &"impostor".parse().unwrap())
        );
    }
}

#[tokio::test]
async fn what_github_refuses_or_garbles_brings_nobody() {
    let bad_code =
        r#"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}"#;
    let bad_token = r#"{"message":"Bad credentials","status":"401"}"#;
    let large = format!(r#"{{"id":1,"bio":"{}"}}"#, "x".repeat(1024 * 1024));
    for (answers, expected) in [
        ([(200, bad_code), (200, USER), (200, EMAILS)], "exchange the code: The code passed is incorrect or expired."),
        (
            [(200, "access_token=gho_1&scope="), (200, USER), (200, EMAILS)],
            "read the answer of the provider's token endpoint",
        ),
        ([(503, ""), (200, USER), (200, EMAILS)], "exchange the code: the provider answered 503"),
        ([(200, TOKEN), (401, bad_token), (200, EMAILS)], "obtain user profile: user API: Bad credentials"),
        ([(200, TOKEN), (200, r#"{"id":"1"}"#), (200, EMAILS)], "read the answer of the provider's user API"),
        ([(200, TOKEN), (200, r#"{"login":"ana"}"#), (200, EMAILS)], "read the answer of the provider's user API"),
        ([(200, TOKEN), (200, "[]"), (200, EMAILS)], "read the answer of the provider's user API"),
        ([(200, TOKEN), (200, &large), (200, EMAILS)], "read the whole answer of 127.0.0.1: it is larger than 1 MiB"),
        ([(200, TOKEN), (200, USER), (200, "{}")], "read the answer of the provider's e-mail API"),
        (
            [(200, TOKEN), (200, USER), (200, r#"["ana@people.example"]"#)],
            "read the answer of the provider's e-mail API",
        ),
        ([(200, TOKEN), (200, USER), (500, "oops")], "obtain user profile: e-mail API: the provider answered 500"),
    ] {
        assert_eq!(arrive_at(answers).await.unwrap_err().to_string(), expected);
    }
}

#[tokio::test]
async fn who_cancels_is_told_with_githubs_words() {
    let provider = Provider::silent().await;
    let party = party(&provider);
    let visit = party.depart(&request()).await.unwrap().visit;
    let said = [("error", "access_denied"), ("error_description", "The user has denied your application access.")];
    let error = party.arrive(&visit, &said).await.unwrap_err();
    assert_eq!(error.to_string(), "sign in: The user has denied your application access. (access_denied)");
}

#[tokio::test]
async fn scopes_are_the_connections_or_what_is_ticked_or_the_address() {
    let provider = Provider::silent().await;
    let mut party = party(&provider);
    let mut request = request();
    request.connection_scope = Some("repo,user:email".into());
    assert_eq!(party.sent(&request).await["scope"], "user:email read:user repo");
    request.connection_scope = None;
    for (options, expected) in [
        (json!({ "scope": [], "read_org": true, "email": true, "repo": false }), "user:email read:org"),
        (json!({ "scope": [], "profile": true, "freeform_scopes": ["workflow"] }), "user:email workflow"),
        (json!({ "scope": ["gist"] }), "gist"),
    ] {
        party.connection.options = options.as_object().cloned().unwrap();
        let sent = party.sent(&request).await;
        assert_eq!(sent["scope"], expected);
        assert_eq!(sent["client_id"], embedded_client::GITHUB_ID);
    }
}

#[test]
fn the_api_has_a_host_of_its_own_at_the_real_github() {
    assert_eq!(api("https://github.com"), "https://api.github.com");
    assert_eq!(api("http://localhost:1/_upstreams/github"), "http://localhost:1/_upstreams/github");
}
