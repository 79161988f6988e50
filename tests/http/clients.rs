//! Clients in the Management API: what is shown to whom, secrets, and what hangs on a client.

use serde_json::json;

use crate::api::{Api, check_refusal};
use crate::tenant::start;

#[tokio::test]
async fn a_client_has_an_id_a_secret_and_the_tenants_certificate() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let created = management.post("/clients", json!({ "name": "Shop" })).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let client = created.json();
    let (id, secret) = (client["client_id"].as_str().unwrap(), client["client_secret"].as_str().unwrap());
    assert_eq!((id.len(), secret.len()), (32, 64));
    let keys = &client["signing_keys"][0];
    assert!(keys["cert"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"), "{keys}");
    assert!(keys["pkcs7"].as_str().unwrap().starts_with("-----BEGIN PKCS7-----"), "{keys}");
    let path = format!("/clients/{id}");
    assert_eq!(management.get(&path).await.json(), client);

    let rotated = management.post(&format!("{path}/rotate-secret"), json!({})).await.json();
    assert_ne!(rotated["client_secret"], client["client_secret"]);
    assert_eq!(management.get(&path).await.json(), rotated);
    for _ in 0..2 {
        assert_eq!(management.delete(&path).await.status, 204);
    }
    check_refusal(&management.get(&path).await, 404, "The client does not exist", Some("inexistent_client"));
}

#[tokio::test]
async fn secrets_are_for_who_may_read_keys() {
    let (_impostor, tenant) = start().await;
    let seen = async |scope: &str| {
        let client = Api::with_scope(&tenant, scope).await.get("/clients/acme-web").await.json();
        client.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
    let names = seen("read:clients").await;
    assert!(has(&names, "callbacks") && !has(&names, "client_secret") && !has(&names, "signing_keys"), "{names:?}");
    assert!(has(&seen("read:clients read:client_keys").await, "client_secret"));
    let names = seen("read:client_summary").await;
    assert!(has(&names, "name") && !has(&names, "callbacks"), "{names:?}");

    let writer = Api::with_scope(&tenant, "update:clients").await;
    let reply = writer.patch("/clients/acme-web", json!({ "client_secret": "of-my-own-choice" })).await;
    check_refusal(&reply, 403, "Insufficient scope, expected any of: update:client_keys", Some("insufficient_scope"));
}

#[tokio::test]
async fn what_hangs_on_a_client_goes_with_it() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let mut app = tenant.app("acme-web");
    let (login, callback) = tenant.sign_in(&mut app, &[("scope", "openid offline_access")]).await;
    let tokens = app.redeem(&login, &callback).await.unwrap();
    let user = management.get("/users-by-email?email=alice@acme.example").await.json()[0]["user_id"].clone();
    let path = format!("/users/{}/refresh-tokens", user.as_str().unwrap());
    let shown = management.get(&path).await.json();
    assert_eq!((&shown["tokens"][0]["client_id"], &shown["tokens"][0]["user_id"]), (&json!("acme-web"), &user));

    assert_eq!(management.delete("/clients/acme-web").await.status, 204);
    assert_eq!(management.get(&path).await.json()["tokens"], json!([]));
    assert!(app.refresh(&tokens.refresh_token.unwrap()).await.is_err());
    let connections = management.get("/connections").await.json();
    for connection in connections.as_array().unwrap() {
        let enabled = connection["enabled_clients"].as_array().unwrap();
        assert!(!enabled.contains(&json!("acme-web")), "{connection}");
    }
}

#[tokio::test]
async fn a_session_that_is_ended_asks_for_the_password_again() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let mut app = tenant.app("acme-web");
    let mut browser = tenant.browser();
    tenant.sign_in_with(&mut browser, &mut app, &[]).await;
    let user = management.get("/users-by-email?email=alice@acme.example").await.json()[0]["user_id"].clone();
    let path = format!("/users/{}/sessions", user.as_str().unwrap());
    let sessions = management.get(&path).await.json()["sessions"].clone();
    let id = sessions[0]["id"].as_str().unwrap();
    assert_eq!(sessions[0]["clients"], json!([{ "client_id": "acme-web" }]));
    assert_eq!(management.get(&format!("/sessions/{id}")).await.json(), sessions[0]);

    let ended = management.delete(&format!("/sessions/{id}")).await;
    assert_eq!((ended.status, ended.body.as_str()), (202, "{}"));
    check_refusal(
        &management.get(&format!("/sessions/{id}")).await,
        404,
        "The session does not exist.",
        Some("inexistent_session"),
    );
    let login = app.begin_login(&[]).unwrap();
    assert!(matches!(browser.open(&login.url).await.unwrap(), impostor::client::browser::Arrival::Page(_)));
}
