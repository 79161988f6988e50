//! The control API: who may steer, and what the clock and the people do.

use impostor::client::people::NewPerson;
use serde_json::{Value, json};

use crate::tenant::{Reply, Tenant, callback, owned, refusal, send, start};

const JSON: &str = "application/json";
const PERSON: &str = r#"{"at": "database", "email": "new@people.example"}"#;

async fn post_with(tenant: &Tenant, header: (&str, &str)) -> Reply {
    let request = tenant.http.post(tenant.url("/_impostor/people")).header("content-type", JSON);
    send(request.header(header.0, header.1).body(PERSON)).await
}

#[track_caller]
fn check(reply: &Reply, status: u16, code: &str) {
    let told = reply.json();
    assert_eq!((reply.status, told["error"]["code"].as_str()), (status, Some(code)), "{}", reply.body);
    assert!(told["error"]["message"].is_string(), "{}", reply.body);
}

#[tokio::test]
async fn pages_of_other_origins_steer_nothing() {
    let (_impostor, tenant) = start().await;
    for header in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://localhost:1"),
        ("sec-fetch-site", "cross-site"),
    ] {
        check(&post_with(&tenant, header).await, 403, "forbidden");
    }
    let of_evil = tenant.http.get(tenant.url("/_impostor/tenants")).header("origin", "https://evil.example");
    check(&send(of_evil).await, 403, "forbidden");
    let own = tenant.issuer.trim_end_matches('/').to_owned();
    assert_eq!(post_with(&tenant, ("origin", &own)).await.status, 201, "nothing was made before, this is the first");
}

#[tokio::test]
async fn a_body_is_json_or_refused() {
    let (_impostor, tenant) = start().await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        check(&tenant.post("/_impostor/people", kind, PERSON).await, 415, "not_json");
    }
    assert_eq!(tenant.post("/_impostor/people", "application/json; charset=utf-8", PERSON).await.status, 201);
}

