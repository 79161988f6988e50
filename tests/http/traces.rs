//! How attributes came about: on the control API, and beside a step that fails.

use std::fs;
use std::path::PathBuf;

use impostor::client::people::NewPerson;
use impostor::gherkin::options::{Format, RunOptions};
use impostor::gherkin::run::run;
use serde_json::{Value, json};

use crate::tenant::{Tenant, start};

/// The lines of a trace about one of the tenant's attributes, as (fate, from).
fn about(lines: &Value, to: &str) -> Vec<(String, Option<String>)> {
    let text = |line: &Value, member: &str| line[member].as_str().map(str::to_owned);
    let lines = lines.as_array().unwrap().iter().filter(|line| line["to"] == to);
    lines.map(|line| (text(line, "fate").unwrap(), text(line, "from"))).collect()
}

async fn trace(tenant: &Tenant, user_id: &str) -> Value {
    let reply = tenant.get(&format!("/_impostor/traces/{}", user_id.replace('|', "%7C"))).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

#[tokio::test]
async fn a_user_of_a_database_has_no_logins_but_what_was_made_up() {
    let (_impostor, tenant) = start().await;
    let person = NewPerson { at: "database".into(), email: Some("new@people.example".into()), ..NewPerson::default() };
    let person = tenant.control().add_person(&person).await.unwrap();
    let trace = trace(&tenant, &person.id).await;
    assert_eq!((&trace["user_id"], &trace["logins"]), (&json!(person.id), &json!([])));
    assert_eq!(about(&trace["generated"], "nickname"), [("generated".to_owned(), None)]);
    let rule = trace["generated"][0]["rule"].as_str().unwrap();
    assert!(rule.contains("e-mail address"), "{rule}");

    let typed = tenant.control().traces(&person.id).await.unwrap();
    assert!(typed.to_string().contains("no login of auth0|"), "{typed}");
}

#[tokio::test]
async fn nobody_has_no_trace() {
    let (_impostor, tenant) = start().await;
    let reply = tenant.get("/_impostor/traces/auth0%7Cnobody").await;
    let message = r#"there is no user "auth0|nobody""#;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.json(), json!({ "error": { "code": "not_found", "message": message } }));
}

#[tokio::test]
async fn a_step_that_fails_tells_how_the_attributes_came_about() {
    let (impostor, _tenant) = start().await;
    let scratch = std::env::temp_dir().join(format!("impostor-traces-{}", std::process::id()));
    fs::create_dir_all(&scratch).unwrap();
    let (feature, report): (PathBuf, PathBuf) = (scratch.join("wrong.feature"), scratch.join("report.txt"));
    let text = "Feature: f\n  Scenario: wrong\n    \
                Given \"ana\" has a Facebook account with \"first_name\" \"Ana\"\n    \
                When \"ana\" signs in with Facebook\n    \
                Then the profile of \"ana\" has \"given_name\" \"Eva\"\n";
    fs::write(&feature, text).unwrap();
    for format in [Format::Pretty, Format::Json, Format::Junit] {
        let options = RunOptions {
            features: vec![feature.clone()],
            report: Some(report.clone()),
            quiet: true,
            format,
            ..RunOptions::shipped(impostor.url())
        };
        assert_eq!(run(options).await.unwrap().failed, 1);
        let told = fs::read_to_string(&report).unwrap().replace("&gt;", ">");
        for part in ["Eva", "how the attributes came about", "first_name -> given_name", "is renamed"] {
            assert!(told.contains(part), "{format:?} lacks {part:?}: {told}");
        }
    }
    fs::remove_dir_all(scratch).unwrap();
}
