//! Faults on real sockets: connections that break, counts under load, and what the control API takes.

use std::fs;
use std::time::Duration;

use impostor::client::faults::Fault;
use impostor::harness::Impostor;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::tenant::{CALLBACK, Tenant, refusal, send, start};

const DISCOVERY: &str = "/.well-known/openid-configuration";

/// All that comes over a socket after one request, and how it ended.
async fn raw(tenant: &Tenant, path: &str) -> (String, Option<std::io::ErrorKind>) {
    let mut stream = TcpStream::connect(tenant.authority().replace("localhost", "127.0.0.1")).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", tenant.authority());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer).await.err().map(|error| error.kind());
    (String::from_utf8_lossy(&answer).into_owned(), ended)
}

async fn add(tenant: &Tenant, fault: Fault) -> String {
    tenant.control().faults().add(&fault).await.unwrap().id
}

async fn fired(tenant: &Tenant, id: &str) -> u64 {
    tenant.control().faults().get(id).await.unwrap().fired
}

#[tokio::test]
async fn a_reset_is_an_rst_and_a_truncated_answer_ends_early() {
    let (_impostor, tenant) = start().await;
    for fault in [Fault::at(DISCOVERY).reset().once(), Fault::at(DISCOVERY).down().once()] {
        add(&tenant, fault).await;
        assert_eq!(raw(&tenant, DISCOVERY).await, (String::new(), Some(std::io::ErrorKind::ConnectionReset)));
    }
    add(&tenant, Fault::at(DISCOVERY).truncated().once()).await;
    let (answer, ended) = raw(&tenant, DISCOVERY).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.to_lowercase().lines().find_map(|line| Some(line.strip_prefix("content-length: ")?.to_owned()));
    let length: usize = length.unwrap().parse().unwrap();
    assert!(head.starts_with("HTTP/1.1 200") && body.len() == length / 2, "{answer}");
    assert_eq!(ended, None);
    assert_eq!(tenant.get(DISCOVERY).await.status, 200);
}

#[tokio::test]
async fn of_http_2_a_stream_is_reset_and_the_connection_stays() {
    let (_impostor, tenant) = start().await;
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let url = tenant.url(DISCOVERY);
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
    let slow = add(&tenant, Fault::at("/pem").latency(Duration::from_millis(200))).await;
    let beside = tokio::spawn(client.get(tenant.url("/pem")).send());
    for fault in [Fault::at(DISCOVERY).reset().once(), Fault::at(DISCOVERY).truncated().once()] {
        let id = add(&tenant, fault).await;
        let answer = match client.get(&url).send().await {
            Ok(answer) => answer.bytes().await.map(drop),
            Err(error) => Err(error),
        };
        assert!(answer.is_err());
        assert_eq!(fired(&tenant, &id).await, 1);
    }
    assert_eq!(beside.await.unwrap().unwrap().status(), 200, "another stream of the connection goes on");
    assert_eq!(fired(&tenant, &slow).await, 1);
}

#[tokio::test]
async fn over_tls_a_reset_is_no_answer_either() {
    let (impostor, tenant) = start().await;
    let root = reqwest::Certificate::from_pem(impostor.ca_pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([root]).build().unwrap();
    let url = format!("{}{DISCOVERY}", impostor.secure_url());
    add(&tenant, Fault::at(DISCOVERY).reset().once()).await;
    assert!(client.get(&url).send().await.is_err());
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn garbage_keeps_status_and_content_type_and_is_the_same_from_a_seed() {
    let mut all = Vec::new();
    for _ in 0..2 {
        let impostor = Impostor::builder().seed(7).start().await.unwrap();
        let (_, tenant) = start().await;
        let tenant = tenant.at(&format!("{}/", impostor.url()));
        add(&tenant, Fault::at(DISCOVERY).garbage()).await;
        let answer = tenant.http.get(tenant.url(DISCOVERY)).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &"application/json".parse().unwrap())
        );
        all.push(answer.bytes().await.unwrap());
    }
    assert!(serde_json::from_slice::<Value>(&all[0]).is_err());
    assert_eq!(all[0].slice(..64), all[1].slice(..64));
}

