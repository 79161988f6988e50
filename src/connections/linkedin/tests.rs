//! LinkedIn as a relying party meets it. Source: spec/upstreams.md §3 and §10.

use super::*;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use serde_json::json;

const TOKEN: &str = r#"{"access_token":"AQX1","expires_in":5183999,"scope":"email,openid,profile"}"#;
const USERINFO: &str = r#"{"sub":"a1","name":"Lin","locale":{"country":"US","language":"en"}}"#;

fn party(provider: &Provider, options: Value) -> Party {
    let mut with_client = json!({ "client_id": "me", "client_secret": "s" });
    with_client.as_object_mut().unwrap().extend(options.as_object().cloned().unwrap());
    Party::new("linkedin", &provider.server.uri(), with_client)
}

async fn arrive(options: Value, answers: &[(&str, u16, &str)]) -> Result<Returned, ConnectionError> {
    let provider = Provider::silent().await;
    let party = party(&provider, options);
    let visit = party.depart(&request()).await.unwrap().visit;
    for (path, status, body) in answers {
        let verb = if path.ends_with("/accessToken") { "POST" } else { "GET" };
        provider.says(verb, path, *status, body).await;
    }
    party.arrive(&visit, &[("code", "c")]).await
}

#[tokio::test]
async fn who_comes_back_brings_userinfo() {
    let answers = [("/oauth/v2/accessToken", 200, TOKEN), ("/v2/userinfo", 200, USERINFO)];
    let returned = arrive(json!({ "strategy_version": 3 }), &answers).await.unwrap();
    assert_eq!(Value::from(returned.raw.0), serde_json::from_str::<Value>(USERINFO).unwrap());
    assert_eq!((returned.tokens.access_token.as_deref(), returned.tokens.expires_in), (Some("AQX1"), Some(5_183_999)));
}

#[tokio::test]
async fn the_older_ages_have_their_own_apis() {
    let email = r#"{"elements":[{"handle":"urn:1","handle~":{"emailAddress":"lin@people.example"}}]}"#;
    let me = r#"{"id":"y1","localizedFirstName":"Lin"}"#;
    for (status, body, expected) in [
        (200, email, json!({ "id": "y1", "localizedFirstName": "Lin", "emailAddress": "lin@people.example" })),
        (200, r#"{"elements":[]}"#, json!({ "id": "y1", "localizedFirstName": "Lin" })),
        (403, "{}", json!({ "id": "y1", "localizedFirstName": "Lin" })),
    ] {
        let answers = [("/oauth/v2/accessToken", 200, TOKEN), ("/v2/me", 200, me), ("/v2/emailAddress", status, body)];
        let returned = arrive(json!({ "strategy_version": 2 }), &answers).await.unwrap();
        assert_eq!(Value::from(returned.raw.0), expected);
    }
    let first = format!("/v1/people/~:({FIELDS})");
    let person = r#"{"id":"z1","formattedName":"Lin"}"#;
    let answers = [("/oauth/v2/accessToken", 200, TOKEN), (first.as_str(), 200, person)];
    let returned = arrive(json!({ "strategy_version": 1 }), &answers).await.unwrap();
    assert_eq!(Value::from(returned.raw.0), json!({ "id": "z1", "formattedName": "Lin" }));
}

#[tokio::test]
async fn what_linkedin_refuses_or_garbles_brings_nobody() {
    let bad_code = r#"{"error":"invalid_request","error_description":"Unable to retrieve access token"}"#;
    let bad_token = r#"{"message":"Invalid access token","serviceErrorCode":65600,"status":401}"#;
    let large = format!(r#"{{"sub":"a1","name":"{}"}}"#, "x".repeat(1024 * 1024));
    for (token, userinfo, expected) in [
        ((400, bad_code), (200, USERINFO), "exchange the code: Unable to retrieve access token"),
        ((200, "AQX1"), (200, USERINFO), "read the answer of the provider's token endpoint"),
        ((200, TOKEN), (401, bad_token), "obtain user profile: profile API: Invalid access token"),
        ((200, TOKEN), (200, r#"{"sub":1}"#), "read the answer of the provider's profile API"),
        ((200, TOKEN), (200, r#"{"sub":""}"#), "read the answer of the provider's profile API"),
        ((200, TOKEN), (200, "<html>"), "read the answer of the provider's profile API"),
        ((200, TOKEN), (200, &large), "read the whole answer of 127.0.0.1: it is larger than 1 MiB"),
    ] {
        let answers = [("/oauth/v2/accessToken", token.0, token.1), ("/v2/userinfo", userinfo.0, userinfo.1)];
        let error = arrive(json!({ "scope": ["openid", "profile"] }), &answers).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let me = (200, r#"{"id":"y1"}"#);
    for (status, body, expected) in [
        (500, "oops", "obtain user profile: e-mail API: the provider answered 500"),
        (200, "oops", "read the answer of the provider's e-mail API"),
    ] {
        let answers =
            [("/oauth/v2/accessToken", 200, TOKEN), ("/v2/me", me.0, me.1), ("/v2/emailAddress", status, body)];
        let error = arrive(json!({ "strategy_version": 2 }), &answers).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn who_cancels_is_told_with_linkedins_words() {
    let provider = Provider::silent().await;
    let party = party(&provider, json!({}));
    let visit = party.depart(&request()).await.unwrap().visit;
    let said = [("error", "user_cancelled_login"), ("error_description", "The user cancelled LinkedIn login")];
    let error = party.arrive(&visit, &said).await.unwrap_err();
    assert_eq!(error.to_string(), "sign in: The user cancelled LinkedIn login (user_cancelled_login)");
}

#[tokio::test]
async fn scopes_follow_the_age_that_the_connection_speaks() {
    let provider = Provider::silent().await;
    for (options, expected) in [
        (json!({}), "openid profile email"),
        (
            json!({ "strategy_version": 3, "scope": ["openid", "profile"], "freeform_scopes": ["w_member_social"] }),
            "openid profile w_member_social",
        ),
        (json!({ "strategy_version": 2 }), "r_liteprofile"),
        (json!({ "strategy_version": 2, "scope": [], "profile": true, "email": true }), "r_liteprofile r_emailaddress"),
        (json!({ "strategy_version": 1, "full_profile": true, "email": true }), "r_fullprofile r_emailaddress"),
        (json!({ "profile": true, "scope": ["r_basicprofile"] }), "r_basicprofile"),
    ] {
        assert_eq!(party(&provider, options).sent(&request()).await["scope"], expected);
    }
    let embedded = Party::new("linkedin", &provider.server.uri(), json!({}));
    assert_eq!(embedded.sent(&request()).await["client_id"], embedded_client::LINKEDIN_ID);
}

#[test]
fn the_api_has_a_host_of_its_own_at_the_real_linkedin() {
    assert_eq!(api("https://www.linkedin.com"), "https://api.linkedin.com");
    assert_eq!(api("http://localhost:1/_upstreams/linkedin"), "http://localhost:1/_upstreams/linkedin");
}
