//! What administrators do, over the Management API.

use crate::client::error::ClientError;
use crate::gherkin::parameters::{Given, IdentityProvider, Person};
use crate::gherkin::reading::into_map;
use crate::gherkin::report::Failure;
use crate::gherkin::steps::people::attributes;
use crate::gherkin::visit;
use crate::gherkin::world::World;
use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use serde_json::{Map, Value, json};

/// A password that every policy likes, for people whose password is of no matter.
const PASSWORD: &str = "Passw0rd!of-somebody";

/// An administrator creates a database user with the attributes of a table; a password is added if there is none.
///
/// Example: `When an administrator creates "ines" with:`
#[given(expr = "an administrator creates {person} with:")]
#[when(expr = "an administrator creates {person} with:")]
async fn creates(world: &mut World, person: Person, step: &Step) -> Result<(), Failure> {
    let mut user = attributes(step);
    user.entry("connection").or_insert_with(|| json!(IdentityProvider::Database.connection()));
    user.entry("password").or_insert_with(|| json!(PASSWORD));
    let text = |name: &str| user.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut account = visit::self_made(&text("email"), &text("password"));
    let created = into_map(world.management().await?.create_user(&Value::Object(user.clone())).await?);
    account.id = created.get("user_id").and_then(Value::as_str).unwrap_or_default().to_owned();
    account.profile = created;
    world.known(&person).accounts.insert(IdentityProvider::Database, account);
    Ok(())
}

/// An administrator changes something of a user.
///
/// Example: `When an administrator sets "nickname" of "ana" to "nan"`
#[given(expr = "an administrator sets {string} of {person} to {value}")]
#[when(expr = "an administrator sets {string} of {person} to {value}")]
async fn sets(world: &mut World, attribute: String, person: Person, value: Given) -> Result<(), Failure> {
    Ok(update(world, &person, attribute, value.0).await??)
}

/// An administrator tries to change something of a user; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to set "name" of "ana" to "Somebody"`
#[when(expr = "an administrator tries to set {string} of {person} to {value}")]
async fn tries_to_set(world: &mut World, attribute: String, person: Person, value: Given) -> Result<(), Failure> {
    world.refusal = match update(world, &person, attribute, value.0).await? {
        Ok(()) => None,
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
            Some((refusal.code.clone(), refusal.message.clone()))
        }
    };
    Ok(())
}

/// An administrator blocks a user.
///
/// Example: `When an administrator blocks "ana"`
#[given(expr = "an administrator blocks {person}")]
#[when(expr = "an administrator blocks {person}")]
async fn blocks(world: &mut World, person: Person) -> Result<(), Failure> {
    Ok(update(world, &person, "blocked".to_owned(), json!(true)).await??)
}

/// An administrator deletes a user; the account at the provider stays.
///
/// Example: `When an administrator deletes "ana"`
#[given(expr = "an administrator deletes {person}")]
#[when(expr = "an administrator deletes {person}")]
async fn deletes(world: &mut World, person: Person) -> Result<(), Failure> {
    let user_id = world.known(&person).user_id()?.to_owned();
    Ok(world.management().await?.delete_user(&user_id).await?)
}

/// The Management API refused, with this message.
///
/// Example: `Then the administrator is told "Cannot update email for non-database user."`
#[then(expr = "the administrator is told {string}")]
async fn is_told(world: &mut World, message: String) -> Result<(), Failure> {
    let expected = format!("to be refused with {message:?}");
    match &world.refusal {
        Some((_, found)) if *found == message => Ok(()),
        Some((code, found)) => Err(Failure::new(expected, format!("{code}: {found}"))),
        None => Err(Failure::new(expected, "the change was made")),
    }
}

/// So many users have this e-mail address.
///
/// Example: `Then 2 users have the e-mail "ana@people.example"`
#[then(expr = "{int} user(s) have/has the e-mail {string}")]
async fn count(world: &mut World, expected: usize, email: String) -> Result<(), Failure> {
    let users = world.management().await?.users(&[("per_page", "100")]).await?;
    let found = users.iter().filter(|user| user.get("email").and_then(Value::as_str) == Some(&email)).count();
    if found == expected {
        return Ok(());
    }
    Err(Failure::new(format!("{expected} users with the e-mail {email}"), found.to_string()))
}

async fn update(
    world: &mut World,
    person: &Person,
    attribute: String,
    value: Value,
) -> Result<Result<(), ClientError>, Failure> {
    let user_id = world.known(person).user_id()?.to_owned();
    let change = Value::Object(Map::from_iter([(attribute, value)]));
    Ok(world.management().await?.update_user(&user_id, &change).await.map(drop))
}
