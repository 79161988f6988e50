//! Who may do what: roles and permissions.

use crate::client::error::ClientError;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::{Failure, worded};
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::{Value, json};

/// A role with permissions at an API.
///
/// Example: `Given the role "clerk" may "read:stock write:stock" at "https://shop.example/"`
#[given(expr = "the role {string} may {string} at {string}")]
#[when(expr = "the role {string} may now {string} at {string}")]
async fn role_may(world: &mut World, role: String, scopes: String, api: String) -> Result<(), Failure> {
    let management = world.management().await?;
    let id = match role_named(world, &role).await? {
        Some(id) => id,
        None => id_of(&management.change("POST", &["roles"], &json!({ "name": role })).await?),
    };
    Ok(management.change("POST", &["roles", &id, "permissions"], &permissions(&scopes, &api)).await.map(drop)?)
}

/// A role without any permission.
///
/// Example: `Given the role "visitor"`
#[given(expr = "the role {string}")]
async fn make_role(world: &mut World, role: String) -> Result<(), Failure> {
    Ok(world.management().await?.change("POST", &["roles"], &json!({ "name": role })).await.map(drop)?)
}

/// A role loses permissions at an API.
///
/// Example: `When the role "clerk" may no longer "write:stock" at "https://shop.example/"`
#[when(expr = "the role {string} may no longer {string} at {string}")]
async fn role_may_not(world: &mut World, role: String, scopes: String, api: String) -> Result<(), Failure> {
    let id = known_role(world, &role).await?;
    let path = ["roles", id.as_str(), "permissions"];
    Ok(world.management().await?.change("DELETE", &path, &permissions(&scopes, &api)).await.map(drop)?)
}

/// An administrator deletes a role.
///
/// Example: `When the role "clerk" is deleted`
#[when(expr = "the role {string} is deleted")]
async fn delete_role(world: &mut World, role: String) -> Result<(), Failure> {
    let id = known_role(world, &role).await?;
    Ok(world.management().await?.change("DELETE", &["roles", &id], &Value::Null).await.map(drop)?)
}

/// A user gets a role, or loses it.
///
/// Example: `When "ana" gets the role "clerk"`
#[given(regex = r#"^"([^"]*)" (gets|loses) the role "([^"]*)"$"#)]
#[when(regex = r#"^"([^"]*)" (gets|loses) the role "([^"]*)"$"#)]
async fn assign(world: &mut World, person: String, verb: String, role: String) -> Result<(), Failure> {
    let user_id = world.known(&Person(person)).user_id()?.to_owned();
    let body = json!({ "roles": [known_role(world, &role).await?] });
    let method = if verb == "gets" { "POST" } else { "DELETE" };
    Ok(world.management().await?.change(method, &["users", &user_id, "roles"], &body).await.map(drop)?)
}

/// A user gets permissions at an API of their own, or loses them.
///
/// Example: `When "ana" gets the permission "read:stock" at "https://shop.example/"`
#[given(regex = r#"^"([^"]*)" (gets|loses) the permissions? "([^"]*)" at "([^"]*)"$"#)]
#[when(regex = r#"^"([^"]*)" (gets|loses) the permissions? "([^"]*)" at "([^"]*)"$"#)]
async fn allow(world: &mut World, person: String, verb: String, scopes: String, api: String) -> Result<(), Failure> {
    let user_id = world.known(&Person(person)).user_id()?.to_owned();
    let method = if verb == "gets" { "POST" } else { "DELETE" };
    let path = ["users", user_id.as_str(), "permissions"];
    Ok(world.management().await?.change(method, &path, &permissions(&scopes, &api)).await.map(drop)?)
}

/// An administrator tries to give a user a permission; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to give "ana" the permission "fly" at "https://shop.example/"`
#[when(expr = "an administrator tries to give {person} the permission {string} at {string}")]
async fn tries_to_allow(world: &mut World, person: Person, scope: String, api: String) -> Result<(), Failure> {
    let user_id = world.known(&person).user_id()?.to_owned();
    let path = ["users", user_id.as_str(), "permissions"];
    let answer = world.management().await?.change("POST", &path, &permissions(&scope, &api)).await;
    remember(world, answer)
}

