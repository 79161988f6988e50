//! Roles, permissions, APIs and client grants over the Management API: statuses, refusals, and many writers at once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::api::{Api, check_refusal};
use crate::tenant::start;

const OFFICE: &str = "https://office.api.acme.example/";

fn permissions(api: &str, names: &[&str]) -> Value {
    let permission = |name: &&str| json!({ "resource_server_identifier": api, "permission_name": name });
    json!({ "permissions": names.iter().map(permission).collect::<Vec<_>>() })
}

async fn create_role(management: &Api, name: &str) -> String {
    let reply = management.post("/roles", json!({ "name": name })).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

fn names(list: &Value, member: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_operation_on_a_role_has_its_status_and_body() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let role = create_role(&management, "Clerk").await;
    let user = management.create_user("ines@people.example").await;
    assert!(role.starts_with("rol_") && role.len() == 20, "{role}");
    let answered = async |path: &str, body: Value| {
        let reply = management.post(path, body).await;
        (reply.status, reply.body)
    };
    let path = format!("/roles/{role}");
    assert_eq!(
        answered(&format!("{path}/permissions"), permissions(OFFICE, &["read:invoices"])).await,
        (201, "{}".to_owned())
    );
    assert_eq!(answered(&format!("{path}/users"), json!({ "users": [user] })).await, (200, "{}".to_owned()));
    let own = permissions(OFFICE, &["read:invoices", "write:invoices"]);
    assert_eq!(answered(&format!("/users/{user}/permissions"), own).await, (201, "{}".to_owned()));
    assert_eq!(answered(&format!("/users/{user}/roles"), json!({ "roles": [role] })).await, (204, String::new()));

    let found = management.get(&format!("/users/{user}/permissions?include_totals=true")).await.json();
    let direct = json!({ "source_id": "", "source_name": "", "source_type": "DIRECT" });
    let by_role = json!({ "source_id": role, "source_name": "Clerk", "source_type": "ROLE" });
    assert_eq!((&found["total"], &found["start"], &found["limit"]), (&json!(2), &json!(0), &json!(50)));
    assert_eq!(found["permissions"][0]["sources"], json!([direct, by_role]));
    assert_eq!(found["permissions"][1]["sources"], json!([direct]));
    assert_eq!(found["permissions"][0]["resource_server_name"], "Acme Office API");
    let users = management.get(&format!("{path}/users")).await.json();
    assert_eq!(users.as_array().unwrap().len(), 1);
    let shown: Vec<_> = users[0].as_object().unwrap().keys().collect();
    assert_eq!(
        shown.iter().map(|name| name.as_str()).collect::<BTreeSet<_>>(),
        ["email", "name", "picture", "user_id"].into()
    );

    let gone = management.delete(&path).await;
    assert_eq!((gone.status, gone.body.as_str()), (200, "{}"));
    check_refusal(&management.delete(&path).await, 404, "The role does not exist.", None);
    assert_eq!(management.get(&format!("/users/{user}/roles")).await.json(), json!([]));
}

#[tokio::test]
async fn what_is_not_right_is_told_and_nothing_is_half_done() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let role = create_role(&management, "Clerk").await;
    let user = management.create_user("ines@people.example").await;
    check_refusal(&management.post("/roles", json!({ "name": "Clerk" })).await, 409, "The role already exists.", None);
    let mixed = permissions(OFFICE, &["read:invoices", "fly"]);
    for path in [format!("/roles/{role}/permissions"), format!("/users/{user}/permissions")] {
        let message = "The permission fly does not exist in the resource server.";
        check_refusal(&management.post(&path, mixed.clone()).await, 400, message, Some("invalid_body"));
        let unknown = permissions("https://nowhere.example/", &["read:invoices"]);
        check_refusal(&management.post(&path, unknown).await, 404, "The resource server does not exist.", None);
        let empty = management.post(&path, json!({ "permissions": [] })).await;
        let message = "Payload validation error: 'Array is too short (0), minimum 1' on property permissions.";
        check_refusal(&empty, 400, message, Some("invalid_body"));
        assert_eq!(management.get(&path).await.json(), json!([]));
    }
    let reply = management.post(&format!("/users/{user}/roles"), json!({ "roles": [role, "rol_none"] })).await;
    check_refusal(&reply, 404, "The role does not exist.", None);
    assert_eq!(management.get(&format!("/users/{user}/roles")).await.json(), json!([]));
    let reply = management.post(&format!("/roles/{role}/users"), json!({ "users": [user, "auth0|none"] })).await;
    check_refusal(&reply, 404, "One or more of the users do not exist.", Some("inexistent_user"));
    assert_eq!(management.get(&format!("/roles/{role}/users")).await.json(), json!([]));
    for path in ["/users/auth0|none/roles", "/users/auth0|none/permissions"] {
        check_refusal(&management.get(path).await, 404, "The user does not exist.", Some("inexistent_user"));
    }
}

#[tokio::test]
async fn people_of_a_role_want_two_scopes() {
    let (_impostor, tenant) = start().await;
    let role = create_role(&Api::of(&tenant).await, "Clerk").await;
    let path = format!("/roles/{role}/users");
    let one = Api::with_scope(&tenant, "read:roles").await;
    assert_eq!(one.get(&path).await.status, 403);
    assert_eq!(Api::with_scope(&tenant, "read:roles read:users").await.get(&path).await.status, 200);
}

