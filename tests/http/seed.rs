//! `impostor seed` and `impostor export`, run as people run them, against a server over its port.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::tenant::{Tenant, start_on};

/// Runs the program beside the server of this test's process; that one answers on the test's other threads.
async fn impostor(arguments: Vec<String>) -> Output {
    let run = move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_impostor"));
        command.args(arguments).stdin(Stdio::null()).output().unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

async fn seed(fixture: &str, tenant: &Tenant, more: &[&str]) -> Output {
    let mut arguments = vec!["seed", fixture, "--target", &tenant.issuer, "--client-id", "blank-management"];
    arguments.extend(more);
    impostor(arguments.into_iter().map(str::to_owned).collect()).await
}

/// What it did, as JSON.
async fn seeded(fixture: &str, tenant: &Tenant, more: &[&str]) -> Value {
    let output = seed(fixture, tenant, &[&["--json"], more].concat()).await;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    serde_json::from_str(&out).unwrap()
}

fn counts(report: &Value) -> [u64; 3] {
    ["created", "changed", "left"].map(|word| report["counts"][word].as_u64().unwrap())
}

/// A folder of this test's own, which is not there yet.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("impostor-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

async fn export(tenant: &Tenant, path: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["export", path.to_str().unwrap(), "--target", &tenant.issuer];
    arguments.extend(more);
    impostor(arguments.into_iter().map(str::to_owned).collect()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seeded_tenant_signs_people_in_and_seeding_it_again_changes_nothing() {
    let (_impostor, tenant) = start_on("blank").await;
    let dry = seeded("acme", &tenant, &["--dry-run"]).await;
    let [created, changed, left] = counts(&dry);
    assert!(created > 60 && changed > 0 && left == 0, "{}", dry["counts"]);
    assert_eq!(tenant.control().people(None).await.unwrap().len(), 0);
    let first = seeded("acme", &tenant, &[]).await;
    assert_eq!(counts(&first), [created, changed, left]);
    let again = seeded("acme", &tenant, &[]).await;
    assert_eq!(counts(&again), [0, 0, created + changed]);
    // The ids are the fixture's, so an app of the fixture signs in; and so do a user of it, and a person at a fake.
    let grant = [
        ("grant_type", "password"),
        ("username", "alice@acme.example"),
        ("password", "Passw0rd!alice"),
        ("scope", "openid email"),
    ];
    let tokens = tenant.app("acme-web").token(&grant).await.unwrap();
    assert!(tokens.id_token.is_some());
    let person =
        json!({ "person": "google:110248495921238986420", "client": "acme-spa", "connection": "google-oauth2" });
    let login = tenant.post("/_impostor/logins", "application/json", person.to_string()).await;
    assert_eq!(login.status, 200, "{}", login.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_changed_and_nothing_else() {
    let (_impostor, tenant) = start_on("blank").await;
    seeded("acme", &tenant, &[]).await;
    let admin = tenant.admin().await;
    admin.update_client("acme-web", &json!({ "callbacks": [], "description": "mine" })).await.unwrap();
    let roles = admin.read("roles").await.unwrap();
    let role = roles[0]["id"].as_str().unwrap();
    let permissions = admin.read(&format!("roles/{role}/permissions")).await.unwrap();
    let body = json!({ "permissions": [{
        "permission_name": permissions[0]["permission_name"],
        "resource_server_identifier": permissions[0]["resource_server_identifier"],
    }] });
    admin.change("DELETE", &["roles", role, "permissions"], &body).await.unwrap();
    let alice = "auth0|65f1c0ffee0000000000a11c";
    admin.update_user(alice, &json!({ "user_metadata": { "mine": 1 }, "name": "Alicia" })).await.unwrap();
    let report = seeded("acme", &tenant, &[]).await;
    let changed: Vec<_> =
        report["things"].as_array().unwrap().iter().filter(|thing| thing["outcome"] == "changed").collect();
    let kinds: Vec<_> =
        changed.iter().map(|thing| (thing["kind"].as_str().unwrap(), thing["changed"].clone())).collect();
    let expected =
        [("client", json!(["callbacks", "description"])), ("role", json!(["permissions"])), ("user", json!(["name"]))];
    assert_eq!(kinds, expected, "{changed:?}");
    let user = admin.user(alice).await.unwrap();
    assert_eq!((&user["name"], &user["user_metadata"]), (&json!("Alice Archer"), &json!({ "mine": 1 })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_hash_is_brought_and_what_the_target_refuses_is_told() {
    let (_impostor, tenant) = start_on("blank").await;
    let path = folder("seed");
    fs::create_dir_all(&path).unwrap();
    let client = "clients:\n  - { name: App, client_id: app, client_secret: s3cret }\n";
    let tenant_yaml = format!(
        "{client}databases:\n  - {{ name: db, enabled_clients: [app], options: {{ disable_signup: true }} }}\nconnections:\n  - {{ name: s, strategy: salesforce }}\n"
    );
    fs::write(path.join("tenant.yaml"), tenant_yaml).unwrap();
    // The hash is bcrypt's of "Passw0rd!dana".
    let hash = bcrypt_of_dana();
    fs::write(
        path.join("users.yaml"),
        format!("users:\n  - {{ email: dana@acme.example, connection: db, password_hash: \"{hash}\" }}\n"),
    )
    .unwrap();
    let report = seeded(path.to_str().unwrap(), &tenant, &[]).await;
    assert_eq!(counts(&report)[0], 3, "{report}");
    let exported = folder("seeded");
    assert!(export(&tenant, &exported, &[]).await.status.success());
    assert!(fs::read_to_string(exported.join("users.yaml")).unwrap().contains(&hash));
    // A role that the target has no room for, for example, or a name that it doesn't take.
    fs::write(
        path.join("tenant.yaml"),
        "clients:\n  - { name: \"a<b\", client_id: app2 }\ndatabases:\n  - { name: db }\n",
    )
    .unwrap();
    let output = seed(path.to_str().unwrap(), &tenant, &[]).await;
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code() == Some(1) && told.contains("FAILED   client a<b (app2): Payload validation error"),
        "{told}"
    );
    fs::remove_dir_all(path).unwrap();
    fs::remove_dir_all(exported).unwrap();
}

fn bcrypt_of_dana() -> String {
    "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy".to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_seed_and_where_nobody_is_are_told() {
    let (_impostor, tenant) = start_on("blank").await;
    let wrong = seed("acme", &tenant, &["--client-secret", "wrong"]).await;
    let told = String::from_utf8_lossy(&wrong.stderr);
    assert!(wrong.status.code() == Some(1) && told.contains("--client-id and --client-secret say who seeds"), "{told}");
    let nobody = tenant.at("http://localhost:1/");
    let told = seed("acme", &nobody, &[]).await;
    assert!(String::from_utf8_lossy(&told.stderr).contains("no server answers at http://localhost:1/"));
    let missing = seed("/no/such/folder", &tenant, &[]).await;
    assert!(String::from_utf8_lossy(&missing.stderr).contains("/no/such/folder"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_tenant_is_the_same_where_it_is_served() {
    let (_impostor, tenant) = start_on("acme").await;
    let admin = tenant.admin().await;
    let organization =
        admin.create("organizations", &json!({ "name": "globex", "display_name": "Globex" })).await.unwrap();
    admin.create_connection(&json!({ "name": "second", "strategy": "auth0" })).await.unwrap();
    let path = folder("export");
    let output = export(&tenant, &path, &[]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (_other, served) = start_on(path.to_str().unwrap()).await;
    let other = served.admin().await;
    for list in ["clients", "connections", "organizations", "roles", "users?sort=created_at:1"] {
        let (mut before, mut after) = (admin.read(list).await.unwrap(), other.read(list).await.unwrap());
        for client in [&mut before, &mut after].into_iter().filter_map(Value::as_array_mut).flatten() {
            // Keys are the server's own, and a tenant is called as its folder.
            client.as_object_mut().unwrap().retain(|key, _| key != "signing_keys" && key != "tenant");
        }
        assert_eq!(before, after, "{list}");
    }
    assert!(served.control().people(None).await.unwrap().len() == tenant.control().people(None).await.unwrap().len());
    assert_eq!(organization["name"], "globex");
    // A folder that is in use is not written to by accident; replaced, it has no file too many.
    let refused = export(&tenant, &path, &[]).await;
    assert!(refused.status.code() == Some(1) && String::from_utf8_lossy(&refused.stderr).contains("--overwrite"));
    fs::write(path.join("upstreams/old.yaml"), "accounts: []\n").unwrap();
    assert!(export(&tenant, &path, &["--overwrite"]).await.status.success());
    assert!(!path.join("upstreams/old.yaml").exists() && path.join("upstreams/google.yaml").exists());
    fs::remove_dir_all(path).unwrap();
}
