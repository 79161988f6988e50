//! People on demand: many at once, of any locale.

use serde_json::{Value, json};

use crate::tenant::{Reply, Tenant, send, start};

async fn make(tenant: &Tenant, body: Value) -> Reply {
    send(tenant.http.post(tenant.url("/_impostor/people")).json(&body)).await
}

#[tokio::test]
async fn a_thousand_of_each_kind_are_made_at_once() {
    let (_impostor, tenant) = start().await;
    for at in ["database", "google", "facebook", "github", "linkedin", "microsoft", "apple", "oidc"] {
        let reply = make(&tenant, json!({ "at": at, "count": 1000 })).await;
        assert_eq!(reply.status, 201, "{at}: {}", reply.body);
        let people = reply.json();
        let people = people["people"].as_array().unwrap();
        let mut ids: Vec<_> = people.iter().map(|person| person["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((people.len(), ids.len()), (1000, 1000), "{at}");
    }
}

#[tokio::test]
async fn names_are_of_the_locale_and_addresses_can_be_typed() {
    let (_impostor, tenant) = start().await;
    for at in ["database", "google", "facebook", "microsoft"] {
        let person = make(&tenant, json!({ "at": at, "locale": "ja_JP" })).await.json();
        assert!(!person["name"].as_str().unwrap().is_ascii(), "{at}: {person}");
        assert!(person["email"].as_str().unwrap().is_ascii(), "{at}: {person}");
    }
}

#[tokio::test]
async fn what_is_asked_wrongly_makes_nobody() {
    let (_impostor, tenant) = start().await;
    let before = tenant.admin().await.users(&[]).await.unwrap().len();
    for (body, words) in [
        (json!({ "at": "database", "count": 10_001 }), "at most 10000"),
        (json!({ "at": "database", "count": 2, "email": "a@people.example" }), "one person's"),
        (json!({ "at": "database", "count": -1 }), "invalid value"),
        (json!({ "at": "google", "locale": "tlh" }), "must be one of en_US"),
        (json!({ "at": "google", "count": 3, "attributes": { "sub": "1" } }), ""),
    ] {
        let reply = make(&tenant, body).await;
        assert!(matches!(reply.status, 400 | 409) && reply.body.contains(words), "{}", reply.body);
    }
    assert_eq!(tenant.admin().await.users(&[]).await.unwrap().len(), before);
    // The third of three failed: the first isn't there either.
    assert_eq!(make(&tenant, json!({ "at": "google", "attributes": { "sub": "1" } })).await.status, 201);
}
