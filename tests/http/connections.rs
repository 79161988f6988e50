//! Connections in the Management API: edges, and who comes first.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::api::{Api, check_refusal};
use crate::tenant::start;

async fn id_of(management: &Api, name: &str) -> String {
    let found = management.get(&format!("/connections?name={name}")).await.json();
    found[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_connection_is_created_read_and_deleted_once() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let created = management.post("/connections", json!({ "name": "second", "strategy": "facebook" })).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let connection = created.json();
    let id = connection["id"].as_str().unwrap();
    assert!(id.starts_with("con_") && id.len() == 20, "{id}");
    assert_eq!((&connection["realms"], &connection["options"]["scope"]), (&json!(["second"]), &json!("")));
    let path = format!("/connections/{id}");
    assert_eq!(management.get(&path).await.json(), connection);
    let fields = management.get(&format!("{path}?fields=name")).await.json();
    assert_eq!((&fields["name"], fields.get("strategy")), (&json!("second"), None));

    let deleted = management.delete(&path).await;
    assert_eq!(deleted.status, 202);
    assert!(deleted.json()["deleted_at"].as_str().unwrap().ends_with('Z'), "{}", deleted.body);
    assert_eq!(management.delete(&path).await.status, 204);
    check_refusal(&management.get(&path).await, 404, "The connection does not exist", Some("inexistent_connection"));
}

#[tokio::test]
async fn of_many_who_create_a_connection_of_one_name_one_does() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let create = || management.post("/connections", json!({ "name": "only-one", "strategy": "auth0" }));
    let replies = join_all((0..10).map(|_| create())).await;
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![201], vec![409; 9]].concat());
    let refused = replies.iter().find(|reply| reply.status == 409).unwrap();
    check_refusal(refused, 409, "A connection with the same name already exists", Some("conflict"));
    assert_eq!(management.get("/connections?name=only-one").await.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_may_use_a_connection_is_changed_as_a_whole_or_not_at_all() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let path = format!("/connections/{}/clients", id_of(&management, "facebook").await);
    let ids = async || {
        let clients = management.get(&path).await.json()["clients"].as_array().unwrap().clone();
        clients.iter().map(|client| client["client_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = ids().await;
    assert!(before.contains(&"acme-web".to_owned()), "{before:?}");
    let half = json!([{ "client_id": "acme-web", "status": false }, { "client_id": "nobody", "status": true }]);
    check_refusal(&management.patch(&path, half).await, 404, "The client does not exist", Some("inexistent_client"));
    assert_eq!(ids().await, before);
    assert_eq!(management.patch(&path, json!([{ "client_id": "acme-web", "status": false }])).await.status, 204);
    assert!(!ids().await.contains(&"acme-web".to_owned()));
    check_refusal(
        &management.patch(&path, json!([])).await,
        400,
        "Payload validation error: 'Array is too short (0), minimum 1'.",
        Some("invalid_body"),
    );
}

#[tokio::test]
async fn a_databases_user_is_deleted_by_address() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let user = management.create_user("ines@example.com").await;
    let database = id_of(&management, "Username-Password-Authentication").await;
    for _ in 0..2 {
        let reply = management.delete(&format!("/connections/{database}/users?email=ines@example.com")).await;
        assert_eq!(reply.status, 204, "{}", reply.body);
    }
    assert_eq!(management.get(&format!("/users/{user}")).await.status, 404);
    let facebook = id_of(&management, "facebook").await;
    let reply = management.delete(&format!("/connections/{facebook}/users?email=ines@example.com")).await;
    check_refusal(&reply, 400, "Connection must be a database connection", Some("invalid_body"));
}

#[tokio::test]
async fn changes_that_race_are_all_kept() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let path = format!("/connections/{}", id_of(&management, "facebook").await);
    let change = |number: usize| management.patch(&path, json!({ "metadata": { format!("k{number}"): "v" } }));
    let replies = join_all((0..10).map(change)).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    let connection: Value = management.get(&path).await.json();
    assert_eq!(connection["metadata"].as_object().unwrap().len(), 10, "{connection}");
}

#[tokio::test]
async fn the_address_of_a_linked_account_deletes_nobody() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let primary = management.create_user("ines@people.example").await;
    let secondary = management.create_user("ines.work@people.example").await;
    let link = json!({ "provider": "auth0", "user_id": secondary });
    assert_eq!(management.post(&format!("/users/{primary}/identities"), link).await.status, 201);
    let database = id_of(&management, "Username-Password-Authentication").await;
    let delete =
        async |email: &str| management.delete(&format!("/connections/{database}/users?email={email}")).await.status;
    assert_eq!(delete("ines.work@people.example").await, 204);
    assert_eq!(management.get(&format!("/users/{primary}")).await.status, 200);
    assert_eq!(delete("ines@people.example").await, 204);
    assert_eq!(management.get(&format!("/users/{primary}")).await.status, 404);
}
