//! Who may call the Management API.

use serde_json::json;

use crate::api::{Api, check_refusal};
use crate::tenant::{send, start};

#[tokio::test]
async fn a_call_without_a_good_token_is_unauthorized() {
    let (_impostor, tenant) = start().await;
    let call = |header: Option<String>| {
        let request = tenant.http.get(tenant.url("/api/v2/users"));
        send(match header {
            Some(header) => request.header("authorization", header),
            None => request,
        })
    };
    let missing = call(None).await;
    check_refusal(&missing, 401, "Missing authentication", None);
    assert_eq!(missing.header("www-authenticate"), "Bearer");
    check_refusal(&call(Some("Bearer".into())).await, 400, "Bad HTTP authentication header format", Some("Bearer"));
    let garbage = call(Some("Bearer a.b.c".into())).await;
    check_refusal(&garbage, 401, "Invalid token", None);
    assert_eq!(garbage.json()["attributes"], json!({ "error": "Invalid token" }));

    let token = Api::of(&tenant).await.token;
    let (signed, _) = token.rsplit_once('.').unwrap();
    let forged = call(Some(format!("Bearer {signed}.AAAA"))).await;
    check_refusal(&forged, 401, "Invalid signature received for JSON Web Token validation", None);
    assert_eq!(call(Some(format!("Bearer {token}"))).await.status, 200);
}

#[tokio::test]
async fn a_token_for_another_api_is_of_no_use() {
    let (_impostor, tenant) = start().await;
    let grant = [("grant_type", "client_credentials"), ("audience", "https://api.acme.example/")];
    let token = tenant.app("acme-machine").token(&grant).await.unwrap().access_token;
    let reply = tenant.get_as(&token, "/api/v2/users").await;
    check_refusal(&reply, 401, "Bad audience: https://api.acme.example/", None);
}

#[tokio::test]
async fn a_token_is_good_at_every_address_of_its_tenant_and_at_no_other() {
    let (_impostor, tenant) = start().await;
    let token = Api::of(&tenant).await.token;
    let other_name = tenant.at(&tenant.issuer.replace("localhost", "127.0.0.1"));
    let reply = other_name.get_as(&token, "/api/v2/users").await;
    assert_eq!(reply.status, 200, "{}", reply.body);

    let reply = tenant.fork("other").await.get_as(&token, "/api/v2/users").await;
    check_refusal(&reply, 401, "Invalid token", None);
}

#[tokio::test]
async fn an_expired_token_is_told_apart() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    tenant.control().advance("PT25H").await.unwrap();
    let message = "Expired token received for JSON Web Token validation";
    check_refusal(&management.get("/users").await, 401, message, None);
}

#[tokio::test]
async fn each_operation_wants_one_of_its_scopes() {
    let (_impostor, tenant) = start().await;
    let reader = Api::with_scope(&tenant, "read:users read:clients").await;
    assert_eq!(reader.get("/users").await.status, 200);
    let insufficient = Some("insufficient_scope");
    let reply = reader.delete("/users/auth0|nobody").await;
    check_refusal(&reply, 403, "Insufficient scope, expected any of: delete:users,delete:current_user", insufficient);
    // An operation that is not built wants its scopes all the same.
    let reply = reader.get("/actions/actions").await;
    check_refusal(&reply, 403, "Insufficient scope, expected any of: read:actions", insufficient);
}

#[tokio::test]
async fn secrets_of_clients_want_a_scope_of_their_own() {
    let (_impostor, tenant) = start().await;
    let client = |scope: &'static str| {
        let tenant = &tenant;
        async move { Api::with_scope(tenant, scope).await.get("/clients/acme-web").await.json() }
    };
    let with_keys = client("read:clients read:client_keys").await;
    assert_eq!(with_keys["client_secret"], "acme-web-secret-for-local-tests-only");
    let without = client("read:clients").await;
    assert_eq!((without.get("client_secret"), &without["app_type"]), (None, &json!("regular_web")));
    let summary = client("read:client_summary").await;
    assert_eq!((summary.get("callbacks"), &summary["name"]), (None, &json!("Acme Web")));
}

#[tokio::test]
async fn people_act_on_themselves_alone() {
    let (_impostor, tenant) = start().await;
    let scope = "read:current_user update:current_user_metadata";
    let alice = Api::of_alice(&tenant, scope).await;
    let own = "/users/auth0|65f1c0ffee0000000000a11c";
    let bobs = "/users/auth0|65f1c0ffee00000000000b0b";
    assert_eq!(alice.get(own).await.json()["email"], "alice@acme.example");
    let message = "User to be acted on does not match subject in bearer token.";
    check_refusal(&alice.get(bobs).await, 403, message, Some("unowned_resource"));

    let changed = alice.patch(own, json!({ "user_metadata": { "theme": "dark" } })).await;
    assert_eq!(changed.json()["user_metadata"], json!({ "theme": "dark" }));
    for body in [json!({ "app_metadata": { "plan": "gold" } }), json!({ "blocked": false })] {
        let reply = alice.patch(own, body).await;
        assert_eq!((reply.status, &reply.json()["errorCode"]), (403, &json!("insufficient_scope")));
    }
    assert_eq!(alice.get("/users").await.status, 403);
}

#[tokio::test]
async fn what_is_not_built_says_so_and_what_is_not_there_too() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let reply = management.get("/actions/actions").await;
    check_refusal(&reply, 501, "GET /actions/actions is not built yet", Some("not_implemented"));
    assert_eq!(reply.json()["error"], "Not Implemented");
    check_refusal(&management.get("/nonsense").await, 404, "Not Found", None);
    check_refusal(&management.delete("/users").await, 404, "Not Found", None);
    check_refusal(&tenant.get("/api/v2/nonsense").await, 404, "Not Found", None);
}

#[tokio::test]
async fn every_answer_tells_of_rate_limits() {
    let (_impostor, tenant) = start().await;
    for reply in [Api::of(&tenant).await.get("/users").await, tenant.get("/api/v2/users").await] {
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(reply.header(name).parse::<u64>().is_ok(), "{name} of {}", reply.status);
        }
    }
}
