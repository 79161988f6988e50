//! What administrators have the tenant do about addresses and blocks: tickets, verification mails, lifted blocks.

use crate::client::error::ClientError;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::steps::people::attributes;
use crate::gherkin::world::World;
use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use serde_json::{Map, Value, json};

/// An administrator makes a ticket, to be handed on: `verification` or `password`.
///
/// Example: `When an administrator makes a verification ticket for "ana"`
#[given(regex = r#"^an administrator makes a (verification|password) ticket for "([^"]*)"$"#)]
#[when(regex = r#"^an administrator makes a (verification|password) ticket for "([^"]*)"$"#)]
async fn makes(world: &mut World, kind: String, person: String) -> Result<(), Failure> {
    Ok(make(world, &kind, &Person(person), Map::new()).await??)
}

/// The same, with options: name and value.
///
/// Example: `When an administrator makes a password ticket for "ana" with:`
#[given(regex = r#"^an administrator makes a (verification|password) ticket for "([^"]*)" with:$"#)]
#[when(regex = r#"^an administrator makes a (verification|password) ticket for "([^"]*)" with:$"#)]
async fn makes_with(world: &mut World, kind: String, person: String, step: &Step) -> Result<(), Failure> {
    Ok(make(world, &kind, &Person(person), attributes(step)).await??)
}

/// The same; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to make a verification ticket for "ana"`
#[when(regex = r#"^an administrator tries to make a (verification|password) ticket for "([^"]*)"$"#)]
async fn tries_to_make(world: &mut World, kind: String, person: String) -> Result<(), Failure> {
    let made = make(world, &kind, &Person(person), Map::new()).await?;
    keep_refusal(world, made)
}

/// An administrator has the verification mail sent (again).
///
/// Example: `When an administrator has a verification mail sent to "ana"`
#[when(expr = "an administrator has a verification mail sent to {person}")]
async fn sends(world: &mut World, person: Person) -> Result<(), Failure> {
    Ok(send(world, &person).await??)
}

/// The same; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to have a verification mail sent to "ana"`
#[when(expr = "an administrator tries to have a verification mail sent to {person}")]
async fn tries_to_send(world: &mut World, person: Person) -> Result<(), Failure> {
    let sent = send(world, &person).await?;
    keep_refusal(world, sent)
}

/// The job that sends the mail has come so far.
///
/// Example: `Then the job is "completed"`
#[then(expr = "the job is {string}")]
async fn job_is(world: &mut World, expected: String) -> Result<(), Failure> {
    let id = world.handed_out.clone().ok_or_else(|| Failure::new("a job", "none was made"))?;
    let job = world.management().await?.read(&format!("jobs/{id}")).await?;
    if job.get("status") == Some(&json!(expected)) { Ok(()) } else { Err(Failure::new(expected, job.to_string())) }
}

/// Failed logins have blocked somebody at some address.
///
/// Example: `Then "ana" is blocked after failed logins`
#[then(expr = "{person} is blocked after failed logins")]
async fn is_blocked(world: &mut World, person: Person) -> Result<(), Failure> {
    let blocks = blocks(world, &person).await?;
    if blocks.is_empty() { Err(Failure::new("a block", "none")) } else { Ok(()) }
}

/// Failed logins have blocked somebody nowhere.
///
/// Example: `Then "ana" is blocked nowhere`
#[then(expr = "{person} is blocked nowhere")]
async fn is_not_blocked(world: &mut World, person: Person) -> Result<(), Failure> {
    let blocks = blocks(world, &person).await?;
    if blocks.is_empty() { Ok(()) } else { Err(Failure::new("no block", format!("{blocks:?}"))) }
}

/// An administrator lifts the blocks that came of failed logins: of a user, or of an e-mail address.
///
/// Example: `When an administrator lifts the blocks of "ana"`
#[when(expr = "an administrator lifts the blocks of {person}")]
async fn lifts(world: &mut World, person: Person) -> Result<(), Failure> {
    let path = if person.0.contains('@') {
        format!("user-blocks?identifier={}", person.0)
    } else {
        format!("user-blocks/{}", world.known(&person).user_id()?)
    };
    Ok(world.management().await?.delete(&path).await?)
}

/// The tenant log has an event of this type about somebody.
///
/// Example: `Then the tenant log has "sv" about "ana"`
#[then(expr = "the tenant log has {string} about {person}")]
async fn log_has(world: &mut World, kind: String, person: Person) -> Result<(), Failure> {
    let user_id = world.known(&person).user_id()?.to_owned();
    let events = world.management().await?.logs_of(&user_id).await?;
    expect_kind(&events, &kind)
}

/// The tenant log has an event of this type.
///
/// Example: `Then the tenant log has "fcpr"`
#[then(expr = "the tenant log has {string}")]
async fn log_has_any(world: &mut World, kind: String) -> Result<(), Failure> {
    let events = world.management().await?.read("logs?per_page=100").await?;
    expect_kind(events.as_array().map(Vec::as_slice).unwrap_or_default(), &kind)
}

fn expect_kind(events: &[Value], kind: &str) -> Result<(), Failure> {
    let found: Vec<_> = events.iter().filter_map(|event| event.get("type")?.as_str()).collect();
    if found.contains(&kind) { Ok(()) } else { Err(Failure::new(kind, found.join(", "))) }
}

async fn blocks(world: &mut World, person: &Person) -> Result<Vec<Value>, Failure> {
    let user_id = world.known(person).user_id()?.to_owned();
    let answer = world.management().await?.read(&format!("user-blocks/{user_id}")).await?;
    Ok(answer.get("blocked_for").and_then(Value::as_array).cloned().unwrap_or_default())
}

async fn make(
    world: &mut World,
    kind: &str,
    person: &Person,
    mut options: Map<String, Value>,
) -> Result<Result<(), ClientError>, Failure> {
    options.insert("user_id".to_owned(), world.known(person).user_id()?.into());
    let path = if kind == "password" { "tickets/password-change" } else { "tickets/email-verification" };
    let made = world.management().await?.create(path, &Value::Object(options)).await;
    keep(world, made, "ticket")
}

async fn send(world: &mut World, person: &Person) -> Result<Result<(), ClientError>, Failure> {
    let body = json!({ "user_id": world.known(person).user_id()? });
    let made = world.management().await?.create("jobs/verification-email", &body).await;
    keep(world, made, "id")
}

fn keep(world: &mut World, made: Result<Value, ClientError>, member: &str) -> Result<Result<(), ClientError>, Failure> {
    Ok(made.map(|made| world.handed_out = made.get(member).and_then(Value::as_str).map(str::to_owned)))
}

fn keep_refusal(world: &mut World, made: Result<(), ClientError>) -> Result<(), Failure> {
    world.refusal = match made {
        Ok(()) => None,
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
            Some((refusal.code.clone(), refusal.message.clone()))
        }
    };
    Ok(())
}