#[tokio::test]
async fn two_seeded_runs_fail_at_the_same_requests() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let impostor = Impostor::builder().seed(11).start().await.unwrap();
        let (_, tenant) = start().await;
        let tenant = tenant.at(&format!("{}/", impostor.url()));
        let id = add(&tenant, Fault::at(DISCOVERY).status(503).probability(0.3)).await;
        let mut run = vec![id];
        for _ in 0..40 {
            run.push(tenant.get(DISCOVERY).await.status.to_string());
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    let failed = runs[0].iter().filter(|status| *status == "503").count();
    assert!((3..25).contains(&failed), "{failed} of 40");
}

#[tokio::test]
async fn requests_side_by_side_are_counted_like_those_in_a_row() {
    let (_impostor, tenant) = start().await;
    let id = add(&tenant, Fault::at(DISCOVERY).status(500).after(5).times(10)).await;
    let asked = (0..60).map(|_| tenant.get(DISCOVERY));
    let answers = futures_util::future::join_all(asked).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 500).count(), 10);
    assert_eq!(fired(&tenant, &id).await, 10);
}

#[tokio::test]
async fn the_control_api_is_never_struck_and_a_fork_begins_without_faults() {
    let (_impostor, tenant) = start().await;
    add(&tenant, Fault::everywhere().down()).await;
    let fork = tenant.fork("unhurt").await;
    assert_eq!(fork.get(DISCOVERY).await.status, 200);
    assert_eq!(fork.control().faults().list().await.unwrap().len(), 0);
    assert_eq!(tenant.control().faults().list().await.unwrap().len(), 1);
    assert!(tenant.http.get(tenant.url(DISCOVERY)).send().await.is_err());
    tenant.control().reset().await.unwrap();
    assert_eq!(tenant.get(DISCOVERY).await.status, 200);
    let gone = refusal(tenant.control().faults().get("flt_1").await);
    assert_eq!((gone.status, gone.message.as_str()), (404, "there is no fault \"flt_1\""));
    tenant.control().faults().remove("flt_1").await.unwrap();
}

