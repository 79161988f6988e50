//! Facebook speaks its protocol: what apps and browsers see of it. Source: spec/upstreams.md §0 and §2.

use std::time::Duration;

use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::keys::digest;
use crate::upstreams::clients::Client;
use crate::upstreams::provider::Provider;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;
use crate::upstreams::testing::parameter;

const BASE: &str = "/_upstreams/facebook";
const CALLBACK: &str = "http://localhost:3000/login/callback";

/// With Ana, who gives everything, and Bo, who keeps his address private.
fn agent() -> Agent {
    let agent = Agent::new();
    let ana = json!({
        "id": "1015801", "name": "Ana Ruiz", "email": "ana@people.example", "birthday": "03/04/1990",
        "religion": "none", "work": [{ "employer": { "id": "1", "name": "ACME" } }], "nick": "anita"
    });
    agent.add(Provider::Facebook, ana, None);
    agent.add(Provider::Facebook, json!({ "id": "1015802", "name": "Bo Lind" }), Some(&["public_profile"]));
    agent
}

fn dialog(extra: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{AT}{BASE}/v19.0/dialog/oauth")).unwrap();
    let usual =
        [("client_id", "77"), ("redirect_uri", CALLBACK), ("scope", "email,public_profile"), ("state", "a b&c")];
    let replaced = |name: &str| extra.iter().any(|(known, _)| *known == name);
    url.query_pairs_mut().extend_pairs(usual.iter().filter(|(name, _)| !replaced(name)));
    url.query_pairs_mut().extend_pairs(extra.iter().filter(|(_, value)| !value.is_empty()));
    url.into()
}

async fn redeem(agent: &mut Agent, callback: &Url, extra: &[(&str, &str)]) -> Answer {
    let code = parameter(callback, "code").unwrap();
    let mut form =
        vec![("code", code.as_str()), ("redirect_uri", CALLBACK), ("client_id", "77"), ("client_secret", "s")];
    form.retain(|(name, _)| !extra.iter().any(|(known, _)| known == name));
    form.extend(extra);
    agent.post(&format!("{BASE}/v19.0/oauth/access_token"), &form).await
}

async fn token(agent: &mut Agent, account: &str, extra: &[(&str, &str)], untick: &[&str]) -> String {
    let callback = agent.sign_in(&dialog(extra), account, untick).await;
    let answer = redeem(agent, &callback, &[]).await;
    answer.json()["access_token"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

async fn me(agent: &mut Agent, token: &str, fields: &str) -> Answer {
    agent.get(&format!("{BASE}/v19.0/me?fields={fields}&access_token={token}")).await
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: u32, subcode: Option<u32>, message: &str) {
    let body = answer.json();
    let error = &body["error"];
    assert_eq!((&error["code"], error["message"].as_str()), (&json!(code), Some(message)), "{body}");
    assert_eq!(error.get("error_subcode").cloned(), subcode.map(Value::from));
    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(error["fbtrace_id"].as_str().map(str::len), Some(23));
    let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.starts_with("OAuth \"Facebook Platform\" \""), "{challenge}");
}

#[tokio::test]
async fn a_person_signs_in_and_the_app_asks_graph_who_it_is() {
    let mut agent = agent();
    let callback = agent.sign_in(&dialog(&[]), "1015801", &[]).await;
    assert!(callback.as_str().ends_with("&state=a+b%26c#_=_"), "{callback}");
    let answer = redeem(&mut agent, &callback, &[]).await.json();
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("bearer"), &json!(5_183_944)));
    assert_eq!(answer.as_object().unwrap().len(), 3, "no refresh token, no scope");
    let token = answer["access_token"].as_str().unwrap();
    assert!(token.starts_with("EAAG"));

    let usual = agent.get_as(&format!("{BASE}/me"), token).await;
    assert_eq!(usual.body, r#"{"name":"Ana Ruiz","id":"1015801"}"#);
    let asked =
        me(&mut agent, token, "first_name,last_name,short_name,email,birthday,nick,picture.width(200).height(100)")
            .await;
    let expected = json!({
        "first_name": "Ana", "last_name": "Ruiz", "short_name": "Ana", "email": "ana@people.example", "nick": "anita",
        "picture": { "data": {
            "height": 100, "is_silhouette": false, "width": 200,
            "url": "http://localhost:4480/_upstreams/facebook/platform/profilepic/?asid=1015801&height=100&width=200"
        } },
        "id": "1015801"
    });
    assert_eq!(asked.json(), expected);
    let file = agent.get(expected["picture"]["data"]["url"].as_str().unwrap()).await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "image/svg+xml");
    let picture = agent.get(&format!("{BASE}/1015801/picture?type=large&redirect=false")).await.json();
    assert_eq!(picture["data"]["width"], 200);
    assert!(agent.get(&format!("{BASE}/1015801/picture")).await.location().contains("height=50"));
    let large = me(&mut agent, token, "picture.type(large).as(big)%7Burl%7D").await.json();
    let url = "http://localhost:4480/_upstreams/facebook/platform/profilepic/?asid=1015801&height=200&width=200";
    assert_eq!(large, json!({ "big": { "data": { "url": url } }, "id": "1015801" }));
}

