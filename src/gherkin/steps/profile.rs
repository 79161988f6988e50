//! What is known about a person, wherever it is read: `profile`, `ID token`, `access token`, `userinfo`, `token answer`.

use crate::client::traces::{TraceLine, UserTraces};
use crate::gherkin::parameters::{Given, Person, Reading};
use crate::gherkin::reading::into_map;
use crate::gherkin::report::Failure;
use crate::gherkin::steps::people::attributes;
use crate::gherkin::world::World;
use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use serde_json::{Value, json};

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

/// An administrator creates somebody at a connection that is not the usual database, with the attributes of a table as
/// they stand there.
///
/// Example: `When an administrator creates "sam" at the connection "sms" with:`
#[given(expr = "an administrator creates {person} at the connection {string} with:")]
#[when(expr = "an administrator creates {person} at the connection {string} with:")]
async fn creates_at(world: &mut World, person: Person, connection: String, step: &Step) -> Result<(), Failure> {
    let mut user = attributes(step);
    user.insert("connection".to_owned(), json!(connection));
    let created = into_map(world.management().await?.create_user(&Value::Object(user)).await?);
    let user_id = created.get("user_id").and_then(Value::as_str).unwrap_or_default().to_owned();
    world.known(&person).user_ids.push(user_id);
    Ok(())
}

/// The trace of a person's logins and attributes says that an attribute of the provider's became one of the tenant's,
/// at the last login.
///
/// Example: `Then the trace of "ana" says that "first_name" became "given_name"`
#[then(expr = "the trace of {person} says that {string} became {string}")]
async fn became(world: &mut World, person: Person, from: String, to: String) -> Result<(), Failure> {
    let traces = world.traces(&person).await?;
    let is_it = |line: &TraceLine| {
        let targets = line.to.as_deref().unwrap_or_default();
        line.from.as_deref() == Some(&from) && targets.split(", ").any(|target| target == to)
    };
    expect_line(&traces, is_it, &format!("{from} to become {to}"))
}

/// The trace of a person's logins and attributes says what happened to an attribute, by either name, at the last login:
/// `mapped`, `passed through`, `dropped`, `set`, `transient`, `withheld`, `kept`, `generated` or `removed`.
///
/// Example: `Then the trace of "ana" says that "hd" was "passed through"`
#[then(expr = "the trace of {person} says that {string} was {string}")]
async fn was(world: &mut World, person: Person, attribute: String, fate: String) -> Result<(), Failure> {
    let traces = world.traces(&person).await?;
    let is_it = |line: &TraceLine| {
        let names = line.from.as_ref().filter(|name| **name == attribute).or(line.to.as_ref());
        names == Some(&attribute) && line.fate.replace('_', " ") == fate
    };
    expect_line(&traces, is_it, &format!("{attribute} to be {fate}"))
}

/// The trace tells of so many logins through providers.
///
/// Example: `Then the trace of "ana" tells of 2 logins`
#[then(expr = "the trace of {person} tells of {int} login(s)")]
async fn tells_of(world: &mut World, person: Person, count: usize) -> Result<(), Failure> {
    let found = world.traces(&person).await?.logins.len();
    if found == count { Ok(()) } else { Err(Failure::new(format!("{count} logins in the trace"), found.to_string())) }
}

/// Looks at the last login, or at what is made up where nobody signed in through a provider.
fn expect_line(traces: &UserTraces, is_it: impl FnMut(&TraceLine) -> bool, expected: &str) -> Result<(), Failure> {
    let lines = traces.logins.first().map_or(&traces.generated, |login| &login.lines);
    if lines.iter().any(is_it) {
        return Ok(());
    }
    Err(Failure::new(expected, "nothing of it in the trace").with("the trace", format!("\n{traces}")))
}