#[tokio::test]
async fn writers_at_once_lose_nothing() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let role = create_role(&management, "Clerk").await;
    let mut users = Vec::new();
    for number in 0..5 {
        users.push(management.create_user(&format!("user{number}@people.example")).await);
    }
    let path = format!("/roles/{role}/users");
    let assigned = users.iter().map(|user| management.post(&path, json!({ "users": [user] })));
    let made = (0..5).map(|_| management.post("/roles", json!({ "name": "Twin" })));
    let (assigned, made) = tokio::join!(futures_util::future::join_all(assigned), futures_util::future::join_all(made));
    assert!(assigned.iter().all(|reply| reply.status == 200));
    let mut statuses: Vec<_> = made.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409]);

    let mut found = Vec::new();
    let mut next = String::new();
    loop {
        let page = management.get(&format!("{path}?take=2{next}")).await.json();
        found.extend(names(&page["users"], "user_id"));
        let Some(from) = page["next"].as_str() else { break };
        next = format!("&from={from}");
    }
    assert_eq!(BTreeSet::from_iter(&found), BTreeSet::from_iter(&users));
    assert_eq!(found.len(), users.len());
}

#[tokio::test]
async fn an_api_goes_by_its_id_and_by_its_identifier_however_often_encoded() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let reply =
        management.post("/resource-servers", json!({ "identifier": "https://a.example/x", "signing_alg": "HS256" }));
    let reply = reply.await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let api = reply.json();
    assert!(api["signing_secret"].as_str().is_some_and(|secret| secret.len() >= 16));
    for name in [api["id"].as_str().unwrap(), "https%3A%2F%2Fa.example%2Fx", "https%253A%252F%252Fa.example%252Fx"] {
        assert_eq!(management.get(&format!("/resource-servers/{name}")).await.json(), api, "{name}");
    }
    let again = management.post("/resource-servers", json!({ "identifier": "https://a.example/x" })).await;
    check_refusal(&again, 409, "A resource server with the same identifier already exists.", Some("conflict"));
    let own = tenant.url("/api/v2/");
    let reserved = management.post("/resource-servers", json!({ "identifier": own })).await;
    check_refusal(&reserved, 400, "The selected identifier is reserved.", Some("invalid_body"));
    let system = format!("/resource-servers/{}", own.replace('/', "%2F"));
    let message = "System resource servers cannot be patched.";
    check_refusal(
        &management.patch(&system, json!({ "name": "x" })).await,
        400,
        message,
        Some("operation_not_supported"),
    );
    let message = "System resource servers cannot be deleted.";
    check_refusal(&management.delete(&system).await, 400, message, Some("operation_not_supported"));
}

#[tokio::test]
async fn a_client_has_one_grant_for_an_api_and_loses_it_with_the_api() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let api = management.post("/resource-servers", json!({ "identifier": "urn:a", "scopes": [{ "value": "read:a" }] }));
    let id = api.await.json()["id"].as_str().unwrap().to_owned();
    let grant = |subject: &str| json!({ "client_id": "acme-web", "audience": "urn:a", "scope": ["read:a"], "subject_type": subject });
    let created = management.post("/client-grants", grant("client")).await;
    assert_eq!((created.status, &created.json()["subject_type"]), (201, &json!("client")));
    assert_eq!(management.post("/client-grants", grant("client")).await.status, 409);
    assert_eq!(management.post("/client-grants", grant("user")).await.status, 201);
    let unknown = management.post("/client-grants", json!({ "client_id": "acme-web", "audience": "urn:b" })).await;
    check_refusal(&unknown, 404, "The resource server does not exist", Some("inexistent_resource_server"));
    let list = management.get("/client-grants?audience=urn:a&subject_type=user&include_totals=true").await.json();
    assert_eq!((&list["total"], &list["client_grants"][0]["scope"]), (&json!(1), &json!(["read:a"])));

    let change = json!({ "scopes": [] });
    assert_eq!(management.patch(&format!("/resource-servers/{id}"), change).await.status, 200);
    let path = format!("/client-grants/{}", created.json()["id"].as_str().unwrap());
    assert_eq!(management.get(&path).await.json()["scope"], json!([]));
    assert_eq!(management.delete(&format!("/resource-servers/{id}")).await.status, 204);
    check_refusal(&management.get(&path).await, 404, "The grant does not exist.", Some("inexistent_client_grant"));
}

#[tokio::test]
async fn of_two_users_who_become_one_the_primarys_roles_and_permissions_stay() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let (reader, clerk) = (create_role(&management, "Reading").await, create_role(&management, "Clerk").await);
    let primary = management.create_user("ines@people.example").await;
    let secondary = management.create_user("ines.work@people.example").await;
    for (user, role) in [(&primary, &reader), (&secondary, &clerk)] {
        let given = management.post(&format!("/users/{user}/roles"), json!({ "roles": [role] })).await;
        assert_eq!(given.status, 204, "{}", given.body);
    }
    let own = permissions(OFFICE, &["read:invoices"]);
    assert_eq!(management.post(&format!("/users/{secondary}/permissions"), own).await.status, 201);

    let link = json!({ "provider": "auth0", "user_id": secondary });
    assert_eq!(management.post(&format!("/users/{primary}/identities"), link).await.status, 201);
    let roles = management.get(&format!("/users/{primary}/roles")).await.json();
    assert_eq!(names(&roles, "name"), ["Reading"]);
    assert_eq!(management.get(&format!("/users/{primary}/permissions")).await.json(), json!([]));
    assert_eq!(management.get(&format!("/roles/{clerk}/users")).await.json(), json!([]));

    let bare = secondary.strip_prefix("auth0|").unwrap();
    assert_eq!(management.delete(&format!("/users/{primary}/identities/auth0/{bare}")).await.status, 200);
    assert_eq!(management.get(&format!("/users/{secondary}/roles")).await.json(), json!([]), "they don't come back");
}
