//! The journal over real traffic: what it shows and hides, waiting, streams of events, bounds.

use std::time::Duration;

use impostor::client::journal::{Call, Expectation};
use impostor::client::management::SECRET_SUFFIX;
use serde_json::json;
use tokio::time::timeout;

use crate::tenant::{refusal, send, start};

const JWKS: &str = "/.well-known/jwks.json";
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn no_secret_of_a_login_is_in_the_journal() {
    let (_impostor, tenant) = start().await;
    let mut app = tenant.app("acme-web");
    let (login, callback) = tenant.sign_in(&mut app, &[("scope", "openid offline_access")]).await;
    let tokens = app.redeem(&login, &callback).await.unwrap();
    app.userinfo(&tokens.access_token).await.unwrap();
    // What can't be read as what it says it is hides its secrets, too.
    tenant.post("/oauth/token", "application/json", r#"{"password":"Passw0rd!alice","x":"#.to_owned()).await;
    tenant.post("/oauth/token", "text/plain", "password=Passw0rd!alice&a=b".to_owned()).await;

    let shown = tenant.get("/_impostor/journal?limit=1000").await.body;
    let secret = format!("acme-web{SECRET_SUFFIX}");
    let refresh = tokens.refresh_token.unwrap();
    let id_token = tokens.id_token.unwrap();
    let code = callback.get("code").unwrap();
    let secrets = ["Passw0rd!alice", "Passw0rd%21alice", &secret, &tokens.access_token, &refresh, &id_token, code];
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
    let entries = tenant.control().journal().entries(&[("path", "/oauth/token"), ("status", "200")]).await.unwrap();
    let [exchange] = entries.as_slice() else { panic!("{entries:?}") };
    let given = exchange.response.body["access_token"].as_str().unwrap();
    let asked = tenant.control().journal().entries(&[("path", "/userinfo")]).await.unwrap();
    assert_eq!(asked[0].request.headers["authorization"], format!("Bearer {given}"), "the same token is told");
    assert_eq!(exchange.client_id.as_deref(), Some("acme-web"));
    assert!(!shown.contains("/_impostor"), "the control API is not in the journal");
}

#[tokio::test]
async fn what_is_not_as_expected_comes_with_its_near_misses() {
    let (_impostor, tenant) = start().await;
    tenant.get(JWKS).await;
    let journal = tenant.control().journal();
    let wrong = Expectation::of(Call::to(&format!("POST {JWKS}")));
    let verification = journal.verify(&[wrong]).await.unwrap();
    assert!(!verification.satisfied);
    let differences = &verification.verdicts[0].near_misses[0].differences;
    assert_eq!((differences.len(), differences[0].at.as_str(), differences[0].found.as_str()), (1, "method", "GET"));
    let too_often = Expectation::of(Call::to(JWKS)).never();
    let verdict = journal.verify(&[too_often]).await.unwrap().verdicts.remove(0);
    assert_eq!((verdict.matched, verdict.near_misses.len()), (1, 0), "{}", verdict.reason);
    let body = json!({ "expectations": [{ "call": { "pth": "/" } }] }).to_string();
    assert_eq!(tenant.post("/_impostor/journal/verify", "application/json", body).await.status, 400);
}

#[tokio::test]
async fn who_waits_is_told_as_soon_as_it_is_there() {
    let (_impostor, tenant) = start().await;
    let journal = tenant.control().journal();
    let query = [("path", JWKS), ("wait", "20")];
    let (found, _) = tokio::join!(timeout(PATIENCE, journal.entries(&query)), tenant.get(JWKS));
    assert_eq!(found.unwrap().unwrap().len(), 1);
    assert_eq!(refusal(journal.entries(&[("wait", "61")]).await).status, 400);
    journal.clear().await.unwrap();
    assert!(journal.entries(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_stream_goes_on_where_another_one_ended() {
    let (_impostor, tenant) = start().await;
    let control = tenant.control();
    let mut events = control.events(&["journal"], None).await.unwrap();
    for path in [JWKS, "/pem", "/userinfo"] {
        tenant.get(path).await;
    }
    let first = timeout(PATIENCE, events.next()).await.unwrap().unwrap().unwrap();
    assert_eq!((first.name.as_str(), &first.data["path"]), ("journal", &json!(JWKS)));
    drop(events);
    let mut events = control.events(&["journal"], Some(&first.id)).await.unwrap();
    for path in ["/pem", "/userinfo"] {
        let event = timeout(PATIENCE, events.next()).await.unwrap().unwrap().unwrap();
        assert_eq!(event.data["path"], json!(path));
    }
    assert_eq!(refusal(control.events(&["weather"], None).await).status, 400);
    let foreign = tenant.http.get(tenant.url("/_impostor/events")).header("origin", "https://evil.example");
    assert_eq!(send(foreign).await.status, 403);
}

#[tokio::test]
async fn a_stream_of_a_server_that_was_started_again_is_not_silent() {
    let (_impostor, tenant) = start().await;
    let mut events = tenant.control().events(&["journal"], Some("100000.0.")).await.unwrap();
    tenant.get("/pem").await;
    let event = timeout(PATIENCE, events.next()).await.unwrap().unwrap().unwrap();
    assert_eq!((event.name.as_str(), &event.data["path"]), ("journal", &json!("/pem")));
}

#[tokio::test]
async fn who_was_too_slow_is_told_what_was_missed() {
    let (_impostor, tenant) = start().await;
    for _ in 0..1_003 {
        tenant.get("/pem").await;
    }
    let mut events = tenant.control().events(&["journal"], Some("0.0.")).await.unwrap();
    let missed = timeout(PATIENCE, events.next()).await.unwrap().unwrap().unwrap();
    assert_eq!((missed.name.as_str(), &missed.data), ("missed", &json!({ "of": "journal", "missed": 3 })));
    let next = timeout(PATIENCE, events.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(next.data["id"], 4);
}

#[tokio::test]
async fn the_log_is_told_as_it_grows_and_after_a_reset() {
    let (_impostor, tenant) = start().await;
    let control = tenant.control();
    tenant.sign_in(&mut tenant.app("acme-web"), &[]).await;
    assert!(!control.logs(&[("type", "s")]).await.unwrap().is_empty());
    let mut events = control.events(&["logs"], None).await.unwrap();
    control.reset().await.unwrap();
    tenant.sign_in(&mut tenant.app("acme-web"), &[]).await;
    let event = timeout(PATIENCE, events.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(event.name, "logs");
}
