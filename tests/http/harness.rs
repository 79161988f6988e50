//! The in-process server as a Rust test has it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use impostor::client::journal::{Call, Expectation};
use impostor::client::logins::NewLogin;
use impostor::client::people::NewPerson;
use impostor::harness::Impostor;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

fn google() -> NewPerson {
    NewPerson { at: "google".to_owned(), ..NewPerson::default() }
}

#[tokio::test]
async fn what_was_expected_and_did_not_happen_fails_the_test_at_its_end() {
    let impostor = Impostor::start().await.unwrap();
    impostor.expect(Expectation::of(Call::to("GET /.well-known/jwks.json")).exactly(2));
    impostor.control().ask_tenant("GET", "/.well-known/jwks.json").await.unwrap();
    let message = catch_unwind(AssertUnwindSafe(|| drop(impostor))).unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.contains("expected GET /.well-known/jwks.json: exactly 2; found 1"), "{message}");
}

#[tokio::test]
async fn what_was_expected_and_happened_is_fine() {
    let impostor = Impostor::start().await.unwrap();
    impostor.expect(Expectation::of(Call::to("POST /oauth/token")).exactly(1));
    impostor.expect(Expectation::of(Call::to("GET /userinfo")).never());
    impostor.control().log_in(&NewLogin::of("alice@acme.example").exchanging()).await.unwrap();
    impostor.stop().await;
}

#[tokio::test]
async fn a_mock_stands_in_front_of_a_fake_for_the_browser_and_for_the_tenant() {
    let impostor = Impostor::start().await.unwrap();
    let ana = impostor.control().add_person(&google()).await.unwrap();
    let upstream = impostor.upstream("google").await;
    let login = NewLogin::of(format!("google:{}", ana.id));
    // Nothing matches yet: all goes on to the fake.
    let callback = impostor.control().log_in(&login).await.unwrap().callback.unwrap();
    assert!(callback.parameters.contains_key("code"), "{callback:?}");
    let asked = upstream.received_requests().await;
    assert!(asked.iter().any(|request| request.url.path() == "/token"), "the tenant's request");
    assert!(asked.iter().any(|request| request.url.path() != "/token"), "the browser's requests");

    let broken = Mock::given(method("POST")).and(path("/token")).respond_with(ResponseTemplate::new(500));
    upstream.mount(broken.expect(1)).await;
    let callback = impostor.control().log_in(&login).await.unwrap().callback.unwrap();
    assert!(callback.parameters.contains_key("error"), "{callback:?}");

    // A fork has the fake as it is.
    let fork = impostor.fork().await.unwrap();
    let callback = fork.control().log_in(&login).await.unwrap().callback.unwrap();
    assert!(callback.parameters.contains_key("code"), "{callback:?}");
}

#[tokio::test]
async fn a_fork_goes_with_its_handle() {
    let impostor = Impostor::start().await.unwrap();
    let fork = impostor.fork().await.unwrap();
    let name = fork.name().to_owned();
    let there = |tenants: Vec<impostor::client::tenants::TenantAddress>| tenants.iter().any(|one| one.name == name);
    assert!(there(impostor.control().tenants().await.unwrap()));
    drop(fork);
    assert!(!there(impostor.control().tenants().await.unwrap()));
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Everything that two runs say, in order.
async fn run(keys: &std::path::Path) -> Vec<String> {
    let impostor = Impostor::builder()
        .seed(7)
        .keys_in(keys)
        .frozen_at("2031-05-04T10:00:00.000Z")
        .issuer("http://login.example")
        .start()
        .await
        .unwrap();
    let (base, http) = (impostor.url_here(), http());
    let mut told = Vec::new();
    let machine = [
        ("grant_type", "client_credentials"),
        ("client_id", "acme-machine"),
        ("client_secret", "acme-machine-secret-for-local-tests-only"),
    ];
    for audience in ["https://api.acme.example/", "https://legacy.api.acme.example/"] {
        let request = http
            .post(format!("{base}/oauth/token"))
            .form(&machine)
            .form(&[machine.as_slice(), &[("audience", audience)]].concat());
        told.push(request.send().await.unwrap().text().await.unwrap());
    }
    for at in ["database", "google", "github"] {
        let made = http.post(format!("{base}/_impostor/people")).json(&serde_json::json!({ "at": at }));
        told.push(made.send().await.unwrap().text().await.unwrap());
    }
    let signup = serde_json::json!({ "client_id": "acme-web", "email": "new@people.example", "password": "Passw0rd!new",
        "connection": "Username-Password-Authentication" });
    let signup = http.post(format!("{base}/dbconnections/signup")).json(&signup);
    told.push(signup.send().await.unwrap().text().await.unwrap());
    let asked =
        "client_id=acme-web&response_type=code&redirect_uri=http://localhost:3000/callback&scope=openid&state=s";
    let answer = http.get(format!("{base}/authorize?{asked}")).send().await.unwrap();
    let page = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(page.starts_with("/u/login?state="), "{page}");
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    told.push(http.get(format!("{base}{page}")).header("cookie", &cookie).send().await.unwrap().text().await.unwrap());
    told.push(format!("{page} {cookie}"));
    for path in ["/_impostor/outbox", "/_impostor/logs", "/.well-known/jwks.json", "/.well-known/openid-configuration"]
    {
        told.push(http.get(format!("{base}{path}")).send().await.unwrap().text().await.unwrap());
    }
    told
}

#[tokio::test]
async fn two_runs_with_a_seed_the_same_keys_and_a_frozen_clock_say_the_same() {
    let keys = std::env::temp_dir().join(format!("impostor-determinism-{}", std::process::id()));
    let (one, other) = (run(&keys).await, run(&keys).await);
    assert!(one[0].contains("access_token") && one[5].contains("new@people.example"), "{one:#?}");
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    std::fs::remove_dir_all(keys).unwrap();
}
