//! People on demand: many at once, of any locale.

use serde_json::{Value, json};

use crate::tenant::{Reply, Tenant, send, start};

async fn make(tenant: &Tenant, body: Value) -> Reply {
    send(tenant.http.post(tenant.url("/_impostor/people")).json(&body)).await
}

#[tokio::test]
async fn a_thousand_of_each_kind_are_made_at_once() {
    let (_impostor, tenant) = start().await;
    for at in ["database", "google", "facebook", "github", "linkedin", "microsoft", "apple", "oidc", "ad"] {
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
    for at in ["database", "google", "facebook", "microsoft", "ad"] {
        let person = make(&tenant, json!({ "at": at, "locale": "ja_JP" })).await.json();
        assert!(!person["name"].as_str().unwrap().is_ascii(), "{at}: {person}");
        assert!(person["email"].as_str().unwrap().is_ascii(), "{at}: {person}");
    }
}

#[tokio::test]
async fn people_of_the_directory_are_made_changed_and_sign_in() {
    let (_impostor, tenant) = start().await;
    let attributes = json!({ "title": "Tester", "memberOf": ["Backend", "VPN Users"], "sn": null });
    let body = json!({ "at": "ad", "username": "ttest", "name": "Tia Test", "attributes": attributes });
    let made = make(&tenant, body.clone()).await.json();
    assert_eq!(
        (&made["id"], &made["email"], &made["password"], &made["profile"]["sn"]),
        (&json!("ttest"), &json!("ttest@acme.example"), &json!("Passw0rd!ttest"), &Value::Null)
    );
    assert_eq!(make(&tenant, body).await.status, 409);
    let app = tenant.app("acme-web");
    let groups = async || {
        let grant = [
            ("grant_type", "http://auth0.com/oauth/grant-type/password-realm"),
            ("realm", "acme-ad"),
            ("username", "ACME\\ttest"),
            ("password", "Passw0rd!ttest"),
        ];
        app.token(&grant).await.unwrap();
        tenant.admin().await.users(&[("q", "nickname:ttest")]).await.unwrap()[0]["groups"].clone()
    };
    assert_eq!(groups().await, json!(["Backend", "Engineering", "Staff", "VPN Users"]));
    let url = tenant.url("/_impostor/people/ad/ttest");
    let change = json!({ "attributes": { "memberOf": "VPN Users", "title": null, "pwdLastSet": "-1" } });
    let changed = send(tenant.http.patch(&url).json(&change)).await;
    assert_eq!((changed.status, &changed.json()["profile"]["title"]), (200, &Value::Null), "{}", changed.body);
    assert_eq!(groups().await, json!(["VPN Users"]));
    for (attributes, words) in [
        (json!({ "memberOf": "Nobody" }), "there is no group"),
        (json!({ "nonsense": "x" }), "an attribute that the directory knows, found nonsense"),
        (json!({ "title": { "a": 1 } }), "must be a text"),
        (json!({ "userPrincipalName": "jdoe@acme.example" }), "a userPrincipalName that no other entry has"),
    ] {
        let refused = send(tenant.http.patch(&url).json(&json!({ "attributes": attributes }))).await;
        assert!(matches!(refused.status, 400 | 409) && refused.body.contains(words), "{}", refused.body);
    }
    let listed = tenant.control().people(Some("ad")).await.unwrap();
    assert!(listed.iter().any(|person| person.id == "jdoe") && listed.iter().any(|person| person.id == "ttest"));
    assert_eq!(send(tenant.http.delete(&url)).await.status, 204);
    assert_eq!(send(tenant.http.get(&url)).await.status, 404);
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
