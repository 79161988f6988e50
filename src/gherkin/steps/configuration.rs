//! What administrators configure over the Management API: connections and clients.

use crate::client::error::ClientError;
use crate::gherkin::document::Document;
use crate::gherkin::parameters::Given;
use crate::gherkin::reading::into_map;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{Parameter, given, then, when};
use serde_json::{Map, Value};
use std::str::FromStr;

/// What can be configured: `connection`, `client`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "configured", regex = "connection|client")]
pub enum Configured {
    /// A connection, known by its name.
    Connection,
    /// A client, known by its id or its name.
    Client,
}

impl FromStr for Configured {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "connection" => Ok(Self::Connection),
            "client" => Ok(Self::Client),
            other => Err(format!("nothing to configure is called {other}")),
        }
    }
}

impl Configured {
    fn collection(self) -> &'static str {
        match self {
            Self::Connection => "connections",
            Self::Client => "clients",
        }
    }

    /// What it is named by in steps, and the member that its path has.
    fn names(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Connection => (&["name"], "id"),
            Self::Client => (&["client_id", "name"], "client_id"),
        }
    }
}

/// An administrator creates a connection or a client.
///
/// Example: `Given an administrator creates a client with {"name":"Shop"}`
#[given(expr = "an administrator creates a {configured} with {value}")]
#[when(expr = "an administrator creates a {configured} with {value}")]
async fn creates(world: &mut World, configured: Configured, body: Given) -> Result<(), Failure> {
    Ok(world.management().await?.create_in(configured.collection(), &body.0).await.map(drop)?)
}

/// An administrator tries to create a connection or a client; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to create a connection with {"name":"a b","strategy":"auth0"}`
#[when(expr = "an administrator tries to create a {configured} with {value}")]
async fn tries_to_create(world: &mut World, configured: Configured, body: Given) -> Result<(), Failure> {
    let created = world.management().await?.create_in(configured.collection(), &body.0).await;
    note(world, created)
}

/// An administrator changes a connection, by its name, or a client, by its name or id.
///
/// Example: `When an administrator changes the connection "facebook" with {"show_as_button":false}`
#[given(expr = "an administrator changes the {configured} {string} with {value}")]
#[when(expr = "an administrator changes the {configured} {string} with {value}")]
async fn changes(world: &mut World, configured: Configured, name: String, change: Given) -> Result<(), Failure> {
    let id = id(world, configured, &name).await?;
    Ok(world.management().await?.update_in(configured.collection(), &id, &change.0).await.map(drop)?)
}

/// An administrator tries to change a connection or a client; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to change the connection "facebook" with {"name":"other"}`
#[when(expr = "an administrator tries to change the {configured} {string} with {value}")]
async fn tries_to_change(
    world: &mut World,
    configured: Configured,
    name: String,
    change: Given,
) -> Result<(), Failure> {
    let id = id(world, configured, &name).await?;
    let changed = world.management().await?.update_in(configured.collection(), &id, &change.0).await;
    note(world, changed)
}

/// An administrator deletes a connection or a client.
///
/// Example: `When an administrator deletes the client "acme-web"`
#[given(expr = "an administrator deletes the {configured} {string}")]
#[when(expr = "an administrator deletes the {configured} {string}")]
async fn deletes(world: &mut World, configured: Configured, name: String) -> Result<(), Failure> {
    let id = id(world, configured, &name).await?;
    Ok(world.management().await?.delete_in(configured.collection(), &id).await?)
}

/// An administrator lets the scenario's app use a connection.
///
/// Example: `Given an administrator lets the app use the connection "facebook"`
#[given(expr = "an administrator lets the app use the connection {string}")]
#[when(expr = "an administrator lets the app use the connection {string}")]
async fn lets_use(world: &mut World, connection: String) -> Result<(), Failure> {
    set_use(world, &connection, true).await
}

