//! What is seen of linked accounts: users, answers, searches, the tenant log.

use crate::gherkin::parameters::{Given, IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::then;
use serde_json::Value;

/// The user that an account began as has these accounts, in this order.
///
/// Example: `Then the user of the database account of "ana" has the accounts "database, Google"`
#[then(expr = "the user of the {provider} account of {person} has the accounts {string}")]
async fn has_accounts(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    expected: String,
) -> Result<(), Failure> {
    let user = world.user_of(provider, &person).await?;
    let identities = user.get("identities").and_then(Value::as_array).cloned().unwrap_or_default();
    let connections = identities.iter().filter_map(|identity| identity.get("connection").and_then(Value::as_str));
    let name = |connection: &str| {
        let known = IdentityProvider::ALL.into_iter().find(|provider| provider.connection() == connection);
        known.map_or(connection.to_owned(), |provider| provider.name().to_owned())
    };
    let found = connections.map(name).collect::<Vec<_>>().join(", ");
    if found == expected { Ok(()) } else { Err(Failure::new(format!("the accounts {expected}"), found)) }
}

/// The user that an account began as has this value for an attribute; a path with dots leads into lists and objects.
///
/// Example: `Then the user of the database account of "ana" has "identities.1.isSocial" true`
#[then(expr = "the user of the {provider} account of {person} has {string} {value}")]
async fn has(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    attribute: String,
    expected: Given,
) -> Result<(), Failure> {
    let expected = world.fill(&person, expected.0).await?;
    world.user_of(provider, &person).await?.expect(&attribute, &expected)
}

/// The user that an account began as does not have an attribute.
///
/// Example: `Then the user of the database account of "ana" has no "given_name"`
#[then(expr = "the user of the {provider} account of {person} has no {string}")]
async fn has_no(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    attribute: String,
) -> Result<(), Failure> {
    world.user_of(provider, &person).await?.expect_none(&attribute)
}

/// There is no user any more, or none yet, of the id that this account's user would have.
///
/// Example: `Then the Google account of "ana" is no user of its own`
#[then(expr = "the {provider} account of {person} is no user of its own")]
async fn is_no_user(world: &mut World, provider: IdentityProvider, person: Person) -> Result<(), Failure> {
    match world.user_of(provider, &person).await {
        Err(failure) if failure.found.contains("inexistent_user") => Ok(()),
        Err(failure) => Err(failure),
        Ok(user) => Err(Failure::new("no such user", format!("{user:?}"))),
    }
}

/// The last login was that of the user that an account began as.
///
/// Example: `Then "ana" is signed in as the user of the database account of "ana"`
#[then(expr = "{person} is signed in as the user of the {provider} account of {person}")]
async fn is_signed_in_as(
    world: &mut World,
    person: Person,
    provider: IdentityProvider,
    other: Person,
) -> Result<(), Failure> {
    let expected = world.identity(provider, &other)?.user_id();
    let known = world.known(&person);
    known.session()?;
    let found = known.user_ids.last().cloned().unwrap_or_default();
    if found == expected { Ok(()) } else { Err(Failure::new(format!("to be signed in as {expected}"), found)) }
}

/// The answer to linking or unlinking, a list of identities, has this value; a path begins with the place in the list.
///
/// Example: `Then the answer has "1.profileData.email" "ana@people.example"`
#[then(expr = "the answer has {string} {value}")]
async fn answer_has(world: &mut World, attribute: String, expected: Given) -> Result<(), Failure> {
    world.linking.document()?.expect(&attribute, &expected.0)
}

/// The answer to linking or unlinking does not have this.
///
/// Example: `Then the answer has no "0.profileData.name"`
#[then(expr = "the answer has no {string}")]
async fn answer_has_no(world: &mut World, attribute: String) -> Result<(), Failure> {
    world.linking.document()?.expect_none(&attribute)
}

/// The answer to linking or unlinking lists so many identities.
///
/// Example: `Then the answer lists 2 identities`
#[then(expr = "the answer lists {int} identity/identities")]
async fn answer_lists(world: &mut World, expected: usize) -> Result<(), Failure> {
    let found = world.linking.answer.as_ref().map(Vec::len);
    if found == Some(expected) {
        return Ok(());
    }
    Err(Failure::new(format!("{expected} identities"), format!("{found:?}")))
}

/// Linking or unlinking was refused with this HTTP status and message; `{client}` stands for the app's id.
///
/// Example: `Then that is refused with 409 "Specified identity already exists."`
#[then(expr = "that is refused with {int} {string}")]
async fn is_refused(world: &mut World, status: u16, message: String) -> Result<(), Failure> {
    let message = message.replace("{client}", world.client_id.as_deref().unwrap_or_default());
    let expected = format!("{status} {message}");
    let found = match (&world.linking.status, &world.refusal) {
        (Some(status), Some((_, message))) => format!("{status} {message}"),
        _ => "it was done".to_owned(),
    };
    if found == expected { Ok(()) } else { Err(Failure::new(expected, found)) }
}

/// Asked for the users with the e-mail of an account, the Management API gives so many.
///
/// Example: `Then the e-mail of the Google account of "ana" finds 1 user`
#[then(expr = "the e-mail of the {provider} account of {person} finds {int} user(s)")]
async fn finds_by_email(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    expected: usize,
) -> Result<(), Failure> {
    let account = world.known(&person).accounts.get(&provider).and_then(|account| account.email.clone());
    let email = account.ok_or_else(|| Failure::new("an account with an e-mail", "none"))?;
    let found = world.management().await?.users_by_email(&email).await?.len();
    if found == expected {
        Ok(())
    } else {
        Err(Failure::new(format!("{expected} users of {email}"), found.to_string()))
    }
}

/// A search for users gives the user that an account began as and nobody else.
///
/// Example: `Then the search "identities.connection:facebook" finds the user of the database account of "ana"`
#[then(expr = "the search {string} finds the user of the {provider} account of {person}")]
async fn search_finds(
    world: &mut World,
    query: String,
    provider: IdentityProvider,
    person: Person,
) -> Result<(), Failure> {
    let expected = world.identity(provider, &person)?.user_id();
    let found = user_ids(&search(world, &person, query).await?);
    if found == expected { Ok(()) } else { Err(Failure::new(format!("only {expected}"), found)) }
}

/// A search for users gives nobody. What an account of somebody says may stand in it: `{Google email}`.
///
/// Example: `Then the search "email:{Google email}" for "ana" finds nobody`
#[then(expr = "the search {string} for {person} finds nobody")]
async fn search_finds_nobody(world: &mut World, query: String, person: Person) -> Result<(), Failure> {
    let found = user_ids(&search(world, &person, query).await?);
    if found.is_empty() { Ok(()) } else { Err(Failure::new("nobody", found)) }
}

/// The last login that the tenant log tells of a user was by this connection.
///
/// Example: `Then the tenant log says that the user of the database account of "ana" came in by Google`
#[then(expr = "the tenant log says that the user of the {provider} account of {person} came in by (the ){provider}")]
async fn log_says_login(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    by: IdentityProvider,
) -> Result<(), Failure> {
    let events = log_of(world, provider, &person).await?;
    let login = events.iter().find(|event| event.get("type").and_then(Value::as_str) == Some("s"));
    let found = login.and_then(|event| event.get("connection")).and_then(Value::as_str);
    if found == Some(by.connection()) {
        return Ok(());
    }
    Err(Failure::new(format!("a login by {}", by.connection()), format!("{events:?}")))
}

/// The tenant log has an event of a type and a description about a user.
///
/// Example: `Then the tenant log of the user of the database account of "ana" has "sapi" "Link a User Account"`
#[then(expr = "the tenant log of the user of the {provider} account of {person} has {string} {string}")]
async fn log_has(
    world: &mut World,
    provider: IdentityProvider,
    person: Person,
    kind: String,
    description: String,
) -> Result<(), Failure> {
    let events = log_of(world, provider, &person).await?;
    let text = |event: &Value, member: &str| event.get(member).and_then(Value::as_str).map(str::to_owned);
    let fits = |event: &&Value| {
        text(event, "type").as_deref() == Some(kind.as_str())
            && text(event, "description").as_deref() == Some(description.as_str())
    };
    match events.iter().find(fits) {
        Some(_) => Ok(()),
        None => Err(Failure::new(format!("an event {kind}: {description}"), format!("{events:?}"))),
    }
}

async fn log_of(world: &mut World, provider: IdentityProvider, person: &Person) -> Result<Vec<Value>, Failure> {
    let user_id = world.identity(provider, person)?.user_id();
    Ok(world.management().await?.logs_of(&user_id).await?)
}

async fn search(world: &mut World, person: &Person, query: String) -> Result<Vec<Value>, Failure> {
    let query = world.fill_text(person, query).await?;
    Ok(world.management().await?.users(&[("q", query.as_str())]).await?)
}

fn user_ids(users: &[Value]) -> String {
    let ids = users.iter().filter_map(|user| user.get("user_id").and_then(Value::as_str));
    ids.collect::<Vec<_>>().join(", ")
}
