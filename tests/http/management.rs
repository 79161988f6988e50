//! The Management API as scripts use it, several of them at once and some of them badly.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::tenant::{Tenant, refusal, send, start};

fn user(email: &str) -> Value {
    json!({
        "connection": "Username-Password-Authentication",
        "email": email,
        "password": "Passw0rd!new",
        "user_metadata": { "theme": "dark" },
        "app_metadata": { "plan": "free" },
    })
}

async fn with_email(tenant: &Tenant, email: &str) -> Vec<Value> {
    tenant.admin().await.users(&[("q", &format!("email:\"{email}\""))]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_users_with_one_address_made_at_once_one_is_made() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    for round in 0..3 {
        let emails = [format!("new-{round}@people.example"), format!("NEW-{round}@people.example")];
        let creations = emails.clone().map(|email| {
            let admin = admin.clone();
            tokio::spawn(async move { admin.create_user(&user(&email)).await })
        });
        let (made, refused): (Vec<_>, Vec<_>) =
            join_all(creations).await.into_iter().map(Result::unwrap).partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (1, 1));
        let refusal = refusal(refused.into_iter().next().unwrap());
        assert_eq!((refusal.status, refusal.message.as_str()), (409, "The user already exists."));
        assert_eq!(with_email(&tenant, &emails[0]).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_metadata_made_at_once_are_all_merged() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    let id = admin.create_user(&user("new@people.example")).await.unwrap()["user_id"].as_str().unwrap().to_owned();
    let changes = (0..10).map(|number| {
        let (admin, id) = (admin.clone(), id.clone());
        tokio::spawn(async move {
            admin.update_user(&id, &json!({ "user_metadata": { format!("key-{number}"): number } })).await
        })
    });
    for change in join_all(changes).await {
        change.unwrap().unwrap();
    }
    let kept = admin.user(&id).await.unwrap();
    assert_eq!(kept["user_metadata"].as_object().unwrap().len(), 11, "{kept}");

    admin
        .update_user(&id, &json!({ "user_metadata": { "theme": null }, "app_metadata": { "seats": 3 } }))
        .await
        .unwrap();
    let kept = admin.user(&id).await.unwrap();
    assert_eq!(kept["user_metadata"].get("theme"), None);
    assert_eq!(kept["app_metadata"], json!({ "plan": "free", "seats": 3 }));
    admin.update_user(&id, &json!({ "user_metadata": {} })).await.unwrap();
    assert_eq!(admin.user(&id).await.unwrap().get("user_metadata").filter(|kept| *kept != &json!({})), None);
}

#[tokio::test]
async fn who_may_not_is_told_in_the_real_form() {
    let (_impostor, tenant) = start().await;
    let nobody = tenant.get("/api/v2/users").await;
    let expected = json!({ "statusCode": 401, "error": "Unauthorized", "message": "Missing authentication" });
    assert_eq!((nobody.status, nobody.json()), (401, expected));

    let narrow = tenant.admin_token("read:clients").await;
    assert_eq!(tenant.get_as(&narrow, "/api/v2/clients").await.status, 200);
    let refused = tenant.get_as(&narrow, "/api/v2/users").await.json();
    assert_eq!((&refused["statusCode"], &refused["error"]), (&json!(403), &json!("Forbidden")));
    assert_eq!(refused["errorCode"], "insufficient_scope");
    let message = refused["message"].as_str().unwrap();
    assert!(message.starts_with("Insufficient scope, expected any of: read:users"), "{message}");

    let tokens = tenant.tokens("acme-spa", "openid").await;
    let (head, _) = narrow.rsplit_once('.').unwrap();
    let other = tenant.tokens("acme-spa", "openid").await.id_token.unwrap();
    for token in [&tokens.access_token, &format!("{head}.AAAA"), &format!("{head}."), &other, "x"] {
        let refused = tenant.get_as(token, "/api/v2/clients").await;
        assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("Unauthorized")), "{token}");
    }
}

#[tokio::test]
async fn what_is_not_built_says_so_to_who_may_call_it() {
    let (_impostor, tenant) = start().await;
    let path = "/api/v2/actions/actions";
    assert_eq!(tenant.get(path).await.status, 401);
    let reply = tenant.get_as(&tenant.admin_token("").await, path).await;
    let told = reply.json();
    assert_eq!((reply.status, &told["statusCode"], &told["error"]), (501, &json!(501), &json!("Not Implemented")));
    assert_eq!(told["errorCode"], "not_implemented");
    assert!(told["message"].as_str().unwrap().ends_with(" is not built yet"), "{told}");
    assert_eq!(reply.header("retry-after"), "");
    let unknown = tenant.get_as(&tenant.admin_token("").await, "/api/v2/nothing").await;
    assert_eq!((unknown.status, &unknown.json()["statusCode"]), (404, &json!(404)));
}