#[tokio::test]
async fn what_is_not_known_or_not_right_is_told() {
    let (_impostor, tenant) = start().await;
    for (path, body) in [
        ("people", r#"{"at": "database", "emial": "x@people.example"}"#),
        ("people", r#"{"at": "myspace"}"#),
        ("people", r#"{"at": "database", "email": "no address"}"#),
        ("people", r#"{"at": "google", "password": "Passw0rd!"}"#),
        ("people", r#"{"at": "database""#),
        ("people", "[]"),
        ("tenants", r#"{"from": "acme", "prot": true}"#),
        ("clock/advance", r#"{"by": "a day"}"#),
        ("clock/advance", r#"{"by": "-PT1H"}"#),
        ("clock/advance", "{}"),
        ("clock/resume", r#"{"now": "2031-05-04T10:00:00Z"}"#),
        ("reset", r#"{"tenant": "another"}"#),
        ("snapshots/none/restore", r#"{"x": 1}"#),
    ] {
        check(&tenant.post(&format!("/_impostor/{path}"), JSON, body).await, 400, "invalid_body");
    }
    check(&tenant.post("/_impostor/clock", JSON, "{}").await, 405, "method_not_allowed");
    let journal = tenant.get("/_impostor/no-such-call").await;
    check(&journal, 501, "not_implemented");
    assert!(journal.body.contains("/_impostor/no-such-call is not built yet"), "{}", journal.body);
    assert_eq!(tenant.admin().await.users(&[]).await.unwrap().len(), 7);
    assert_eq!(tenant.control().tenants().await.unwrap().len(), 1);
}

#[tokio::test]
async fn time_that_is_moved_ends_codes_tokens_and_sessions() {
    let (_impostor, tenant) = start().await;
    let mut app = tenant.app("acme-spa");
    let mut browser = tenant.browser();
    let (login, answer) = tenant.sign_in_with(&mut browser, &mut app, &[("scope", "openid offline_access")]).await;
    let tokens = app.redeem(&login, &answer).await.unwrap();
    let (second, unused) = tenant.sign_in(&mut app, &[]).await;
    let admin = tenant.admin_token("").await;

    tenant.control().advance("PT10M").await.unwrap();
    assert_eq!(refusal(app.redeem(&second, &unused).await).code, "invalid_grant");
    assert_eq!(tenant.get_as(&admin, "/api/v2/users").await.status, 200);

    tenant.control().advance("PT25H").await.unwrap();
    let expired = tenant.get_as(&admin, "/api/v2/users").await;
    assert_eq!((expired.status, expired.json()["statusCode"].as_u64()), (401, Some(401)));
    assert_eq!(refusal(app.userinfo(&tokens.access_token).await).status, 401);
    let silent = app.begin_login(&owned(&[("prompt", "none")])).unwrap();
    assert!(callback(browser.open(&silent.url).await.unwrap()).get("code").is_some(), "the session goes on");

    tenant.control().advance("P8D").await.unwrap();
    let silent = app.begin_login(&owned(&[("prompt", "none")])).unwrap();
    let answer = callback(browser.open(&silent.url).await.unwrap());
    assert_eq!(answer.get("error"), Some("login_required"));
    let rotated = app.refresh(&tokens.refresh_token.unwrap()).await.unwrap();
    tenant.control().advance("P31D").await.unwrap();
    assert_eq!(refusal(app.refresh(&rotated.refresh_token.unwrap()).await).code, "invalid_grant");
}

#[tokio::test]
async fn a_frozen_clock_stands_for_this_tenant_alone() {
    let (_impostor, tenant) = start().await;
    let fork = tenant.fork("fork-1").await;
    let set = fork.control().set_clock(true, Some("2031-05-04T10:00:26.187Z")).await.unwrap();
    assert_eq!((set.now.as_str(), set.frozen), ("2031-05-04T10:00:26.187Z", true));
    let advanced = fork.control().advance("PT1M").await.unwrap();
    assert_eq!(advanced.now, "2031-05-04T10:01:26.187Z");
    let user = json!({
        "connection": "Username-Password-Authentication", "email": "new@people.example", "password": "Passw0rd!new",
    });
    let made = fork.admin().await.create_user(&user).await.unwrap();
    assert_eq!(made["created_at"], "2031-05-04T10:01:26.187Z");
    let parents = tenant.control().clock().await.unwrap();
    assert!(!parents.frozen && parents.now != advanced.now, "{parents:?}");
}

#[tokio::test]
async fn people_are_made_changed_and_removed() {
    let (_impostor, tenant) = start().await;
    let control = tenant.control();
    for at in ["database", "google", "facebook"] {
        let new = NewPerson { at: at.to_owned(), ..NewPerson::default() };
        let made = control.add_person(&new).await.unwrap();
        assert!(made.email.as_deref().is_some_and(|email| email.ends_with(".example")), "{made:?}");
        let same = NewPerson { email: made.email.clone(), ..new };
        assert_eq!(refusal(control.add_person(&same).await).status, 409, "{at}");
        if at != "database" {
            let change = serde_json::Map::from_iter([
                ("name".to_owned(), json!("Nova Name")),
                ("email".to_owned(), Value::Null),
            ]);
            let changed = control.change_person(&made, &change, None).await.unwrap();
            assert_eq!((changed.name.as_deref(), changed.email.as_deref()), (Some("Nova Name"), None));
        }
        control.remove_person(&made).await.unwrap();
        let gone = refusal(control.remove_person(&made).await);
        assert_eq!((gone.status, gone.code.as_str()), (404, "not_found"), "{at}");
    }
}

#[tokio::test]
async fn what_is_no_object_or_no_such_method_is_refused() {
    let (_impostor, tenant) = start().await;
    for body in [r#"["acme", "x"]"#, " [ ]", "null", "\"acme\"", "{"] {
        check(&tenant.post("/_impostor/tenants", "application/json", body).await, 400, "invalid_body");
    }
    check(&tenant.post("/_impostor/health", "application/json", "{}").await, 405, "method_not_allowed");
    let change = tenant.http.patch(tenant.url("/_impostor/people/database/x")).json(&json!({}));
    let told = send(change).await;
    check(&told, 400, "invalid_body");
    assert!(told.body.contains("PATCH /api/v2/users/ID"), "{}", told.body);
}
