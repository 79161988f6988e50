//! Staying signed in: what an app does with its refresh tokens.

use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::steps::tokens::{keep, refused_nothing};
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::Value;

/// The app exchanges the refresh token it got last.
///
/// Example: `When the app refreshes the tokens of "ana"`
#[given(expr = "the app refreshes the tokens of {person}")]
#[when(expr = "the app refreshes the tokens of {person}")]
async fn refreshes(world: &mut World, person: Person) -> Result<(), Failure> {
    let none = || Failure::new(format!("a refresh token of {person}"), "none was received");
    let token = world.known(&person).refresh_tokens.last().cloned().ok_or_else(none)?;
    let answer = world.app().await?.refresh(&token).await;
    keep(world, &person, answer).await?;
    refused_nothing(world)
}

/// The app tries to exchange the very first refresh token it got, or the one it got last.
///
/// Example: `When the app tries to use the first refresh token of "ana"`
#[when(regex = r#"^the app tries to use the (first|last) refresh token of "([^"]*)"$"#)]
async fn tries_refresh(world: &mut World, which: String, person: String) -> Result<(), Failure> {
    let person = Person(person);
    let tokens = &world.known(&person).refresh_tokens;
    let token = if which == "first" { tokens.first() } else { tokens.last() };
    let none = || Failure::new("a refresh token", "none was received");
    let token = token.cloned().ok_or_else(none)?;
    let answer = world.app().await?.refresh(&token).await;
    keep(world, &person, answer).await
}

/// The app exchanges the refresh token it got last for tokens that open less.
///
/// Example: `When the app refreshes the tokens of "ana" for the scopes "openid"`
#[given(expr = "the app refreshes the tokens of {person} for the scope(s) {string}")]
#[when(expr = "the app refreshes the tokens of {person} for the scope(s) {string}")]
async fn refreshes_for(world: &mut World, person: Person, scopes: String) -> Result<(), Failure> {
    let token = last(world, &person)?;
    let answer = world.app().await?.refresh_for(&token, &scopes).await;
    keep(world, &person, answer).await?;
    refused_nothing(world)
}

/// Two parts of the app exchange the refresh token received last, neither waiting for the other.
///
/// Example: `When two tabs of the app refresh the tokens of "ana" at once`
#[when(expr = "two tabs of the app refresh the tokens of {person} at once")]
async fn refresh_at_once(world: &mut World, person: Person) -> Result<(), Failure> {
    let token = last(world, &person)?;
    let app = world.app().await?.clone();
    let (one, other) = tokio::join!(app.refresh(&token), app.refresh(&token));
    // What was refused is kept last, so that the next step can tell of it.
    let (first, second) = if one.is_ok() { (one, other) } else { (other, one) };
    keep(world, &person, first).await?;
    keep(world, &person, second).await
}

/// The app gives up the refresh token received last.
///
/// Example: `When the app revokes the refresh token of "ana"`
#[given(expr = "the app revokes the refresh token of {person}")]
#[when(expr = "the app revokes the refresh token of {person}")]
async fn revokes(world: &mut World, person: Person) -> Result<(), Failure> {
    let token = last(world, &person)?;
    Ok(world.app().await?.revoke(&token).await?)
}

/// The app was given tokens and refused nothing.
///
/// Example: `Then the app is given new tokens`
#[then(expr = "the app is given new tokens")]
async fn given_tokens(world: &mut World) -> Result<(), Failure> {
    refused_nothing(world)
}

/// The refresh token received last is another one than the one before it.
///
/// Example: `Then the app has a new refresh token of "ana"`
#[then(expr = "the app has a new refresh token of {person}")]
async fn new_refresh_token(world: &mut World, person: Person) -> Result<(), Failure> {
    match world.known(&person).refresh_tokens.as_slice() {
        [.., before, last] if before != last => Ok(()),
        tokens => Err(Failure::new("a new refresh token", format!("{} tokens, the last ones alike", tokens.len()))),
    }
}

/// The newest event of this kind in the tenant log is about this person.
///
/// Example: `Then the tenant's log has a "ferrt" about "ana"`
#[then(expr = "the tenant's log has a(n) {string} about {person}")]
async fn log_has(world: &mut World, kind: String, person: Person) -> Result<(), Failure> {
    let user_id = world.known(&person).user_id()?.to_owned();
    let logs = world.management().await?.logs().await?;
    let text = |event: &Value, name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_it = |event: &&Value| text(event, "type") == kind && text(event, "user_id") == user_id;
    let told: Vec<_> = logs.iter().map(|event| text(event, "type")).collect();
    let missing = || Failure::new(format!("{kind:?} about {person} in the log"), told.join(", "));
    logs.iter().find(is_it).map(drop).ok_or_else(missing)
}

fn last(world: &mut World, person: &Person) -> Result<String, Failure> {
    let none = || Failure::new(format!("a refresh token of {person}"), "none was received");
    world.known(person).refresh_tokens.last().cloned().ok_or_else(none)
}
