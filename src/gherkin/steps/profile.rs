//! What is known about a person, wherever it is read: `profile`, `ID token`, `access token`, `userinfo`, `token answer`.

use crate::gherkin::parameters::{Given, Person, Reading};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::then;
use serde_json::Value;

/// A failure about somebody's attributes tells how they came about, where that is known.
async fn explained(world: &mut World, person: &Person, found: Result<(), Failure>) -> Result<(), Failure> {
    let Err(failure) = found else { return Ok(()) };
    Err(match world.traces(person).await {
        Ok(traces) => failure.with("how the attributes came about", format!("\n{traces}")),
        Err(_) => failure,
    })
}

/// What is read about a person has this value for an attribute; a path with dots leads into lists and objects.
/// Fails with the value found and with the whole.
///
/// Example: `Then the profile of "ana" has "given_name" "Ana"`
#[then(expr = "the {reading} of {person} has {string} {value}")]
async fn has(
    world: &mut World,
    reading: Reading,
    person: Person,
    attribute: String,
    expected: Given,
) -> Result<(), Failure> {
    let expected = world.fill(&person, expected.0).await?;
    let found = world.read(reading, &person).await?.expect(&attribute, &expected);
    explained(world, &person, found).await
}

/// What is read about a person has some value for an attribute.
///
/// Example: `Then the ID token of "ana" has "sid"`
#[then(expr = "the {reading} of {person} has {string}")]
async fn has_some(world: &mut World, reading: Reading, person: Person, attribute: String) -> Result<(), Failure> {
    let found = world.read(reading, &person).await?.expect_some(&attribute);
    explained(world, &person, found).await
}

/// What is read about a person does not have an attribute.
///
/// Example: `Then the profile of "ana" has no "first_name"`
#[then(expr = "the {reading} of {person} has no {string}")]
async fn has_no(world: &mut World, reading: Reading, person: Person, attribute: String) -> Result<(), Failure> {
    let found = world.read(reading, &person).await?.expect_none(&attribute);
    explained(world, &person, found).await
}

/// What is read about a person has an attribute of this form, where `{24 hex digits}`, `{time}` and `{anything}` stand
/// for what they say.
///
/// Example: `Then the profile of "ines" has "user_id" like "auth0|{24 hex digits}"`
#[then(expr = "the {reading} of {person} has {string} like {string}")]
async fn has_like(
    world: &mut World,
    reading: Reading,
    person: Person,
    attribute: String,
    pattern: String,
) -> Result<(), Failure> {
    let pattern = world.fill_text(&person, pattern).await?;
    let found = world.read(reading, &person).await?.expect_like(&attribute, &pattern);
    explained(world, &person, found).await
}

/// What is read about a person has these attributes, separated by commas, and no others.
///
/// Example: `Then the userinfo of "ana" has only "sub, email, email_verified"`
#[then(expr = "the {reading} of {person} has only {string}")]
async fn has_only(world: &mut World, reading: Reading, person: Person, attributes: String) -> Result<(), Failure> {
    let attributes: Vec<_> = attributes.split(',').map(str::trim).collect();
    let found = world.read(reading, &person).await?.expect_only(&attributes);
    explained(world, &person, found).await
}

/// Two attributes of what is read about a person have the same value.
///
/// Example: `Then "updated_at" and "last_login" in the profile of "ana" are the same`
#[then(expr = "{string} and {string} in the {reading} of {person} are the same")]
async fn are_the_same(
    world: &mut World,
    one: String,
    other: String,
    reading: Reading,
    person: Person,
) -> Result<(), Failure> {
    let document = world.read(reading, &person).await?;
    document.expect_some(&one)?;
    let expected = document.get(&one).cloned().unwrap_or(Value::Null);
    document.expect(&other, &expected)
}

/// The last two logins of a person ended at one and the same user of the tenant.
///
/// Example: `Then "ana" is still the same user`
#[then(expr = "{person} is still the same user")]
async fn same_user(world: &mut World, person: Person) -> Result<(), Failure> {
    match world.known(&person).user_ids.as_slice() {
        [.., before, last] if before == last => Ok(()),
        users => Err(Failure::new("the last two logins to be of one user", users.join(", "))),
    }
}
