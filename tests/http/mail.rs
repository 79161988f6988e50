//! Mails and the tickets in their links: used up, expired, forged, raced for.

use std::time::Duration;

use futures_util::future::join_all;
use impostor::client::mail::Mail;
use serde_json::{Value, json};

use crate::tenant::{Reply, Tenant, send, start};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const DATABASE: &str = "Username-Password-Authentication";
const ALICE: &str = "alice@acme.example";

/// What an app asks for when Alice forgot her password.
fn forgotten(email: &str) -> String {
    json!({ "client_id": "acme-spa", "connection": DATABASE, "email": email }).to_string()
}

async fn reset_mail(tenant: &Tenant) -> Mail {
    let asked = tenant.post("/dbconnections/change_password", JSON, forgotten(ALICE)).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    tenant.control().outbox(&[("template", "reset_email")]).await.unwrap().remove(0)
}

async fn choose(tenant: &Tenant, ticket: &str, password: &str) -> Reply {
    let body = format!("ticket={ticket}&password-reset={password}&re-enter-password={password}&action=default");
    tenant.post("/u/reset-password", FORM, body).await
}

async fn kinds_of_log(tenant: &Tenant) -> Vec<String> {
    let events = tenant.admin().await.read("logs?per_page=100").await.unwrap();
    events.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_mail_is_whole_and_its_link_opens() {
    let (_impostor, tenant) = start().await;
    let mail = reset_mail(&tenant).await;
    assert_eq!((mail.to.as_str(), mail.connection.as_str()), (ALICE, DATABASE));
    assert_eq!(mail.link, tenant.url(&format!("/u/reset-password?ticket={}#", mail.ticket)));
    assert!(mail.text.contains(&mail.link) && mail.html.contains("<a href="), "{}", mail.text);
    let page = send(tenant.http.get(&mail.link)).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    assert!(page.body.contains("Change Your Password") && page.body.contains("At least 8 characters in length"));
    let german = send(tenant.http.get(&mail.link).header("accept-language", "de-AT,de;q=0.9,en;q=0.8")).await;
    assert!(german.body.contains("Passwort ändern") && german.body.contains("lang=\"de\""));
    let one = tenant.get(&format!("/_impostor/outbox/{}", mail.id)).await.json();
    assert_eq!((&one["template"], &one["client_id"]), (&json!("reset_email"), &json!("acme-spa")));
    assert_eq!(tenant.get("/_impostor/outbox/msg_none").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_use_one_ticket_at_once_one_succeeds() {
    let (_impostor, tenant) = start().await;
    let mail = reset_mail(&tenant).await;
    let tries = (0..6).map(|number| {
        let (tenant, ticket) = (tenant.clone(), mail.ticket.clone());
        tokio::spawn(async move { (number, choose(&tenant, &ticket, &format!("N3w!passphrase-{number}")).await) })
    });
    let replies: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    let winners: Vec<_> = replies.iter().filter(|(_, reply)| reply.status == 200).collect();
    assert_eq!(winners.len(), 1);
    for (_, reply) in replies.iter().filter(|(_, reply)| reply.status != 200) {
        assert!(reply.status == 400 && reply.body.contains("This link has already been used."), "{}", reply.body);
    }
    let password = format!("N3w!passphrase-{}", winners[0].0);
    let grant = [("grant_type", "password"), ("username", ALICE), ("password", &password)];
    assert!(tenant.app("acme-web").token(&grant).await.is_ok());
    let kinds = kinds_of_log(&tenant).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "scp").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| *kind == "fcp").count(), 5);
}

#[tokio::test]
async fn a_ticket_that_is_none_does_nothing() {
    let (_impostor, tenant) = start().await;
    let mail = reset_mail(&tenant).await;
    let before = tenant.admin().await.user(&mail.user_id).await.unwrap();
    let long = "x".repeat(20_000);
    for forged in ["", "x", "%00", "..%2F", &mail.ticket.to_lowercase(), &long] {
        let shown = tenant.get(&format!("/u/reset-password?ticket={forged}")).await;
        assert!(shown.status == 400 && shown.body.contains("Invalid Link"), "{forged} {}", shown.status);
        let posted = choose(&tenant, forged, "N3w!passphrase").await;
        assert!(posted.status == 400 && posted.body.contains("Invalid Link"), "{forged} {}", posted.status);
        let verified = tenant.get(&format!("/u/email-verification?ticket={forged}")).await;
        assert!(verified.status == 400 && verified.body.contains("User account does not exist"), "{forged}");
        assert_eq!(tenant.get(&format!("/u/unblock?ticket={forged}")).await.status, 400);
    }
    // A ticket is good for what it was made for.
    let other = tenant.get(&format!("/u/email-verification?ticket={}", mail.ticket)).await;
    assert_eq!(other.status, 400);
    let twice = format!("/u/email-verification?ticket={0}&ticket={0}", mail.ticket);
    assert_eq!(tenant.get(&twice).await.status, 400);
    assert_eq!(tenant.admin().await.user(&mail.user_id).await.unwrap(), before);
    assert_eq!(choose(&tenant, &mail.ticket, "N3w!passphrase").await.status, 200);
}

