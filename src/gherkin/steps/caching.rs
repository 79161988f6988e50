//! How a connection copies profiles, and who may see what was copied.

use crate::client::management::{Management, SECRET_SUFFIX};
use crate::gherkin::document::Document;
use crate::gherkin::parameters::{Given, Person};
use crate::gherkin::reading::into_map;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::{Map, Value, json};

/// An administrator creates a connection for the app, which says nothing but its strategy.
///
/// Example: `Given an administrator creates the connection "sms" of the strategy "sms"`
#[given(expr = "an administrator creates the connection {string} of the strategy {string}")]
#[when(expr = "an administrator creates the connection {string} of the strategy {string}")]
async fn creates_connection(world: &mut World, name: String, strategy: String) -> Result<(), Failure> {
    let client_id = world.app().await?.client_id.clone();
    let connection = json!({ "name": name, "strategy": strategy, "enabled_clients": [client_id] });
    world.management().await?.create_connection(&connection).await?;
    Ok(())
}

/// An administrator changes one option of a connection and leaves the others as they are; `null` takes it away.
///
/// Example: `Given an administrator sets the option "set_user_root_attributes" of the connection "google-oauth2" to "on_first_login"`
#[given(expr = "an administrator sets the option {string} of the connection {string} to {value}")]
#[when(expr = "an administrator sets the option {string} of the connection {string} to {value}")]
async fn sets_option(world: &mut World, option: String, connection: String, value: Given) -> Result<(), Failure> {
    let (id, mut options) = connection_named(world, &connection).await?;
    match value.0 {
        Value::Null => options.remove(&option),
        value => options.insert(option, value),
    };
    patch_options(world, &id, &options).await
}

/// An administrator sends options to a connection as they stand here: those that are left out are gone.
///
/// Example: `When an administrator replaces the options of the connection "google-oauth2" by {"scope": ["email"]}`
#[given(expr = "an administrator replaces the options of the connection {string} by {value}")]
#[when(expr = "an administrator replaces the options of the connection {string} by {value}")]
async fn replaces_options(world: &mut World, connection: String, options: Given) -> Result<(), Failure> {
    let (id, _) = connection_named(world, &connection).await?;
    patch_options(world, &id, &into_map(options.0)).await
}

/// A connection has an option no more, or never had it.
///
/// Example: `Then the connection "google-oauth2" has no option "set_user_root_attributes"`
#[then(expr = "the connection {string} has no option {string}")]
async fn has_no_option(world: &mut World, connection: String, option: String) -> Result<(), Failure> {
    let (_, options) = connection_named(world, &connection).await?;
    Document::new(format!("the options of {connection:?}"), options).expect_none(&option)
}

/// A script that was given these scopes of the Management API alone, separated by spaces, reads somebody.
///
/// Example: `When a script with the scope "read:users" reads "ana"`
#[when(expr = "a script with the scope(s) {string} reads {person}")]
async fn script_reads(world: &mut World, scopes: String, person: Person) -> Result<(), Failure> {
    let user_id = world.known(&person).user_id()?.to_owned();
    let user = script(world, &scopes).await?.user(&user_id).await?;
    world.found = Some(vec![user]);
    Ok(())
}

/// A script that was given these scopes alone lists the users, and looks at somebody among them.
///
/// Example: `When a script with the scope "read:users" lists the users and looks at "ana"`
#[when(expr = "a script with the scope(s) {string} lists the users and looks at {person}")]
async fn script_lists(world: &mut World, scopes: String, person: Person) -> Result<(), Failure> {
    let user_id = world.known(&person).user_id()?.to_owned();
    let users = script(world, &scopes).await?.users(&[("per_page", "100")]).await?;
    let is_of = |user: &Value| user.get("user_id").and_then(Value::as_str) == Some(&user_id);
    let user =
        users.into_iter().find(is_of).ok_or_else(|| Failure::new(format!("{user_id} among the users"), "not there"))?;
    world.found = Some(vec![user]);
    Ok(())
}

/// The script sees a value for an attribute of the user that it looks at.
///
/// Example: `Then the script sees "identities.0.provider" "google-oauth2"`
#[then(expr = "the script sees {string} {value}")]
async fn sees(world: &mut World, attribute: String, expected: Given) -> Result<(), Failure> {
    seen(world)?.expect(&attribute, &expected.0)
}

/// The script sees some value for an attribute of the user that it looks at.
///
/// Example: `Then the script sees "identities.0.access_token"`
#[then(expr = "the script sees {string}")]
async fn sees_some(world: &mut World, attribute: String) -> Result<(), Failure> {
    seen(world)?.expect_some(&attribute)
}

/// The script sees nothing of an attribute of the user that it looks at.
///
/// Example: `Then the script sees no "identities.0.access_token"`
#[then(expr = "the script sees no {string}")]
async fn sees_no(world: &mut World, attribute: String) -> Result<(), Failure> {
    seen(world)?.expect_none(&attribute)
}

fn seen(world: &World) -> Result<Document, Failure> {
    let user = world.found.as_ref().and_then(|found| found.first()).cloned();
    let user = user.ok_or_else(|| Failure::new("a script that looked at somebody", "none did"))?;
    Ok(Document::new("what the script sees".to_owned(), into_map(user)))
}

async fn script(world: &mut World, scopes: &str) -> Result<Management, Failure> {
    let tenant = world.tenant().await?;
    let client_id = world.management_client()?;
    let secret = format!("{client_id}{SECRET_SUFFIX}");
    let transport = world.transport()?;
    Ok(Management::connect_for(transport, &tenant.issuer, (&client_id, &secret), Some(scopes)).await?)
}

/// The connection's id and options.
async fn connection_named(world: &mut World, name: &str) -> Result<(String, Map<String, Value>), Failure> {
    let connections = world.management().await?.connections().await?;
    let is_named = |connection: &&Value| connection.get("name").and_then(Value::as_str) == Some(name);
    let found = connections.iter().find(is_named);
    let found = found.ok_or_else(|| Failure::new(format!("a connection {name:?}"), "none of that name"))?;
    let id = found.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok((id, into_map(found.get("options").cloned().unwrap_or_default())))
}

async fn patch_options(world: &mut World, id: &str, options: &Map<String, Value>) -> Result<(), Failure> {
    world.management().await?.update_connection(id, &json!({ "options": options })).await?;
    Ok(())
}
