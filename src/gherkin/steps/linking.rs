//! Accounts linked and parted by administrators, over the Management API.

use crate::gherkin::linking::Identity;
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::steps::people::attributes;
use crate::gherkin::world::World;
use cucumber::gherkin::Step;
use cucumber::{given, when};
use serde_json::{Value, json};

/// An administrator makes one account a secondary identity of the user that another one is.
///
/// Example: `When an administrator links the Google account of "ana" to the database account of "ana"`
#[given(expr = "an administrator links the {provider} account of {person} to the {provider} account of {person}")]
#[when(expr = "an administrator links the {provider} account of {person} to the {provider} account of {person}")]
async fn links(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    primary_provider: IdentityProvider,
    primary_person: Person,
) -> Result<(), Failure> {
    tries_to_link(world, provider, person, primary_provider, primary_person).await?;
    world.expect_linked()
}

/// An administrator tries to link; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to link the Google account of "ana" to the database account of "ana"`
#[when(
    expr = "an administrator tries to link the {provider} account of {person} to the {provider} account of {person}"
)]
async fn tries_to_link(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    primary_provider: IdentityProvider,
    primary_person: Person,
) -> Result<(), Failure> {
    let secondary = world.identity(provider, &person)?;
    let primary = world.identity(primary_provider, &primary_person)?;
    link(world, &primary, &json!({ "provider": secondary.provider, "user_id": secondary.id })).await
}

/// An administrator links what a table names, in the words of the Management API. In it `{id of google-oauth2}` is the id
/// of that connection, `{Google sub}` what that account says.
///
/// Example: `When an administrator links to the database account of "ana" what is named so:`
#[when(expr = "an administrator links to the {provider} account of {person} what is named so:")]
async fn links_named(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    step: &Step,
) -> Result<(), Failure> {
    let body = world.fill_body(&person, attributes(step)).await?;
    let primary = world.identity(provider, &person)?;
    link(world, &primary, &body.into()).await?;
    world.expect_linked()
}

/// An administrator tries to link to an account what this JSON names; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to link {"provider":"github","user_id":"1"} to the database account of "ana"`
#[when(regex = r#"^an administrator tries to link (\{.*\}) to the database account of "([^"]*)"$"#)]
async fn tries_to_link_body(world: &mut World, body: String, person: String) -> Result<(), Failure> {
    let person = Person(person);
    let wrong = |error: serde_json::Error| Failure::new("a JSON object", error.to_string());
    let body = world.fill_body(&person, serde_json::from_str(&body).map_err(wrong)?).await?;
    let primary = world.identity(IdentityProvider::Database, &person)?;
    link(world, &primary, &body.into()).await
}

/// An administrator tries to link to a user that there isn't.
///
/// Example: `When an administrator tries to link the Google account of "ana" to the user "auth0|nobody"`
#[when(expr = "an administrator tries to link the {provider} account of {person} to the user {string}")]
async fn tries_to_link_to(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    user_id: String,
) -> Result<(), Failure> {
    let secondary = world.identity(provider, &person)?;
    let body = json!({ "provider": secondary.provider, "user_id": secondary.id });
    let result = world.management().await?.link(&user_id, &body).await;
    world.note_linking(result)
}

/// A back end with a token of its own tries to link with somebody's ID token, that of the last login.
///
/// Example: `When an administrator tries to link the ID token of "bo" to the database account of "ana"`
#[when(expr = "an administrator tries to link the ID token of {person} to the {provider} account of {person}")]
async fn tries_to_link_token(
    world: &mut World,
    bearer: Person,
    provider: IdentityProvider,
    person: Person,
) -> Result<(), Failure> {
    let token = world.known(&bearer).session()?.tokens.id_token.clone().unwrap_or_default();
    let primary = world.identity(provider, &person)?;
    link(world, &primary, &json!({ "link_with": token })).await
}

/// An administrator makes a secondary identity a user of its own again.
///
/// Example: `When an administrator unlinks the Google account of "ana" from the database account of "ana"`
#[given(expr = "an administrator unlinks the {provider} account of {person} from the {provider} account of {person}")]
#[when(expr = "an administrator unlinks the {provider} account of {person} from the {provider} account of {person}")]
async fn unlinks(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    primary_provider: IdentityProvider,
    primary_person: Person,
) -> Result<(), Failure> {
    tries_to_unlink(world, provider, person, primary_provider, primary_person).await?;
    world.expect_linked()
}

/// An administrator tries to unlink; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to unlink the Google account of "bo" from the database account of "ana"`
#[when(
    expr = "an administrator tries to unlink the {provider} account of {person} from the {provider} account of {person}"
)]
async fn tries_to_unlink(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    primary_provider: IdentityProvider,
    primary_person: Person,
) -> Result<(), Failure> {
    let secondary = world.identity(provider, &person)?;
    let primary = world.identity(primary_provider, &primary_person)?.user_id();
    let result = world.management().await?.unlink(&primary, &secondary.provider, &secondary.id).await;
    world.note_linking(result)
}

/// An administrator deletes the user that an account began as, with all that is linked to it.
///
/// Example: `When an administrator deletes the user of the database account of "ana"`
#[given(expr = "an administrator deletes the user of the {provider} account of {person}")]
#[when(expr = "an administrator deletes the user of the {provider} account of {person}")]
async fn deletes(world: &mut World, provider: IdentityProvider, person: Person) -> Result<(), Failure> {
    let user_id = world.identity(provider, &person)?.user_id();
    Ok(world.management().await?.delete_user(&user_id).await?)
}

async fn link(world: &mut World, primary: &Identity, body: &Value) -> Result<(), Failure> {
    let result = world.management().await?.link(&primary.user_id(), body).await;
    world.note_linking(result)
}
