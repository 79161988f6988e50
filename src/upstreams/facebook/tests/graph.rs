//! What Graph tells of a person, and for how long.

use super::*;

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
async fn what_is_not_built_or_not_there_says_so() {
    let mut agent = agent();
    let device = agent.post(&format!("{BASE}/v19.0/device/login"), &[]).await;
    refused(&device, 501, 3, None, "the device flow is not built yet");
    let nothing = agent.get(&format!("{BASE}/a/b/c/d")).await;
    refused(&nothing, 400, 2500, None, "Unknown path components");
}

/// A token with everything as it usually is.
async fn usual_token(agent: &mut Agent) -> String {
    token(agent, "1015801", &[], &[]).await
}
