//! Who there is, and what the providers know about them.

use crate::client::people::NewPerson;
use crate::gherkin::parameters::{Given, IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::gherkin::Step;
use cucumber::{given, when};
use serde_json::{Map, Value, json};

/// What a database account has besides attributes.
const OF_DATABASE: [&str; 5] = ["email", "password", "name", "user_metadata", "app_metadata"];

/// Somebody has an account; everything in it is made up.
///
/// Example: `Given "ana" has a Google account`
#[given(expr = "{person} has a(n) {provider} account")]
async fn has_account(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    make(world, &person, provider, Map::new(), None).await
}

/// Somebody has an account with one attribute in the provider's own words; the rest is made up.
///
/// Example: `Given "ana" has a Facebook account with "first_name" "Ana"`
#[given(expr = "{person} has a(n) {provider} account with {string} {value}")]
async fn has_account_with(
    world: &mut World,
    person: Person,
    provider: IdentityProvider,
    attribute: String,
    value: Given,
) -> Result<(), Failure> {
    make(world, &person, provider, Map::from_iter([(attribute, value.0)]), None).await
}

/// Somebody has an account that lacks an attribute which would be made up.
///
/// Example: `Given "ana" has a Google account without "picture"`
#[given(expr = "{person} has a(n) {provider} account without {string}")]
async fn has_account_without(
    world: &mut World,
    person: Person,
    provider: IdentityProvider,
    attribute: String,
) -> Result<(), Failure> {
    make(world, &person, provider, Map::from_iter([(attribute, Value::Null)]), None).await
}

/// Somebody has an account with the attributes of a table: name and value, the values as JSON (texts may go without
/// quotes), in the provider's own words.
///
/// Example: `Given "ana" has a Google account with:`
#[given(expr = "{person} has a(n) {provider} account with:")]
async fn has_account_with_all(
    world: &mut World,
    person: Person,
    provider: IdentityProvider,
    step: &Step,
) -> Result<(), Failure> {
    make(world, &person, provider, attributes(step), None).await
}

/// Somebody has a Facebook account that grants apps only these permissions, separated by commas.
///
/// Example: `Given "bo" has a Facebook account that grants only "public_profile"`
#[given(expr = "{person} has a Facebook account that grants only {string}")]
async fn grants_only(world: &mut World, person: Person, permissions: String) -> Result<(), Failure> {
    let grants = permissions.split(',').map(|permission| permission.trim().to_owned()).collect();
    make(world, &person, IdentityProvider::Facebook, Map::new(), Some(grants)).await
}

/// Somebody changes something in the account at the provider. The tenant is not told.
///
/// Example: `When "ana" changes "family_name" to "Ruiz" at Google`
#[given(expr = "{person} changes {string} to {value} at {provider}")]
#[when(expr = "{person} changes {string} to {value} at {provider}")]
async fn changes(
    world: &mut World,
    person: Person,
    attribute: String,
    value: Given,
    provider: IdentityProvider,
) -> Result<(), Failure> {
    change(world, &person, provider, Map::from_iter([(attribute, value.0)])).await
}

/// Somebody takes something out of the account at the provider. The tenant is not told.
///
/// Example: `When "ana" removes "locale" at Google`
#[given(expr = "{person} removes {string} at {provider}")]
#[when(expr = "{person} removes {string} at {provider}")]
async fn removes(
    world: &mut World,
    person: Person,
    attribute: String,
    provider: IdentityProvider,
) -> Result<(), Failure> {
    change(world, &person, provider, Map::from_iter([(attribute, Value::Null)])).await
}

/// The rows of a step's table: name and value, the values as JSON where they are, else as texts.
pub(super) fn attributes(step: &Step) -> Map<String, Value> {
    let rows = step.table.iter().flat_map(|table| &table.rows);
    rows.filter_map(|row| match row.as_slice() {
        [name, value] => {
            let text = || Value::String(value.clone());
            Some((name.clone(), serde_json::from_str(value).unwrap_or_else(|_| text())))
        }
        _ => None,
    })
    .collect()
}

async fn make(
    world: &mut World,
    person: &Person,
    provider: IdentityProvider,
    mut attributes: Map<String, Value>,
    grants: Option<Vec<String>>,
) -> Result<(), Failure> {
    let mut new = Map::from_iter([("at".to_owned(), json!(provider.at()))]);
    if provider == IdentityProvider::Database {
        for name in OF_DATABASE {
            new.extend(attributes.shift_remove(name).map(|value| (name.to_owned(), value)));
        }
    }
    let wrong = |error: serde_json::Error| Failure::new("an account that can be made", error.to_string());
    let mut new: NewPerson = serde_json::from_value(Value::Object(new)).map_err(wrong)?;
    new.attributes = attributes;
    new.grants = grants;
    let made = world.control().await?.add_person(&new).await?;
    world.known(person).accounts.insert(provider, made);
    Ok(())
}

async fn change(
    world: &mut World,
    person: &Person,
    provider: IdentityProvider,
    attributes: Map<String, Value>,
) -> Result<(), Failure> {
    let control = world.control().await?;
    let none = || Failure::new(format!("a {} account of {person}", provider.name()), "none was made");
    let account = world.known(person).accounts.get(&provider).ok_or_else(none)?;
    let changed = control.change_person(account, &attributes, None).await?;
    world.known(person).accounts.insert(provider, changed);
    Ok(())
}
