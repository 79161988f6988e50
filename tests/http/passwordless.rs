//! Passwordless logins: what the endpoint refuses, races for a code, and logins that the harness takes by itself.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::tenant::{Reply, Tenant, owned, page, start};

const PAT: &str = "pat@somewhere.example";
const OTP: &str = "http://auth0.com/oauth/grant-type/passwordless/otp";

async fn begin(tenant: &Tenant, body: Value) -> Reply {
    tenant.post("/passwordless/start", "application/json", body.to_string()).await
}

async fn code(tenant: &Tenant, to: &str) -> String {
    let sent = tenant.control().outbox(&[("to", to)]).await.unwrap().remove(0);
    sent.code.unwrap()
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_told() {
    let (_impostor, tenant) = start().await;
    for (body, status, error, description) in [
        (json!({}), 400, "bad.client_id", "Missing required property: client_id"),
        (json!({ "client_id": "nobody" }), 400, "bad.client_id", "Unknown client"),
        (json!({ "client_id": "acme-spa" }), 400, "bad.connection", "Missing required property: connection"),
        (json!({ "client_id": "acme-spa", "connection": "none" }), 400, "bad.connection", "Connection does not exist"),
        (
            json!({ "client_id": "acme-spa", "connection": "google-oauth2" }),
            400,
            "bad.connection",
            "Invalid connection strategy. It must either be a passwordless connection",
        ),
        (json!({ "client_id": "acme-machine", "connection": "sms" }), 400, "bad.connection", "Connection is disabled"),
        (
            json!({ "client_id": "acme-spa", "connection": "email" }),
            400,
            "bad.email",
            "Missing required property: email",
        ),
        (
            json!({ "client_id": "acme-spa", "connection": "sms", "phone_number": "0301234" }),
            400,
            "bad.phone_number",
            r"String does not match pattern: ^\+[0-9]{1,15}$",
        ),
        (
            json!({ "client_id": "acme-spa", "connection": "email", "email": PAT, "authParams": "x" }),
            400,
            "bad.authParams",
            "error in authParams - invalid type: string (expected object)",
        ),
        (
            json!({ "client_id": "acme-spa", "connection": "email", "email": PAT, "extra": 1 }),
            400,
            "bad.request",
            "the following properties are not allowed: extra",
        ),
        (
            json!({ "client_id": "acme-web", "client_secret": "wrong", "connection": "email", "email": PAT }),
            401,
            "unauthorized",
            "Client authentication is required",
        ),
    ] {
        let reply = begin(&tenant, body).await;
        let told = reply.json();
        assert_eq!(
            (reply.status, &told["error"], &told["error_description"]),
            (status, &json!(error), &json!(description))
        );
    }
    assert_eq!(begin(&tenant, json!([])).await.status, 400);
    assert!(tenant.control().outbox(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_answer_says_whose_code_it_is() {
    let (_impostor, tenant) = start().await;
    let body = json!({ "client_id": "acme-spa", "connection": "email", "email": PAT, "send": "code" });
    let told = begin(&tenant, body.clone()).await.json();
    assert_eq!(told, json!({ "_id": "65f1c0ffee0000000000ba7a", "email": PAT, "email_verified": true }));
    let new = json!({ "client_id": "acme-spa", "connection": "sms", "phone_number": "+49301" });
    let told = begin(&tenant, new.clone()).await.json();
    let again = begin(&tenant, new).await.json();
    assert_eq!((told["_id"].as_str().map(str::len), &told["_id"]), (Some(24), &again["_id"]));
    let (message, code) =
        (tenant.control().outbox(&[("kind", "sms")]).await.unwrap().remove(0), code(&tenant, "+49301").await);
    assert_eq!((message.template.as_str(), message.text), ("passwordless_sms", format!("Your code at Acme is {code}")));
    assert!(message.html.is_empty() && message.link.is_empty());
    // Another app's code is of no use here.
    let grant = [("grant_type", OTP), ("realm", "sms"), ("username", "+49301"), ("otp", code.as_str())];
    assert!(tenant.app("acme-native").token(&grant).await.is_err());
    assert!(tenant.app("acme-spa").token(&grant).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_redeem_one_code_at_once_one_succeeds() {
    let (_impostor, tenant) = start().await;
    begin(&tenant, json!({ "client_id": "acme-spa", "connection": "email", "email": PAT, "send": "code" })).await;
    let code = code(&tenant, PAT).await;
    let tries = (0..8).map(|_| {
        let (tenant, code) = (tenant.clone(), code.clone());
        tokio::spawn(async move {
            let grant = [("grant_type", OTP), ("realm", "email"), ("username", PAT), ("otp", code.as_str())];
            tenant.app("acme-spa").token(&grant).await.is_ok()
        })
    });
    let won = join_all(tries).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
    assert_eq!(won, 1);
}

#[tokio::test]
async fn who_came_by_the_address_since_the_code_was_sent_is_the_one() {
    let (_impostor, tenant) = start().await;
    let email = "new@somewhere.example";
    begin(&tenant, json!({ "client_id": "acme-spa", "connection": "email", "email": email, "send": "code" })).await;
    let user = json!({ "connection": "email", "email": email, "verify_email": false });
    let made = tenant.admin().await.create_user(&user).await.unwrap();
    let code = code(&tenant, email).await;
    let grant =
        [("grant_type", OTP), ("realm", "email"), ("username", email), ("otp", code.as_str()), ("scope", "openid")];
    let app = tenant.app("acme-spa");
    let tokens = app.token(&grant).await.unwrap();
    let id_token = app.verify_id_token(&tokens.id_token.unwrap(), None).await.unwrap();
    assert_eq!(id_token.claims["sub"], made["user_id"]);
}

#[tokio::test]
async fn the_harness_signs_in_by_code_as_a_browser_would() {
    let (_impostor, tenant) = start().await;
    for (person, sub) in [(PAT, "email|65f1c0ffee0000000000ba7a"), ("+15555550100", "sms|65f1c0ffee00000000005a11")] {
        let body = json!({ "person": person, "client": "acme-spa", "exchange": true }).to_string();
        let login = tenant.post("/_impostor/logins", "application/json", body).await;
        assert_eq!(login.status, 200, "{}", login.body);
        assert_eq!(login.json()["claims"]["sub"], sub, "{}", login.body);
    }
}

#[tokio::test]
async fn the_page_asks_for_the_address_and_nothing_else() {
    let (_impostor, tenant) = start().await;
    for (connection, label) in [("email", "Email address"), ("sms", "Phone number")] {
        let login = tenant.app("acme-spa").begin_login(&owned(&[("connection", connection)])).unwrap();
        let shown = page(tenant.browser().open(&login.url).await.unwrap());
        let text = shown.text();
        assert!(text.contains(label) && !text.contains("Password") && !text.contains("No connection"), "{text}");
    }
}