#[tokio::test]
async fn what_is_not_granted_is_absent_and_what_nobody_has_is_an_error() {
    let mut agent = agent();
    let declined = token(&mut agent, "1015801", &[], &["email"]).await;
    assert_eq!(me(&mut agent, &declined, "id,email").await.body, r#"{"id":"1015801"}"#);
    let unknown = me(&mut agent, &declined, "id,xyz").await;
    refused(&unknown, 400, 100, None, "(#100) Tried accessing nonexisting field (xyz) on node type (User)");
    let syntax = me(&mut agent, &declined, "picture(").await;
    assert_eq!(syntax.json()["error"]["code"], 2500);
    let foreign = agent.get(&format!("{BASE}/1015802?access_token={declined}")).await;
    assert_eq!(foreign.json()["error"]["error_subcode"], 33);

    // What was declined is not asked again, unless the app says so.
    assert!(agent.get(&dialog(&[])).await.location().starts_with(CALLBACK));
    let again = token(&mut agent, "1015801", &[("auth_type", "rerequest")], &[]).await;
    assert_eq!(me(&mut agent, &again, "email").await.json()["email"], "ana@people.example");
    let mut other = agent.other_browser();
    let private = token(&mut other, "1015802", &[], &[]).await;
    let permissions = other.get(&format!("{BASE}/me/permissions?access_token={private}")).await.json();
    let expected = json!([
        { "permission": "public_profile", "status": "granted" }, { "permission": "email", "status": "declined" }
    ]);
    assert_eq!(permissions["data"], expected);
}

#[tokio::test]
async fn retired_fields_are_told_by_old_versions_alone() {
    let mut agent = agent();
    let scope = [("scope", "user_religion_politics,user_work_history,user_birthday")];
    let token = token(&mut agent, "1015801", &scope, &[]).await;
    let now = me(&mut agent, &token, "religion,work,birthday").await.json();
    assert_eq!(now, json!({ "birthday": "03/04/1990", "id": "1015801" }));
    let then = agent.get(&format!("{BASE}/v2.12/me?fields=religion,work%7Bemployer%7D&access_token={token}")).await;
    let work = json!([{ "employer": { "id": "1", "name": "ACME" } }]);
    assert_eq!(then.json(), json!({ "religion": "none", "work": work, "id": "1015801" }));
}

#[tokio::test]
async fn a_code_is_worth_one_exchange_by_its_app_in_time() {
    let mut agent = agent();
    let callback = agent.sign_in(&dialog(&[]), "1015801", &[]).await;
    let elsewhere = redeem(&mut agent, &callback, &[("redirect_uri", "http://localhost:3000/other")]).await;
    let mismatch = "Error validating verification code. Please make sure your redirect_uri is identical to the one you \
                    used in the OAuth dialog request";
    refused(&elsewhere, 400, 100, Some(36008), mismatch);
    let foreign = redeem(&mut agent, &callback, &[("client_id", "78")]).await;
    refused(&foreign, 400, 100, None, "Invalid verification code format.");
    assert_eq!(redeem(&mut agent, &callback, &[]).await.status, StatusCode::OK);
    let used = redeem(&mut agent, &callback, &[]).await;
    refused(&used, 400, 100, Some(36009), "This authorization code has been used.");
    let late = agent.sign_in(&dialog(&[]), "1015801", &[]).await;
    agent.clock.advance(Duration::from_secs(601));
    let late = redeem(&mut agent, &late, &[]).await;
    refused(&late, 400, 100, Some(36007), "This authorization code has expired.");
}

#[tokio::test]
async fn a_token_is_good_until_it_expires_or_the_app_is_removed() {
    let mut agent = agent();
    let token = token(&mut agent, "1015801", &[], &[]).await;
    let none = agent.get(&format!("{BASE}/me")).await;
    refused(&none, 400, 2500, None, "An active access token must be used to query information about the current user.");
    let garbage = me(&mut agent, "garbage", "id").await;
    refused(&garbage, 400, 190, None, "Invalid OAuth access token - Cannot parse access token");

    let path = format!("{BASE}/v19.0/me/permissions/email?access_token={token}");
    assert_eq!(agent.send(Request::delete(&path), String::new()).await.json(), json!({ "success": true }));
    assert_eq!(me(&mut agent, &token, "email").await.body, r#"{"id":"1015801"}"#);
    let path = format!("{BASE}/1015801/permissions?access_token={token}");
    assert_eq!(agent.send(Request::delete(&path), String::new()).await.json(), json!({ "success": true }));
    let removed = me(&mut agent, &token, "id").await;
    let message = "Error validating access token: The user has not authorized application 77.";
    refused(&removed, 401, 190, Some(458), message);

    let next = usual_token(&mut agent).await;
    agent.clock.advance(Duration::from_hours(61 * 24));
    let expired = me(&mut agent, &next, "id").await;
    assert_eq!((&expired.json()["error"]["error_subcode"], expired.status.as_u16()), (&json!(463), 401));
    let app = agent.get(&format!("{BASE}/debug_token?input_token={next}&access_token=77%7Cs")).await.json();
    assert_eq!((&app["data"]["is_valid"], &app["data"]["error"]["subcode"]), (&json!(false), &json!(463)));
}

/// A token with everything as it usually is.
async fn usual_token(agent: &mut Agent) -> String {
    token(agent, "1015801", &[], &[]).await
}

#[tokio::test]
async fn an_app_asks_what_a_token_is_good_for() {
    let mut agent = agent();
    let token = token(&mut agent, "1015801", &[], &[]).await;
    let credentials = [("client_id", "77"), ("client_secret", "s"), ("grant_type", "client_credentials")];
    let app = agent.post(&format!("{BASE}/oauth/access_token"), &credentials).await.json();
    let app = app["access_token"].as_str().unwrap().replace('|', "%7C");
    assert!(app.starts_with("77%7C"));
    let told = agent.get(&format!("{BASE}/debug_token?input_token={token}&access_token={app}")).await.json();
    let expected = json!({
        "app_id": "77", "type": "USER", "application": "77", "data_access_expires_at": 1_907_776_000_i64,
        "expires_at": 1_905_183_944_i64, "is_valid": true, "issued_at": 1_900_000_000,
        "scopes": ["email", "public_profile"], "user_id": "1015801"
    });
    assert_eq!(told["data"], expected);
    let foreign = agent.get(&format!("{BASE}/debug_token?input_token={token}&access_token=78%7Cs")).await.json();
    assert_eq!(foreign["data"]["is_valid"], false);
    let longer = format!(
        "{BASE}/oauth/access_token?grant_type=fb_exchange_token&client_id=77&client_secret=s&fb_exchange_token={token}"
    );
    let longer = agent.get(&longer).await.json();
    assert_eq!(me(&mut agent, longer["access_token"].as_str().unwrap(), "id").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_proof_is_checked_where_there_is_one() {
    let mut agent = agent();
    let token = token(&mut agent, "1015801", &[], &[]).await;
    let proof = |secret: &[u8]| digest::hex(&digest::hmac_sha256(secret, token.as_bytes()));
    let path = |proof: String| format!("{BASE}/me?access_token={token}&appsecret_proof={proof}");
    assert_eq!(agent.get(&path(proof(b"s"))).await.status, StatusCode::OK);
    let wrong = agent.get(&path(proof(b"t"))).await;
    refused(&wrong, 400, 100, None, "Invalid appsecret_proof provided in the API argument");
}

#[tokio::test]
async fn the_dialog_answers_in_the_form_asked_for() {
    let mut agent = agent();
    let granted = [("response_type", "code granted_scopes")];
    let callback = agent.sign_in(&dialog(&granted), "1015801", &["email"]).await;
    assert_eq!(parameter(&callback, "granted_scopes").as_deref(), Some("public_profile"));
    assert_eq!(parameter(&callback, "denied_scopes").as_deref(), Some("email"));
    let callback = agent.sign_in(&dialog(&[("response_type", "token")]), "1015801", &[]).await;
    assert_eq!(callback.query(), None);
    let fragment = callback.fragment().unwrap();
    assert!(fragment.starts_with("access_token=EAAG") && fragment.ends_with("&state=a+b%26c"), "{fragment}");
    let shown = agent.get(&dialog(&[("auth_type", "reauthenticate")])).await;
    let cancelled = agent.press(&shown, "form.cancel", &[("action", "deny")]).await.location();
    let expected = "?error_reason=user_denied&error=access_denied&error_code=200\
                    &error_description=Permissions+error.&state=a+b%26c#_=_";
    assert_eq!(cancelled, format!("{CALLBACK}{expected}"));
}

#[tokio::test]
async fn mistakes_of_an_app_are_shown_and_nobody_is_sent_anywhere() {
    let mut agent = agent();
    for (extra, shown) in [
        (("redirect_uri", "https://evil.example/"), "URL Blocked"),
        (("redirect_uri", ""), "URL Blocked"),
        (("client_id", ""), "Invalid App ID"),
        (("response_type", "id_token"), "Invalid response_type"),
        (("scope", "email,<b>"), "Invalid Scopes"),
    ] {
        let page = agent.get(&dialog(&[extra])).await;
        assert_eq!((page.status.as_u16(), page.headers.get(header::LOCATION)), (400, None), "{extra:?}");
        assert!(page.body.contains(shown) && !page.body.contains("<b>"), "{extra:?} {}", page.body);
    }
}

#[tokio::test]
async fn an_app_must_prove_itself() {
    let mut agent = agent();
    let client =
        Client { id: "77".into(), secret: Some("s".into()), name: Some("My App".into()), redirect_uris: vec![] };
    let put: Result<(), ()> = agent.upstreams.write(|draft| {
        draft.of_mut(Provider::Facebook).put_client(client);
        Ok(())
    });
    put.unwrap();
    let page = agent.get(&dialog(&[])).await;
    assert!(page.body.contains("<strong>My App</strong>"));
    let callback = agent.sign_in(&dialog(&[]), "1015801", &[]).await;
    let wrong = redeem(&mut agent, &callback, &[("client_secret", "t")]).await;
    refused(&wrong, 400, 1, None, "Error validating client secret.");
    let unknown = redeem(&mut agent, &callback, &[("client_id", "1")]).await;
    let message = "Error validating application. Cannot get application info due to a system error.";
    refused(&unknown, 400, 101, None, message);
    assert_eq!(redeem(&mut agent, &callback, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_built_or_not_there_says_so() {
    let mut agent = agent();
    let device = agent.post(&format!("{BASE}/v19.0/device/login"), &[]).await;
    refused(&device, 501, 3, None, "the device flow is not built yet");
    let nothing = agent.get(&format!("{BASE}/a/b/c/d")).await;
    refused(&nothing, 400, 2500, None, "Unknown path components");
}