#[tokio::test]
async fn pages_hold_everybody_once() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    for number in 0..3 {
        admin.create_user(&user(&format!("new-{number}@people.example"))).await.unwrap();
    }
    let mut found = BTreeSet::new();
    for (page, length) in [("0", 3), ("1", 3), ("2", 3), ("3", 1)] {
        let users = admin.users(&[("per_page", "3"), ("page", page), ("sort", "email:1")]).await.unwrap();
        assert_eq!(users.len(), length, "page {page}");
        found.extend(users.iter().map(|user| user["user_id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(found.len(), 10);
    let token = tenant.admin_token("").await;
    let told = tenant.get_as(&token, "/api/v2/users?per_page=3&page=3&include_totals=true").await.json();
    assert_eq!([&told["start"], &told["limit"], &told["length"], &told["total"]], [9, 3, 1, 10]);
    for query in ["per_page=101", "page=-1", "page=one", "include_totals=maybe", "page=0&page=1"] {
        let refused = tenant.get_as(&token, &format!("/api/v2/users?{query}")).await;
        assert_eq!((refused.status, &refused.json()["errorCode"]), (400, &json!("invalid_query_string")), "{query}");
    }
}

/// Sends the first `most` bytes of a creation and hangs up.
async fn hang_up(tenant: &Tenant, token: &str, email: &str, most: usize) {
    let body = user(email).to_string();
    let request = format!(
        "POST /api/v2/users HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        tenant.authority(),
        body.len()
    );
    let mut stream = TcpStream::connect(tenant.authority()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(&body.as_bytes()[..most.min(body.len())]).await.unwrap();
}

#[tokio::test]
async fn who_hangs_up_leaves_nothing_half_done() {
    let (_impostor, tenant) = start().await;
    let token = tenant.admin_token("").await;
    hang_up(&tenant, &token, "half@people.example", 60).await;
    assert!(with_email(&tenant, "half@people.example").await.is_empty());
    tenant.admin().await.create_user(&user("half@people.example")).await.unwrap();
    let refused = send(tenant.http.post(tenant.url("/api/v2/users")).bearer_auth(&token).body("{")).await;
    assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("Bad Request")));
}

#[tokio::test]
async fn the_tenant_log_tells_newest_first_what_happened() {
    let (_impostor, tenant) = start().await;
    let token = tenant.admin_token("").await;
    let wrong = [("grant_type", "password"), ("username", "alice@acme.example"), ("password", "wrong")];
    assert!(tenant.app("acme-web").token(&wrong).await.is_err());

    let logs = tenant.get_as(&token, "/api/v2/logs?include_totals=true&per_page=2").await.json();
    let (exchange, login) = (&logs["logs"][0], &logs["logs"][1]);
    assert_eq!((&exchange["type"], &login["type"]), (&json!("fepft"), &json!("fp")), "{logs}");
    let of_user = format!("/api/v2/users/{}/logs", login["user_id"].as_str().unwrap().replace('|', "%7C"));
    assert_eq!(tenant.get_as(&token, &of_user).await.json()[0], *login);
    let one = format!("/api/v2/logs/{}", login["log_id"].as_str().unwrap());
    assert_eq!(tenant.get_as(&token, &one).await.json(), *login);
    assert_eq!(tenant.get_as(&token, "/api/v2/logs/900").await.status, 404);
}

#[tokio::test]
async fn pages_may_call_it_with_a_token() {
    let (_impostor, tenant) = start().await;
    let url = tenant.url("/api/v2/users");
    let asked = tenant.http.request(Method::OPTIONS, &url).header("origin", "https://app.example");
    let asked = send(asked.header("access-control-request-method", "GET")).await;
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, "*"));
    assert!(asked.header("access-control-allow-headers").contains("Authorization"));
    let refused = send(tenant.http.get(&url).header("origin", "https://app.example")).await;
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, "*"), "a page reads why, too");
    assert_eq!(tenant.get("/api/v2/users").await.header("access-control-allow-origin"), "");
}
