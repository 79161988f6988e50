//! Organizations: who belongs to them, and logins to them.

use crate::client::jwt::is_jwt;
use crate::client::management::Management;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::{Failure, worded};
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::{Value, json};

/// An organization. Apps may sign people in to it.
///
/// Example: `Given the organization "globex"`
#[given(expr = "the organization {string}")]
async fn make(world: &mut World, name: String) -> Result<(), Failure> {
    let management = world.management().await?;
    Ok(management.create("organizations", &json!({ "name": name, "display_name": name })).await.map(drop)?)
}

/// Somebody becomes a member of an organization, or is none any more.
///
/// Example: `Given "ana" joins the organization "globex"`
#[given(regex = r#"^"([^"]*)" (joins|leaves) the organization "([^"]*)"$"#)]
#[when(regex = r#"^"([^"]*)" (joins|leaves) the organization "([^"]*)"$"#)]
async fn belongs(world: &mut World, person: String, verb: String, name: String) -> Result<(), Failure> {
    let user_id = world.known(&Person(person)).user_id()?.to_owned();
    let management = world.management().await?;
    let id = id_of(&management, "organizations", &name).await?;
    let method = if verb == "joins" { "POST" } else { "DELETE" };
    let body = json!({ "members": [user_id] });
    Ok(management.change(method, &["organizations", &id, "members"], &body).await.map(drop)?)
}

/// A member gets a role that counts in the organization alone.
///
/// Example: `Given "ana" has the role "clerk" in the organization "globex"`
#[given(expr = "{person} has the role {string} in the organization {string}")]
async fn has_role(world: &mut World, person: Person, role: String, name: String) -> Result<(), Failure> {
    let user_id = world.known(&person).user_id()?.to_owned();
    let management = world.management().await?;
    let organization = id_of(&management, "organizations", &name).await?;
    let role = id_of(&management, "roles", &role).await?;
    let path = ["organizations", &organization, "members", &user_id, "roles"];
    Ok(management.change("POST", &path, &json!({ "roles": [role] })).await.map(drop)?)
}

/// People sign in to the organization with this connection, and with no other that isn't named so.
///
/// Example: `Given people sign in to the organization "globex" with "google-oauth2"`
#[given(expr = "people sign in to the organization {string} with {string}")]
async fn with_connection(world: &mut World, name: String, connection: String) -> Result<(), Failure> {
    enable(world, &name, &connection, false).await
}

/// As the step above; and whoever signs in so becomes a member.
///
/// Example: `Given people join the organization "globex" by signing in with "google-oauth2"`
#[given(expr = "people join the organization {string} by signing in with {string}")]
async fn by_connection(world: &mut World, name: String, connection: String) -> Result<(), Failure> {
    enable(world, &name, &connection, true).await
}

/// The app signs people in to this organization from now on.
///
/// Example: `Given the app is for the organization "globex"`
#[given(expr = "the app is for the organization {string}")]
#[when(expr = "the app is for the organization {string}")]
async fn app_is_for(world: &mut World, name: String) -> Result<(), Failure> {
    let client_id = world.app().await?.client_id.clone();
    let management = world.management().await?;
    management.update_client(&client_id, &json!({ "organization_usage": "allow" })).await?;
    let id = id_of(&management, "organizations", &name).await?;
    world.parameters.retain(|(parameter, _)| parameter != "organization");
    world.parameters.push(("organization".to_owned(), id));
    Ok(())
}

/// Both tokens are for this organization: the ID token, and the access token if it is a JWT.
///
/// Example: `Then the tokens of "ana" are for the organization "globex"`
#[then(expr = "the tokens of {person} are for the organization {string}")]
async fn tokens_are_for(world: &mut World, person: Person, name: String) -> Result<(), Failure> {
    let management = world.management().await?;
    let id = id_of(&management, "organizations", &name).await?;
    let session = world.known(&person).session()?;
    let of_id_token = session.id_token.as_ref().map(|token| worded(token.claims.get("org_id")));
    let access_token = session.tokens.access_token.clone();
    let of_access_token = if is_jwt(&access_token) {
        Some(worded(world.verify(&access_token).await?.claims.get("org_id")))
    } else {
        None
    };
    let expected = worded(Some(&json!(id)));
    for (what, found) in [("ID token", of_id_token), ("access token", of_access_token)] {
        if let Some(found) = found.filter(|found| *found != expected) {
            return Err(Failure::new(format!("org_id {expected} in the {what}"), found));
        }
    }
    Ok(())
}

async fn enable(world: &mut World, name: &str, connection: &str, joins: bool) -> Result<(), Failure> {
    let management = world.management().await?;
    let id = id_of(&management, "organizations", name).await?;
    let connection = id_of(&management, "connections", connection).await?;
    let body = json!({ "connection_id": connection, "assign_membership_on_login": joins });
    Ok(management.change("POST", &["organizations", &id, "enabled_connections"], &body).await.map(drop)?)
}

/// The id of what has this name.
async fn id_of(management: &Management, kind: &str, name: &str) -> Result<String, Failure> {
    let all = management.list(&[kind]).await?;
    let found = all.iter().find(|one| one.get("name").and_then(Value::as_str) == Some(name));
    let id = found.and_then(|one| one.get("id")).and_then(Value::as_str).map(str::to_owned);
    id.ok_or_else(|| Failure::new(format!("{name:?} among the {kind}"), "none of that name"))
}
