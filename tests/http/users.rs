//! A user's life in the Management API.

use serde_json::{Value, json};

use crate::api::{Api, check_refusal};
use crate::tenant::start;

const DATABASE: &str = "Username-Password-Authentication";

#[tokio::test]
async fn a_user_is_created_read_changed_and_deleted() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let created = management
        .post("/users", json!({ "connection": DATABASE, "email": "Ines@Example.com", "password": "Passw0rd!ines" }))
        .await;
    assert_eq!(created.status, 201, "{}", created.body);
    assert_eq!(created.header("content-type"), "application/json; charset=utf-8");
    let user = created.json();
    let id = user["user_id"].as_str().unwrap();
    let identity = json!({
        "connection": DATABASE, "user_id": id.strip_prefix("auth0|").unwrap(), "provider": "auth0", "isSocial": false
    });
    for (name, expected) in [
        ("email", json!("ines@example.com")),
        ("email_verified", json!(false)),
        ("name", json!("ines@example.com")),
        ("nickname", json!("ines")),
        ("identities", json!([identity])),
        ("updated_at", user["created_at"].clone()),
    ] {
        assert_eq!(user[name], expected, "{name}");
    }
    let names: Vec<_> = user.as_object().unwrap().keys().collect();
    assert!(!names.iter().any(|name| ["password", "blocked", "username", "user_metadata"].contains(&name.as_str())));

    let path = format!("/users/{id}");
    assert_eq!(management.get(&path).await.json(), user);
    let changed = management.patch(&path, json!({ "given_name": "Ines", "blocked": true })).await.json();
    assert_eq!((&changed["given_name"], &changed["blocked"]), (&json!("Ines"), &json!(true)));
    for _ in 0..2 {
        let deleted = management.delete(&path).await;
        assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    }
    check_refusal(&management.get(&path).await, 404, "The user does not exist.", Some("inexistent_user"));
}

#[tokio::test]
async fn metadata_is_merged_on_its_first_level() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let path = format!("/users/{}", management.create_user("ines@example.com").await);
    let steps: [(Value, Value); 4] = [
        (json!({ "a": 1, "b": { "c": 1, "d": 2 } }), json!({ "a": 1, "b": { "c": 1, "d": 2 } })),
        (json!({ "b": { "c": 3 }, "e": [1] }), json!({ "a": 1, "b": { "c": 3 }, "e": [1] })),
        (json!({ "a": null }), json!({ "b": { "c": 3 }, "e": [1] })),
        (json!({}), json!({})),
    ];
    for kind in ["user_metadata", "app_metadata"] {
        for (change, expected) in &steps {
            let reply = management.patch(&path, json!({ kind: change })).await;
            assert_eq!(reply.json()[kind], *expected, "{kind} {change}");
        }
    }
    let reply = management.patch(&path, json!({ "app_metadata": { "identities": [] } })).await;
    assert_eq!((reply.status, &reply.json()["errorCode"]), (400, &json!("invalid_body")));
}

#[tokio::test]
async fn a_password_that_is_changed_is_the_one_that_counts() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let path = format!("/users/{}", management.create_user("ines@example.com").await);
    let changed = management.patch(&path, json!({ "password": "An0ther!one", "connection": DATABASE })).await.json();
    assert_eq!(changed["last_password_reset"], changed["updated_at"]);
    for (password, is_right) in [("Passw0rd!x", false), ("An0ther!one", true)] {
        let grant = [("grant_type", "password"), ("username", "ines@example.com"), ("password", password)];
        assert_eq!(tenant.app("acme-web").token(&grant).await.is_ok(), is_right, "{password}");
    }
    let reply = management.patch(&path, json!({ "password": "weak" })).await;
    check_refusal(&reply, 400, "PasswordStrengthError: Password is too weak", Some("invalid_body"));
}

#[tokio::test]
async fn a_user_that_can_not_be_is_refused() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let validation = |problem: &str| format!("Payload validation error: {problem}.");
    let user = |change: Value| {
        let mut user = json!({ "connection": DATABASE, "email": "x@example.com", "password": "Passw0rd!x" });
        user.as_object_mut().unwrap().extend(change.as_object().cloned().unwrap());
        user
    };
    for (body, message, code) in [
        (json!({}), validation("'Missing required property: connection'"), "invalid_body"),
        (user(json!({ "roles": [] })), validation("'Additional properties not allowed: roles'"), "invalid_body"),
        (
            user(json!({ "email": "nobody" })),
            validation("'Object didn't pass validation for format email: nobody' on property email"),
            "invalid_body",
        ),
        (
            user(json!({ "blocked": "yes" })),
            validation("'Expected type boolean but found type string' on property blocked"),
            "invalid_body",
        ),
        (user(json!({ "connection": "nothing" })), "Connection does not exist.".to_owned(), "inexistent_connection"),
        (user(json!({ "password": "weak" })), "PasswordStrengthError: Password is too weak".to_owned(), "invalid_body"),
        (
            user(json!({ "username": "xavier" })),
            "Cannot set username for connection without requires_username.".to_owned(),
            "invalid_body",
        ),
        (
            user(json!({ "connection": "google-oauth2" })),
            "Connection does not support user creation through the API. It must either be a database or passwordless \
             connection."
                .to_owned(),
            "operation_not_supported",
        ),
    ] {
        check_refusal(&management.post("/users", body).await, 400, &message, Some(code));
    }
    assert_eq!(management.get("/users-by-email?email=x@example.com").await.json(), json!([]));
}

#[tokio::test]
async fn some_changes_exclude_each_other_and_some_are_the_upstreams() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let path = format!("/users/{}", management.create_user("ines@example.com").await);
    let reply = management.patch(&path, json!({ "password": "An0ther!one", "email": "eva@example.com" })).await;
    check_refusal(&reply, 400, "Cannot update password and email simultaneously.", Some("invalid_body"));
    let reply = management.patch(&path, json!({ "shoe_size": 42 })).await;
    let message = "Payload validation error: 'Additional properties not allowed: shoe_size'.";
    check_refusal(&reply, 400, message, Some("invalid_body"));
    let moved = management.patch(&path, json!({ "email": "Eva@Example.com" })).await.json();
    assert_eq!((&moved["email"], &moved["nickname"]), (&json!("eva@example.com"), &json!("ines")));
    assert_eq!(management.get("/users-by-email?email=ines@example.com").await.json(), json!([]));
    let reply = management.patch(&path, json!({ "email": "alice@acme.example" })).await;
    check_refusal(&reply, 409, "The user already exists.", Some("auth0_idp_error"));
    let reply = management.patch("/users/auth0|nobody", json!({})).await;
    check_refusal(&reply, 404, "The user does not exist.", Some("inexistent_user"));
}