#[tokio::test]
async fn looking_whether_there_is_a_page_verifies_nothing() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    let new = json!({ "connection": DATABASE, "email": "new@people.example", "password": "Passw0rd!new" });
    let id = admin.create_user(&new).await.unwrap()["user_id"].as_str().unwrap().to_owned();
    let mail = tenant.control().outbox(&[("to", "NEW@people.example")]).await.unwrap().remove(0);
    assert_eq!(mail.template, "verify_email");
    assert_eq!(send(tenant.http.head(&mail.link)).await.status, 200);
    assert_eq!(admin.user(&id).await.unwrap()["email_verified"], false);
    assert_eq!(send(tenant.http.get(&mail.link)).await.status, 200);
    assert_eq!(admin.user(&id).await.unwrap()["email_verified"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_mail_gets_it_as_soon_as_it_is_sent() {
    let (_impostor, tenant) = start().await;
    let first = reset_mail(&tenant).await;
    let waiting = {
        let (control, after) = (tenant.control(), first.id.clone());
        tokio::spawn(async move { control.outbox(&[("wait", "30"), ("after", &after), ("to", ALICE)]).await.unwrap() })
    };
    let other = json!({ "connection": DATABASE, "email": "new@people.example", "password": "Passw0rd!new" });
    tenant.admin().await.create_user(&other).await.unwrap();
    let second = reset_mail(&tenant).await;
    let found = tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap().unwrap();
    assert_eq!(found.iter().map(|mail| &mail.id).collect::<Vec<_>>(), [&second.id]);

    let none = tenant.control().outbox(&[("wait", "1"), ("after", &second.id)]).await.unwrap();
    assert!(none.is_empty(), "{none:?}");
    for query in ["wait=61", "wait=soon", "form=x"] {
        assert_eq!(tenant.get(&format!("/_impostor/outbox?{query}")).await.status, 400, "{query}");
    }
    tenant.control().clear_outbox().await.unwrap();
    assert!(tenant.control().outbox(&[]).await.unwrap().is_empty());
    assert_eq!(choose(&tenant, &second.ticket, "N3w!passphrase").await.status, 200, "links outlive the outbox");
}

#[tokio::test]
async fn who_asks_for_a_mail_learns_nothing_of_others() {
    let (_impostor, tenant) = start().await;
    let (known, unknown) = (forgotten(ALICE), forgotten("nobody@people.example"));
    let known = tenant.post("/dbconnections/change_password", JSON, known).await;
    let unknown = tenant.post("/dbconnections/change_password", JSON, unknown).await;
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    assert_eq!(known.body, "We've just sent you an email to reset your password.");
    assert!(known.header("content-type").starts_with("text/html"));
    for (missing, told) in [("email", "email is required"), ("connection", "connection is required")] {
        let mut body: Value = serde_json::from_str(&forgotten(ALICE)).unwrap();
        body.as_object_mut().unwrap().remove(missing);
        let refused = tenant.post("/dbconnections/change_password", JSON, body.to_string()).await;
        assert_eq!((refused.status, refused.json()), (400, json!({ "error": told })));
    }
}

#[tokio::test]
async fn metadata_may_be_large_but_not_endless() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    let new = json!({ "connection": DATABASE, "email": "new@people.example", "password": "Passw0rd!new" });
    let id = admin.create_user(&new).await.unwrap()["user_id"].as_str().unwrap().to_owned();
    let large = "x".repeat(1_000_000);
    admin.update_user(&id, &json!({ "user_metadata": { "large": large } })).await.unwrap();
    assert_eq!(admin.user(&id).await.unwrap()["user_metadata"]["large"].as_str().unwrap().len(), 1_000_000);
    let endless = "x".repeat(1_100_000);
    let refused = admin.update_user(&id, &json!({ "user_metadata": { "endless": endless } })).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().status, 413);
    assert!(admin.user(&id).await.unwrap()["user_metadata"].get("endless").is_none());
    assert!(kinds_of_log(&tenant).await.contains(&"w".to_owned()));
}

#[tokio::test]
async fn a_ticket_s_body_is_held_against_its_shape() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    let user_id = reset_mail(&tenant).await.user_id;
    let app = "https://app.example/";
    for (path, body, told) in [
        ("email-verification", json!({}), "Missing required property: user_id"),
        ("email-verification", json!({ "user_id": "auth0|nobody" }), "User not found."),
        ("email-verification", json!({ "user_id": user_id, "ttl_sec": -1 }), "less than minimum 0"),
        ("email-verification", json!({ "user_id": user_id, "result_url": "app" }), "on property result_url"),
        ("email-verification", json!({ "user_id": user_id, "client_id": "nothing" }), "The client does not exist"),
        ("password-change", json!({ "email": ALICE }), "Missing required property: connection_id"),
        ("password-change", json!({ "user_id": user_id, "new_password": "x" }), "Additional properties not allowed"),
        (
            "password-change",
            json!({ "user_id": user_id, "client_id": "acme-spa", "result_url": app }),
            "result_url cannot be specified",
        ),
        (
            "password-change",
            json!({ "user_id": user_id, "identity": { "user_id": "x", "provider": "auth0" } }),
            "The user exists, but does not contain the given identity.",
        ),
    ] {
        let refused = admin.create(&format!("tickets/{path}"), &body).await.unwrap_err();
        let message = &refused.refusal().unwrap().message;
        assert!(message.contains(told), "{body}: {message}");
    }
    let connections = admin.connections().await.unwrap();
    let database = connections.iter().find(|connection| connection["name"] == DATABASE).unwrap();
    let body = json!({ "email": ALICE, "connection_id": database["id"], "ttl_sec": 0 });
    let made = admin.create("tickets/password-change", &body).await.unwrap();
    let ticket = made["ticket"].as_str().unwrap();
    assert!(ticket.starts_with(&tenant.url("/u/reset-password?ticket=")) && ticket.ends_with('#'), "{ticket}");
}
