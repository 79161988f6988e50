//! Plain requests, as somebody without any credentials sends them.

use crate::client::answer::Answer;
use crate::client::error::ClientError;
use crate::gherkin::parameters::Given;
use crate::gherkin::report::{Failure, worded};
use crate::gherkin::world::World;
use cucumber::{given, then, when};

/// Somebody sends a request to the tenant, without any credentials.
///
/// Example: `When somebody asks for "GET /api/v2/users"`
#[given(expr = "somebody asks for {string}")]
#[when(expr = "somebody asks for {string}")]
async fn asks(world: &mut World, endpoint: String) -> Result<(), Failure> {
    let control = world.control().await?;
    let (method, path) = endpoint.split_once(' ').unwrap_or(("GET", &endpoint));
    world.answered = Some(control.ask_tenant(method, path).await);
    Ok(())
}

/// The status of the answer to the last "asks for".
///
/// Example: `Then that answer is 503`
#[then(expr = "that answer is {int}")]
async fn answer_is(world: &mut World, status: u16) -> Result<(), Failure> {
    let answer = answer(world)?;
    if answer.status == status {
        return Ok(());
    }
    Err(Failure::new(format!("the answer {status}"), format!("{}: {}", answer.status, answer.body)))
}

/// A member of the JSON object that the last "asks for" was answered with.
///
/// Example: `Then that answer has "errorCode" "too_many_requests"`
#[then(expr = "that answer has {string} {value}")]
async fn answer_has(world: &mut World, member: String, value: Given) -> Result<(), Failure> {
    let body: serde_json::Value = serde_json::from_str(&answer(world)?.body).unwrap_or_default();
    let found = body.get(&member);
    if found == Some(&value.0) {
        return Ok(());
    }
    Err(Failure::new(format!("{member:?} {}", value.0), worded(found)))
}

/// A header of the answer to the last "asks for", with this value.
///
/// Example: `Then that answer has the header "x-ratelimit-remaining" with "0"`
#[then(expr = "that answer has the header {string} with {string}")]
async fn answer_has_header(world: &mut World, name: String, value: String) -> Result<(), Failure> {
    let found = answer(world)?.header(&name).map(str::to_owned);
    if found.as_ref() == Some(&value) {
        return Ok(());
    }
    Err(Failure::new(format!("{name}: {value}"), found.unwrap_or_else(|| "no such header".to_owned())))
}

/// The last "asks for" was not answered, or not to the end.
///
/// Example: `Then there is no whole answer`
#[then(expr = "there is no whole answer")]
async fn no_answer(world: &mut World) -> Result<(), Failure> {
    match &world.answered {
        Some(Err(ClientError::Unreachable { .. })) => Ok(()),
        Some(Ok(answer)) => Err(Failure::new("no whole answer", format!("{}: {}", answer.status, answer.body))),
        Some(Err(other)) => Err(Failure::new("no whole answer", other.to_string())),
        None => Err(Failure::new("a request", "nobody asked for anything")),
    }
}

fn answer(world: &World) -> Result<&Answer, Failure> {
    match &world.answered {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(error)) => Err(Failure::new("an answer", error.to_string())),
        None => Err(Failure::new("an answer", "nobody asked for anything")),
    }
}
