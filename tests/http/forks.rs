//! Forks: a tenant of its own for every test.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use impostor::client::people::NewPerson;
use impostor::client::tenants::Fork;
use tokio::net::TcpStream;

use crate::tenant::{Tenant, callback, owned, page, refusal, send, start};

fn person(at: &str, email: &str) -> NewPerson {
    NewPerson { at: at.to_owned(), email: Some(email.to_owned()), ..NewPerson::default() }
}

async fn knows(tenant: &Tenant, email: &str) -> bool {
    let found = tenant.admin().await.users(&[("q", &format!("email:\"{email}\""))]).await.unwrap();
    !found.is_empty()
}

#[tokio::test]
async fn a_fork_has_people_of_its_own() {
    let (_impostor, parent) = start().await;
    parent.control().add_person(&person("database", "before@people.example")).await.unwrap();
    let fork = parent.fork("fork-1").await;
    fork.control().add_person(&person("database", "fork@people.example")).await.unwrap();
    parent.control().add_person(&person("database", "parent@people.example")).await.unwrap();
    for (tenant, email, known) in [
        (&fork, "before@people.example", true),
        (&fork, "fork@people.example", true),
        (&fork, "parent@people.example", false),
        (&parent, "fork@people.example", false),
    ] {
        assert_eq!(knows(tenant, email).await, known, "{email} at {}", tenant.issuer);
    }
    // At the fakes, too: an address taken in one is free in the other.
    for tenant in [&fork, &parent] {
        tenant.control().add_person(&person("google", "goran@people.example")).await.unwrap();
        let again = tenant.control().add_person(&person("google", "goran@people.example")).await;
        assert_eq!(refusal(again).status, 409);
    }
}

#[tokio::test]
async fn one_browser_is_signed_in_at_each_of_them_by_itself() {
    let (_impostor, parent) = start().await;
    let fork = parent.fork("fork-1").await;
    let mut browser = parent.browser();
    parent.sign_in_with(&mut browser, &mut parent.app("acme-spa"), &[]).await;

    let silent = owned(&[("prompt", "none")]);
    let login = fork.app("acme-spa").begin_login(&silent).unwrap();
    let answer = callback(browser.open(&login.url).await.unwrap());
    assert_eq!(answer.get("error"), Some("login_required"), "the parent's cookie is nothing to the fork");

    fork.sign_in_with(&mut browser, &mut fork.app("acme-spa"), &[]).await;
    for tenant in [&parent, &fork] {
        let mut app = tenant.app("acme-spa");
        let login = app.begin_login(&silent).unwrap();
        let answer = callback(browser.open(&login.url).await.unwrap());
        app.redeem(&login, &answer).await.unwrap();
    }
}

#[tokio::test]
async fn tokens_are_refused_by_the_other() {
    let (_impostor, parent) = start().await;
    let fork = parent.fork("fork-1").await;
    for (own, other) in [(&parent, &fork), (&fork, &parent)] {
        let admin = own.admin_token("").await;
        assert_eq!(own.get_as(&admin, "/api/v2/users").await.status, 200);
        assert_eq!(other.get_as(&admin, "/api/v2/users").await.status, 401, "{} at {}", own.issuer, other.issuer);

        let tokens = own.tokens("acme-web", "openid offline_access").await;
        assert_eq!(own.get_as(&tokens.access_token, "/userinfo").await.status, 200);
        assert_eq!(other.get_as(&tokens.access_token, "/userinfo").await.status, 401);
        let refreshed = other.app("acme-web").refresh(&tokens.refresh_token.unwrap()).await;
        assert_eq!(refusal(refreshed).code, "invalid_grant");

        let mut app = own.app("acme-web");
        let (login, answer) = own.sign_in(&mut app, &[]).await;
        assert_eq!(refusal(other.app("acme-web").redeem(&login, &answer).await).code, "invalid_grant");
    }
}

