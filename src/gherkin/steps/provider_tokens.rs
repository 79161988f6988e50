//! What providers gave the tenant: kept in the profile, shown to who may see it.

use crate::gherkin::document::Document;
use crate::gherkin::parameters::{Person, Reading};
use crate::gherkin::reading::into_map;
use crate::gherkin::report::{Failure, worded};
use crate::gherkin::world::World;
use cucumber::{given, then};
use serde_json::Value;

/// Notes what the profile is now, to be held against what it will be.
///
/// Example: `Given the profile of "ana" is remembered`
#[given(expr = "the profile of {person} is remembered")]
async fn is_remembered(world: &mut World, person: Person) -> Result<(), Failure> {
    let profile = world.read(Reading::Profile, &person).await?;
    world.known(&person).remembered = Some(profile);
    Ok(())
}

/// An attribute of the profile has another value than when the profile was remembered, or the same. It has one.
///
/// Example: `Then "identities.0.access_token" in the profile of "ana" is another one`
#[then(regex = r#"^"([^"]*)" in the profile of "([^"]*)" is (another one|the same)$"#)]
async fn is_another(world: &mut World, attribute: String, person: String, verdict: String) -> Result<(), Failure> {
    let person = Person(person);
    let now = world.read(Reading::Profile, &person).await?;
    now.expect_some(&attribute)?;
    let none = || Failure::new("a profile that was remembered", "none");
    let before = world.known(&person).remembered.as_ref().ok_or_else(none)?;
    let (before, now) = (before.get(&attribute), now.get(&attribute));
    if (before == now) == (verdict == "the same") {
        return Ok(());
    }
    Err(Failure::new(format!("{attribute:?} to be {verdict} as {}", worded(before)), worded(now)))
}

/// An administrator who has these scopes and no others finds an attribute in somebody's profile, or does not.
///
/// Example: `Then with "read:users" alone the profile of "ana" has no "identities.0.access_token"`
#[then(regex = r#"^with "([^"]*)" alone the profile of "([^"]*)" has (no )?"([^"]*)"$"#)]
async fn with_scopes(
    world: &mut World,
    scopes: String,
    person: String,
    no: String,
    attribute: String,
) -> Result<(), Failure> {
    let token = token_for(world, &scopes).await?;
    let user_id = world.known(&Person(person)).user_id()?.to_owned();
    let profile = into_map(world.management_of(&token).await?.user(&user_id).await?);
    let profile = Document::new(format!("the profile as {scopes:?} shows it"), profile);
    if no.is_empty() { profile.expect_some(&attribute) } else { profile.expect_none(&attribute) }
}

/// A token for the Management API with these scopes and no others, for the client that administers the tenant.
async fn token_for(world: &mut World, scopes: &str) -> Result<String, Failure> {
    let clients = world.management().await?.clients().await?;
    let mut ids = clients.iter().filter_map(|client| client.get("client_id").and_then(Value::as_str));
    let none = || Failure::new("a client that administers the tenant", "none");
    let administrator = ids.find(|id| id.ends_with("-management")).ok_or_else(none)?.to_owned();
    let audience = format!("{}api/v2/", world.tenant().await?.issuer);
    let app = world.client_id.replace(administrator);
    let grant = [("grant_type", "client_credentials"), ("audience", audience.as_str()), ("scope", scopes)];
    let answer = world.app().await?.token(&grant).await;
    world.client_id = app;
    Ok(answer?.access_token)
}