/// An administrator tries to make a role; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to make the role "clerk"`
#[when(expr = "an administrator tries to make the role {string}")]
async fn tries_to_make(world: &mut World, role: String) -> Result<(), Failure> {
    let answer = world.management().await?.change("POST", &["roles"], &json!({ "name": role })).await;
    remember(world, answer)
}

/// The permissions that a user has at all APIs, by name, each with where it comes from: `directly`, or a role's name.
///
/// Example: `Then "ana" may "read:stock" by "directly, clerk"`
#[then(expr = "{person} may {string} by {string}")]
async fn may_by(world: &mut World, person: Person, scope: String, expected: String) -> Result<(), Failure> {
    let found = list(world, &person, "permissions").await?;
    let is_it = |permission: &&Value| permission.get("permission_name").and_then(Value::as_str) == Some(&scope);
    let sources = found.iter().find(is_it).and_then(|permission| permission.get("sources")).and_then(Value::as_array);
    let name = |source: &Value| match source.get("source_name").and_then(Value::as_str) {
        Some("") | None => "directly".to_owned(),
        Some(role) => role.to_owned(),
    };
    let sources = sources.into_iter().flatten().map(name).collect::<Vec<_>>().join(", ");
    if sources == expected {
        return Ok(());
    }
    Err(Failure::new(format!("{scope} by {expected:?}"), format!("by {sources:?}: {}", worded(Some(&json!(found))))))
}

/// The roles of a user, by name, in the order in which they were given; none is an empty text.
///
/// Example: `Then "ana" has the roles "clerk, buyer"`
#[then(expr = "{person} has the role(s) {string}")]
async fn has_roles(world: &mut World, person: Person, expected: String) -> Result<(), Failure> {
    expect_names("the roles", &list(world, &person, "roles").await?, "name", &expected)
}

/// The names of who has a role, as the Management API lists them.
///
/// Example: `Then the people of the role "clerk" are "ana@people.example"`
#[then(expr = "the people of the role {string} are {string}")]
async fn members(world: &mut World, role: String, expected: String) -> Result<(), Failure> {
    let id = known_role(world, &role).await?;
    let found = world.management().await?.list(&["roles", &id, "users"]).await?;
    expect_names("the e-mail addresses", &found, "email", &expected)
}

fn expect_names(what: &str, found: &[Value], member: &str, expected: &str) -> Result<(), Failure> {
    let names = found.iter().filter_map(|item| item.get(member)).filter_map(Value::as_str);
    let names = names.collect::<Vec<_>>().join(", ");
    if names == expected { Ok(()) } else { Err(Failure::new(format!("{what} {expected:?}"), format!("{names:?}"))) }
}

async fn list(world: &mut World, person: &Person, what: &str) -> Result<Vec<Value>, Failure> {
    let user_id = world.known(person).user_id()?.to_owned();
    Ok(world.management().await?.list(&["users", &user_id, what]).await?)
}

async fn role_named(world: &mut World, name: &str) -> Result<Option<String>, Failure> {
    let roles = world.management().await?.list(&["roles"]).await?;
    Ok(roles.iter().find(|role| role.get("name").and_then(Value::as_str) == Some(name)).map(id_of))
}

async fn known_role(world: &mut World, name: &str) -> Result<String, Failure> {
    role_named(world, name).await?.ok_or_else(|| Failure::new(format!("a role {name:?}"), "none of that name"))
}

fn id_of(role: &Value) -> String {
    role.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn permissions(scopes: &str, api: &str) -> Value {
    let permission = |scope| json!({ "resource_server_identifier": api, "permission_name": scope });
    json!({ "permissions": scopes.split_whitespace().map(permission).collect::<Vec<_>>() })
}

fn remember(world: &mut World, answer: Result<Value, ClientError>) -> Result<(), Failure> {
    world.refusal = match answer {
        Ok(_) => None,
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
            Some((refusal.code.clone(), refusal.message.clone()))
        }
    };
    Ok(())
}