#[tokio::test]
async fn a_deleted_fork_closes_its_port() {
    let (_impostor, parent) = start().await;
    let fork = parent.fork("fork-1").await;
    assert_eq!(fork.get("/_impostor/health").await.status, 200);
    parent.control().delete_tenant("fork-1").await.unwrap();
    let closed = async { while TcpStream::connect(fork.authority()).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), closed).await.unwrap();

    let names: Vec<_> = parent.control().tenants().await.unwrap().into_iter().map(|tenant| tenant.name).collect();
    assert_eq!(names, ["acme"]);
    parent.fork("fork-1").await;
}

#[tokio::test]
async fn reset_puts_each_back_to_where_it_came_from() {
    let (_impostor, parent) = start().await;
    parent.control().add_person(&person("database", "before@people.example")).await.unwrap();
    let fork = parent.fork("fork-1").await;
    for tenant in [&parent, &fork] {
        tenant.control().add_person(&person("database", "after@people.example")).await.unwrap();
        tenant.control().advance("P1D").await.unwrap();
    }
    let tokens = fork.tokens("acme-spa", "openid").await;

    fork.control().reset().await.unwrap();
    assert!(knows(&fork, "before@people.example").await, "the fork was made with them");
    assert!(!knows(&fork, "after@people.example").await);
    assert!(knows(&parent, "after@people.example").await, "a fork's reset is its own");
    assert_eq!(fork.get_as(&tokens.access_token, "/userinfo").await.status, 401);

    parent.control().reset().await.unwrap();
    assert!(!knows(&parent, "before@people.example").await, "the parent goes back to its fixture");
    assert!(knows(&parent, "alice@acme.example").await);
}