/// An administrator takes a connection away from the scenario's app.
///
/// Example: `When an administrator no longer lets the app use the connection "facebook"`
#[given(expr = "an administrator no longer lets the app use the connection {string}")]
#[when(expr = "an administrator no longer lets the app use the connection {string}")]
async fn no_longer_lets_use(world: &mut World, connection: String) -> Result<(), Failure> {
    set_use(world, &connection, false).await
}

/// An administrator has a client's secret drawn anew; the scenario's app goes on with the one it knows.
///
/// Example: `When an administrator gives the client "acme-web" a new secret`
#[when(expr = "an administrator gives the client {string} a new secret")]
async fn new_secret(world: &mut World, name: String) -> Result<(), Failure> {
    let known = world.app().await?.client_secret.clone();
    let id = id(world, Configured::Client, &name).await?;
    let client = world.management().await?.rotate_secret(&id).await?;
    let secret = client.get("client_secret").and_then(Value::as_str);
    if secret.is_some() && secret != known.as_deref() {
        return Ok(());
    }
    Err(Failure::new("another secret", secret.unwrap_or("none")))
}

/// A connection or a client has a value for a setting, which may be deep inside.
///
/// Example: `Then the connection "facebook" has "options.scope" "email,public_profile"`
#[then(expr = "the {configured} {string} has {string} {value}")]
async fn has(
    world: &mut World,
    configured: Configured,
    name: String,
    setting: String,
    expected: Given,
) -> Result<(), Failure> {
    read(world, configured, &name).await?.expect(&setting, &expected.0)
}

/// A connection or a client has no such setting.
///
/// Example: `Then the client "acme-web" has no "addons"`
#[then(expr = "the {configured} {string} has no {string}")]
async fn has_no(world: &mut World, configured: Configured, name: String, setting: String) -> Result<(), Failure> {
    read(world, configured, &name).await?.expect_none(&setting)
}

/// Nothing of this name is there.
///
/// Example: `Then there is no connection "facebook"`
#[then(expr = "there is no {configured} {string}")]
async fn is_none(world: &mut World, configured: Configured, name: String) -> Result<(), Failure> {
    match find(world, configured, &name).await? {
        None => Ok(()),
        Some(found) => Err(Failure::new(format!("no {name:?}"), Value::Object(found).to_string())),
    }
}

async fn set_use(world: &mut World, connection: &str, status: bool) -> Result<(), Failure> {
    let client_id = world.app().await?.client_id.clone();
    let id = id(world, Configured::Connection, connection).await?;
    Ok(world.management().await?.let_use(&id, &client_id, status).await?)
}

fn note(world: &mut World, answer: Result<Value, ClientError>) -> Result<(), Failure> {
    world.refusal = match answer {
        Ok(_) => None,
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
            Some((refusal.code.clone(), refusal.message.clone()))
        }
    };
    Ok(())
}

async fn id(world: &mut World, configured: Configured, name: &str) -> Result<String, Failure> {
    let found = find(world, configured, name).await?;
    let id = found.as_ref().and_then(|found| found.get(configured.names().1)).and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| Failure::new(format!("{name:?} among the {}", configured.collection()), "none"))
}

async fn read(world: &mut World, configured: Configured, name: &str) -> Result<Document, Failure> {
    let found = find(world, configured, name).await?;
    let members = found.ok_or_else(|| Failure::new(format!("{name:?} in the {}", configured.collection()), "none"))?;
    Ok(Document::new(format!("the settings of {name:?}"), members))
}

async fn find(world: &mut World, configured: Configured, name: &str) -> Result<Option<Map<String, Value>>, Failure> {
    let management = world.management().await?;
    let all = match configured {
        Configured::Connection => management.connections().await?,
        Configured::Client => management.clients().await?,
    };
    let named = |one: &Map<String, Value>| {
        configured.names().0.iter().any(|member| one.get(*member).and_then(Value::as_str) == Some(name))
    };
    Ok(all.into_iter().map(into_map).find(named))
}