#[tokio::test]
async fn what_can_t_be_a_fault_is_told() {
    let (_impostor, tenant) = start().await;
    let status = json!({ "kind": "status", "status": 500 });
    for (fault, words) in [
        (json!({}), "missing field `effect`"),
        (json!({ "effect": { "kind": "explode" } }), "unknown variant `explode`"),
        (json!({ "effect": 503 }), "must be an object with a \"kind\""),
        (json!({ "effect": "status" }), "missing field `status`"),
        (json!({ "effect": { "kind": "status", "status": 302 } }), "between 400 and 599"),
        (json!({ "effect": status, "times": 0 }), "\"times\" must be at least 1"),
        (json!({ "effect": status, "probability": 1.5 }), "between 0 and 1"),
        (json!({ "effect": status, "scope": { "path": "/" } }), "unknown field `path`"),
        (json!({ "effect": status, "scope": { "endpoint": "oauth/token" } }), "is no endpoint"),
        (json!({ "effect": status, "scope": { "endpoint": "/_impostor/reset" } }), "no fault strikes"),
        (json!({ "effect": status, "scope": { "upstream": "myspace" } }), "apple, facebook, github, google"),
        (json!({ "effect": { "kind": "wrong_key" }, "scope": { "upstream": "github" } }), "signs no tokens"),
        (json!({ "effect": { "kind": "declines" } }), "say which with \"upstream\""),
        (json!({ "effect": { "kind": "latency", "milliseconds": 90_000 } }), "at most 60000"),
    ] {
        let told = tenant.post("/_impostor/faults", "application/json", fault.to_string()).await;
        let message = told.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert_eq!((told.status, message.contains(words)), (400, true), "{fault}: {message}");
    }
    assert_eq!(tenant.control().faults().list().await.unwrap().len(), 0);
    let short = tenant.post("/_impostor/faults", "application/json", r#"{"effect": "reset"}"#).await;
    assert_eq!((short.status, &short.json()["effect"]), (201, &json!({ "kind": "reset" })));
}

#[tokio::test]
async fn pages_of_an_app_may_read_why_they_were_turned_away() {
    let (_impostor, tenant) = start().await;
    add(&tenant, Fault::at("POST /oauth/token").status(503)).await;
    add(&tenant, Fault::at("/api/v2/*").rate_limit(Duration::from_secs(9))).await;
    let origin = "http://localhost:8484";
    let token = send(tenant.http.post(tenant.url("/oauth/token")).header("origin", origin)).await;
    assert_eq!((token.status, token.header("access-control-allow-origin")), (503, origin));
    let users = send(tenant.http.get(tenant.url("/api/v2/users")).header("origin", origin)).await;
    assert_eq!(
        (users.status, users.header("access-control-allow-origin"), users.header("retry-after")),
        (429, "*", "9")
    );
}

#[tokio::test]
async fn a_person_is_known_by_whatever_a_request_says_of_them() {
    let (_impostor, tenant) = start().await;
    let tokens = tenant.tokens("acme-web", "openid profile email offline_access").await;
    let refresh_token = tokens.refresh_token.unwrap();
    let admin = tenant.admin_token("").await;
    let alice = tenant.get_as(&admin, "/api/v2/users-by-email?email=alice@acme.example").await.json()[0].clone();
    let alice = alice["user_id"].as_str().unwrap().to_owned();
    for person in ["alice@acme.example", "ALICE@acme.example", &alice] {
        let id = add(&tenant, Fault::everywhere().person(person).client("acme-web").status(503)).await;
        let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
        let refreshed = tenant.app("acme-web").token(&grant).await;
        assert_eq!(refusal(refreshed).status, 503, "{person}");
        assert_eq!(tenant.get_as(&tokens.access_token, "/userinfo").await.status, 503, "{person}");
        assert_eq!(fired(&tenant, &id).await, 2);
        tenant.control().faults().clear().await.unwrap();

        let id = add(&tenant, Fault::at("/api/v2/users/{id}").person(person).status(500)).await;
        let path = format!("/api/v2/users/{}", alice.replace('|', "%7C"));
        assert_eq!(tenant.get_as(&admin, &path).await.status, 500, "{person}");
        assert_eq!(tenant.get_as(&admin, "/api/v2/users/auth0%7Cnobody").await.status, 404);
        assert_eq!(fired(&tenant, &id).await, 1);
        tenant.control().faults().clear().await.unwrap();
    }
}

#[tokio::test]
async fn a_limit_that_is_reached_is_in_the_tenant_log() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin_token("").await;
    add(&tenant, Fault::at("/userinfo").rate_limit(Duration::from_mins(1)).once()).await;
    assert_eq!(tenant.get("/userinfo").await.json()["error_description"], "Too Many Requests");
    let logs = tenant.get_as(&admin, "/api/v2/logs?sort=date:-1").await.json();
    let limited = logs.as_array().unwrap().iter().filter(|event| event["type"] == "api_limit").count();
    assert_eq!(limited, 1, "{logs}");
}

#[tokio::test]
async fn a_login_that_fails_at_a_provider_is_in_the_tenant_log() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin_token("").await;
    add(&tenant, Fault::upstream("google").down()).await;
    let path = format!(
        "/authorize?client_id=acme-web&response_type=code&connection=google-oauth2&redirect_uri={CALLBACK}&state=s"
    );
    assert!(tenant.get(&path).await.header("location").contains("error=server_error"));
    let logs = tenant.get_as(&admin, "/api/v2/logs").await.json();
    let failed = logs.as_array().unwrap().iter().find(|event| event["type"] == "f").unwrap().clone();
    let told = failed["description"].as_str().unwrap();
    assert!(told.starts_with("failed to get an answer from") && told.ends_with("connection refused"), "{told}");
    assert_eq!(failed["client_id"], "acme-web");
}