#[tokio::test]
async fn what_cannot_be_forked_is_refused() {
    let (_impostor, parent) = start().await;
    parent.fork("taken").await;
    for (from, name, status, code) in [
        ("acme", "taken", 409, "name_taken"),
        ("acme", "acme", 409, "name_taken"),
        ("acme", "Not-A-Host", 400, "invalid_body"),
        ("nobody", "free", 404, "not_found"),
    ] {
        let fork = Fork { from: from.to_owned(), name: Some(name.to_owned()), port: true, ..Fork::default() };
        let refusal = refusal(parent.control().fork(&fork).await);
        assert_eq!((refusal.status, refusal.code.as_str()), (status, code), "{from} {name}");
    }
    assert_eq!(refusal(parent.control().delete_tenant("acme").await).status, 409);
    assert_eq!(parent.control().tenants().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_fork_without_a_port_goes_by_its_host_name() {
    let (_impostor, parent) = start().await;
    let fork = Fork { from: "acme".to_owned(), name: Some("by-name".to_owned()), port: false, ..Fork::default() };
    let made = parent.control().fork(&fork).await.unwrap();
    assert_eq!((made.host.as_str(), made.port), ("by-name.localhost", None));
    let fork = parent.at(&made.issuer);
    fork.control().add_person(&person("database", "fork@people.example")).await.unwrap();
    assert!(knows(&fork, "fork@people.example").await);
    assert!(!knows(&parent, "fork@people.example").await);
    let login = page(fork.browser().open(&fork.app("acme-spa").begin_login(&[]).unwrap().url).await.unwrap());
    assert!(login.url.as_str().starts_with(&fork.issuer), "{}", login.url);

    // The port is the parent's, and so are the loopback names on it.
    let own = fork.admin_token("").await;
    let foreign = parent.admin_token("").await;
    assert_eq!(fork.get_as(&own, "/api/v2/users").await.status, 200);
    assert_eq!(fork.get_as(&foreign, "/api/v2/users").await.status, 401);
    assert_eq!(parent.get_as(&own, "/api/v2/users").await.status, 401);
    let by_name = parent.at(&parent.issuer.replace("localhost", "acme.localhost"));
    assert_eq!(by_name.get_as(&foreign, "/api/v2/users").await.status, 200, "the parent's own name is another of its");
    let tokens = parent.tokens("acme-web", "openid").await;
    assert_eq!(fork.get_as(&tokens.access_token, "/userinfo").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_forks_at_once_are_fifty_tenants() {
    let (_impostor, parent) = start().await;
    let forks = join_all((0..50).map(|number| {
        let parent = parent.clone();
        tokio::spawn(async move {
            let fork = parent.fork(&format!("fork-{number}")).await;
            let email = format!("person-{number}@people.example");
            fork.control().add_person(&person("database", &email)).await.unwrap();
            let users = fork.admin().await.users(&[]).await.unwrap();
            let made: Vec<_> = users.iter().filter(|user| user["email"] == email.as_str()).collect();
            assert_eq!((users.len(), made.len()), (8, 1), "Acme's seven and their own");
            fork.issuer
        })
    }));
    let issuers: BTreeSet<_> = forks.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(issuers.len(), 50);
    assert_eq!(parent.control().tenants().await.unwrap().len(), 51);
}

#[tokio::test]
async fn a_fork_that_nobody_asks_is_let_go_of_and_one_in_use_is_not() {
    let (_impostor, tenant) = start().await;
    let fork = async |body: &str| {
        let request = tenant.http.post(tenant.url("/_impostor/tenants")).header("content-type", "application/json");
        let reply = send(request.body(body.to_owned())).await;
        (reply.status, reply.json())
    };
    let (status, idle) = fork(r#"{"name": "idle", "port": true, "idle": "PT0.1S"}"#).await;
    assert_eq!(status, 201, "{idle}");
    let (_, kept) = fork(r#"{"name": "kept", "port": true}"#).await;
    assert!(kept["idle_seconds"].as_f64().is_some_and(|seconds| seconds < 60.0), "{kept}");
    let (status, wrong) = fork(r#"{"idle": "soon"}"#).await;
    assert_eq!((status, wrong["error"]["code"].as_str()), (400, Some("invalid_body")));
    let gone = async {
        while tenant.get("/_impostor/tenants/idle").await.status != 404 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    assert_eq!(tenant.get("/_impostor/tenants/kept").await.status, 200);
}

/// The status of discovery at a tenant's port, asked as `host`.
async fn asked_as(tenant: &Tenant, host: &str) -> (u16, String) {
    let request = tenant.http.get(tenant.url("/.well-known/openid-configuration")).header("host", host);
    let reply = send(request).await;
    (reply.status, reply.body)
}

#[tokio::test]
async fn nobody_hands_out_tokens_in_the_name_of_another_tenant() {
    let (_impostor, parent) = start().await;
    let (one, other) = (parent.fork("fork-1").await, parent.fork("fork-2").await);
    for (asked, named) in [(&one, &other), (&one, &parent), (&parent, &one)] {
        let port = named.authority().rsplit_once(':').unwrap().1;
        for host in ["localhost", "127.0.0.1", "[::1]", "impostor"] {
            let (status, body) = asked_as(asked, &format!("{host}:{port}")).await;
            assert_eq!(status, 421, "{host} {body}");
        }
    }
    // A port of nobody's is one that somebody else leads here: Docker, a proxy.
    let (status, body) = asked_as(&one, "localhost:1").await;
    assert!(status == 200 && body.contains("\"issuer\":\"http://localhost:1/\""), "{body}");
    // By its own name a tenant is asked at any port, and says so.
    let (status, body) =
        asked_as(&one, &format!("fork-2.localhost:{}", one.authority().rsplit_once(':').unwrap().1)).await;
    assert!(status == 200 && body.contains("\"issuer\":\"http://fork-2.localhost:"), "{body}");
}

#[tokio::test]
async fn the_name_of_a_fork_that_is_gone_is_nobody_s() {
    let (_impostor, parent) = start().await;
    parent.fork("fork-1").await;
    let port = parent.authority().rsplit_once(':').unwrap().1.to_owned();
    let host = format!("fork-1.localhost:{port}");
    assert_eq!(asked_as(&parent, &host).await.0, 200);
    parent.control().delete_tenant("fork-1").await.unwrap();
    let (status, body) = asked_as(&parent, &host).await;
    assert!(status == 421 && body.contains("the tenant of that name is gone"), "{body}");
    assert_eq!(asked_as(&parent, &format!("never.localhost:{port}")).await.0, 200);
    parent.fork("fork-1").await;
    assert_eq!(asked_as(&parent, &host).await.0, 200);
}

#[tokio::test]
async fn listening_to_a_fork_ends_with_it() {
    let (_impostor, parent) = start().await;
    for port in [true, false] {
        let fork = Fork { from: "acme".to_owned(), name: Some("by-name".to_owned()), port, ..Fork::default() };
        let fork = parent.at(&parent.control().fork(&fork).await.unwrap().issuer);
        let mut events = fork.control().events(&["logs"], None).await.unwrap();
        parent.control().delete_tenant("by-name").await.unwrap();
        let end = tokio::time::timeout(Duration::from_secs(20), events.next()).await.unwrap();
        assert!(matches!(end, Ok(None) | Err(_)));
    }
}

#[tokio::test]
async fn a_fork_stays_while_a_request_is_under_way_and_for_ever_if_told_so() {
    let (_impostor, parent) = start().await;
    let fork = |body: &'static str| parent.post("/_impostor/tenants", "application/json", body);
    let kept = fork(r#"{"name": "kept", "idle": "never"}"#).await;
    assert_eq!(kept.status, 201, "{}", kept.body);
    let brief = fork(r#"{"name": "brief", "idle": "PT0.2S"}"#).await.json();
    let brief = parent.at(brief["issuer"].as_str().unwrap());
    // A wait of three seconds for a mail that never comes: ten times as long as nobody may ask.
    let waited = brief.get("/_impostor/outbox?wait=3").await;
    assert_eq!(waited.status, 200, "{}", waited.body);
    let until_gone = async {
        while parent.get("/_impostor/tenants/brief").await.status != 404 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), until_gone).await.unwrap();
    assert_eq!(parent.get("/_impostor/tenants/kept").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_forks_live_side_by_side_and_each_is_one_by_itself() {
    let (_impostor, parent) = start().await;
    let batches = (0..50).map(|batch| {
        let control = parent.control();
        tokio::spawn(async move {
            for number in batch * 200..(batch + 1) * 200 {
                let fork =
                    Fork { from: "acme".to_owned(), name: Some(format!("f{number}")), port: false, ..Fork::default() };
                control.fork(&fork).await.unwrap();
            }
        })
    });
    for made in join_all(batches).await {
        made.unwrap();
    }
    assert_eq!(parent.control().tenants().await.unwrap().len(), 10_001);
    // Every hundredth gets somebody of its own, all at once; its neighbour knows nobody of that address.
    let port = parent.authority().rsplit_once(':').unwrap().1.to_owned();
    let used = (0..100).map(|number| {
        let (parent, port) = (parent.clone(), port.clone());
        tokio::spawn(async move {
            let at = |number: i32| parent.at(&format!("http://f{number}.localhost:{port}/"));
            let (fork, neighbour) = (at(number * 100), at(number * 100 + 1));
            let ana = person("google", "ana@stress.example");
            fork.control().add_person(&ana).await.unwrap();
            let found = |people: Vec<impostor::client::people::Person>| {
                people.iter().any(|person| person.email.as_deref() == Some("ana@stress.example"))
            };
            assert!(found(fork.control().people(Some("google")).await.unwrap()));
            assert!(!found(neighbour.control().people(Some("google")).await.unwrap()));
            parent.control().delete_tenant(&format!("f{}", number * 100)).await.unwrap();
        })
    });
    for done in join_all(used).await {
        done.unwrap();
    }
    assert_eq!(parent.control().tenants().await.unwrap().len(), 9_901);
}
