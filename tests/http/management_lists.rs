//! Lists of the Management API: pages, totals, fields, order; and the things that a tenant begins with.

use serde_json::{Value, json};

use crate::api::{Api, check_refusal};
use crate::tenant::{Reply, start, start_on};

fn names(list: &Value, field: &str) -> Vec<String> {
    let items = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

async fn with_users(management: &Api, count: usize) {
    for number in 0..count {
        management.create_user(&format!("user{number}@people.example")).await;
    }
}

#[tokio::test]
async fn users_come_in_pages_with_totals_on_request() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let before = management.get("/users").await.json().as_array().unwrap().len();
    with_users(&management, 3).await;
    let total = before + 3;

    let page = management.get("/users?per_page=2&page=1&include_totals=true").await.json();
    let envelope = (&page["start"], &page["limit"], &page["length"], &page["total"]);
    assert_eq!(envelope, (&json!(2), &json!(2), &json!(2), &json!(total)));
    let last = management.get(&format!("/users?per_page=2&page={}", total / 2)).await.json();
    assert_eq!(last.as_array().unwrap().len(), total % 2);

    let reply = management.get("/users?per_page=101").await;
    let message = "Query validation error: 'Value 101 is greater than maximum 100' on property per_page.";
    check_refusal(&reply, 400, message, Some("invalid_query_string"));
    let reply = management.get("/users?per_page=100&page=10").await;
    assert_eq!((reply.status, &reply.json()["errorCode"]), (400, &json!("invalid_paging")));
}

#[tokio::test]
async fn users_are_sorted_searched_and_shown_by_field() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    with_users(&management, 2).await;
    let emails = |reply: Reply| names(&reply.json(), "email");

    let found = management.get("/users?q=email:%22USER1@people.example%22&search_engine=v3").await;
    assert_eq!(emails(found), ["user1@people.example"]);
    let descending = emails(management.get("/users?sort=email:-1&q=email.domain:people.example").await);
    assert_eq!(descending, ["user1@people.example", "user0@people.example"]);
    let shown = management.get("/users?q=email:user0@people.example&fields=email,user_metadata").await.json();
    assert_eq!(shown, json!([{ "email": "user0@people.example" }]));
    let hidden = management.get("/users?q=email:user0@people.example&fields=email&include_fields=false").await.json();
    assert!(hidden[0].get("email").is_none() && hidden[0].get("user_id").is_some());

    let all = emails(management.get("/users?q=email:user*&sort=email:1").await);
    assert_eq!(all, ["user0@people.example", "user1@people.example"]);
    let message = "You are not allowed to use search_engine=v2. Use search_engine=v3 instead.";
    let reply = management.get("/users?q=email:a&search_engine=v2").await;
    check_refusal(&reply, 400, message, Some("operation_not_supported"));
}

#[tokio::test]
async fn users_by_email_match_exactly() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let by_email = |email: &'static str| {
        let management = &management;
        async move { management.get(&format!("/users-by-email?email={email}")).await.json() }
    };
    assert_eq!(names(&by_email("alice@acme.example").await, "name"), ["Alice Archer"]);
    assert_eq!(by_email("Alice@acme.example").await, json!([]));
    let reply = management.get("/users-by-email").await;
    let message = "Query validation error: 'Missing required property: email'.";
    check_refusal(&reply, 400, message, Some("invalid_query_string"));
}

#[tokio::test]
async fn checkpoints_lead_through_a_list_once() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    let (mut seen, mut from) = (Vec::new(), String::new());
    loop {
        let page = management.get(&format!("/clients?take=2{from}")).await.json();
        seen.extend(names(&page["clients"], "client_id"));
        match page["next"].as_str() {
            Some(next) => from = format!("&from={next}"),
            None => break,
        }
    }
    assert_eq!(seen, names(&management.get("/clients").await.json(), "client_id"));
}

#[tokio::test]
async fn a_first_day_has_its_connection_its_clients_and_its_api() {
    let (_impostor, tenant) = start_on("blank").await;
    let management = Api::of_client(&tenant, "blank-management").await;
    let connections = management.get("/connections").await.json();
    assert_eq!(names(&connections, "name"), ["Username-Password-Authentication"]);
    assert_eq!(names(&management.get("/connections?strategy=sms").await.json(), "name"), [""; 0]);
    let id = connections[0]["id"].as_str().unwrap();
    assert_eq!(
        management.get(&format!("/connections/{id}?fields=name")).await.json(),
        json!({ "id": id, "name": "Username-Password-Authentication", "is_domain_connection": false })
    );

    let global = management.get("/clients?is_global=true").await.json();
    assert_eq!(names(&global, "name"), ["All Applications"]);
    let apis = management.get("/resource-servers").await.json();
    let identifier = tenant.url("/api/v2/");
    assert_eq!((names(&apis, "identifier"), &apis[0]["is_system"]), (vec![identifier.clone()], &json!(true)));
    let encoded: String = url_encoded(&identifier);
    let api = management.get(&format!("/resource-servers/{encoded}")).await.json();
    assert_eq!(api["id"], apis[0]["id"]);
    assert_eq!(management.get("/roles").await.json(), json!([]));
    assert_eq!(
        management.get("/tenants/settings?fields=session_lifetime").await.json(),
        json!({ "session_lifetime": 168.0 })
    );
}

#[tokio::test]
async fn what_is_not_there_is_told_in_each_resources_words() {
    let (_impostor, tenant) = start().await;
    let management = Api::of(&tenant).await;
    for (path, message, code) in [
        ("/users/auth0|nobody", "The user does not exist.", Some("inexistent_user")),
        ("/clients/nobody", "The client does not exist", Some("inexistent_client")),
        ("/connections/con_0000000000000000", "The connection does not exist", Some("inexistent_connection")),
        ("/resource-servers/nothing", "The resource server does not exist", Some("inexistent_resource_server")),
        ("/roles/rol_0000000000000000", "The role does not exist.", None),
    ] {
        check_refusal(&management.get(path).await, 404, message, code);
    }
}

fn url_encoded(text: &str) -> String {
    text.replace(':', "%3A").replace('/', "%2F")
}