#[tokio::test]
async fn logins_that_attack_protection_refuses_are_in_the_tenant_log_and_who_is_blocked_gets_a_mail() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin_token("").await;
    let grant = [
        ("grant_type", "http://auth0.com/oauth/grant-type/password-realm"),
        ("realm", "Username-Password-Authentication"),
        ("username", "alice@acme.example"),
        ("password", "Passw0rd!alice"),
    ];
    for (fault, status, code, event) in [
        (Fault::at_login().breached_password().once(), 403, "password_leaked", "pwd_leak"),
        (Fault::at_login().brute_force_block().once(), 429, "too_many_attempts", "limit_wc"),
    ] {
        add(&tenant, fault.client("acme-web").person("alice@acme.example")).await;
        let refused = refusal(tenant.app("acme-web").token(&grant).await);
        assert_eq!((refused.status, refused.code.as_str()), (status, code));
        let logs = tenant.get_as(&admin, "/api/v2/logs").await.json();
        let logged = logs.as_array().unwrap().iter().find(|logged| logged["type"] == event).unwrap().clone();
        assert_eq!((&logged["client_id"], logged["user_id"].is_string()), (&json!("acme-web"), true), "{logged}");
    }
    let mails = tenant.control().outbox(&[("to", "alice@acme.example"), ("template", "blocked_account")]).await;
    assert_eq!(mails.unwrap().len(), 1);
}

/// A tenant whose Google is somewhere else: here, at another server's fake.
const ELSEWHERE: &str = "
clients:
  - name: Shop
    client_id: shop
    client_secret: shop-secret-for-local-tests-only
    app_type: regular_web
    callbacks: ['http://localhost:*/*']
connections:
  - name: google-oauth2
    strategy: google-oauth2
    enabled_clients: [shop]
";

#[tokio::test]
async fn a_provider_outside_is_struck_by_the_kind_of_its_connection() {
    let (other, _) = start().await;
    let scratch = std::env::temp_dir().join(format!("impostor-faults-{}", std::process::id()));
    fs::create_dir_all(scratch.join("upstreams")).unwrap();
    fs::write(scratch.join("tenant.yaml"), ELSEWHERE).unwrap();
    fs::write(scratch.join("upstreams/google.yaml"), format!("url: {}/_upstreams/google\n", other.url())).unwrap();
    let (_impostor, tenant) = crate::tenant::start_on(scratch.to_str().unwrap()).await;
    fs::remove_dir_all(&scratch).unwrap();
    let path = format!(
        "/authorize?client_id=shop&response_type=code&connection=google-oauth2&state=s&redirect_uri={CALLBACK}"
    );
    let away = tenant.get(&path).await;
    assert!(away.header("location").starts_with(&other.url()), "{} {}", away.status, away.body);
    for fault in
        [Fault::upstream("google").down(), Fault::upstream("google").garbage(), Fault::upstream("*").status(500)]
    {
        let id = add(&tenant, fault.endpoint("GET /.well-known/openid-configuration").once()).await;
        let back = tenant.get(&path).await;
        let location = back.header("location");
        assert!(location.starts_with(CALLBACK) && location.contains("error=server_error"), "{location}");
        assert_eq!(fired(&tenant, &id).await, 1);
    }
}

#[tokio::test]
async fn a_directory_can_be_down_or_slow_and_nothing_else() {
    let (_impostor, tenant) = start().await;
    let ad = || Fault::upstream("ad");
    for fault in [ad().status(503), ad().declines(), ad().endpoint("/x").down(), ad().person("ana").down()] {
        assert!(tenant.control().faults().add(&fault).await.is_err(), "{fault:?}");
    }
    for fault in [ad().down(), ad().reset(), ad().latency(Duration::from_millis(5))] {
        add(&tenant, fault).await;
    }
}
