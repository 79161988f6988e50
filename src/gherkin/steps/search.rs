//! Users searched for over the Management API.

use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::Value;

/// An administrator searches for users; whether the query is understood is for the next step to say.
///
/// Example: `When an administrator searches for 'name:ali*'`
#[given(expr = "an administrator searches for {string}")]
#[when(expr = "an administrator searches for {string}")]
async fn searches(world: &mut World, query: String) -> Result<(), Failure> {
    search(world, &[("q", query.as_str())]).await
}

/// The same, in the order of a field: `1` goes up, `-1` goes down.
///
/// Example: `When an administrator searches for 'email:*' sorted by "email:-1"`
#[when(expr = "an administrator searches for {string} sorted by {string}")]
async fn searches_sorted(world: &mut World, query: String, sort: String) -> Result<(), Failure> {
    search(world, &[("q", query.as_str()), ("sort", sort.as_str())]).await
}

/// The search found these users, named by the local parts of their e-mail addresses, in any order; or `nobody`.
///
/// Example: `Then the search finds "alice, bob"`
#[then(expr = "the search finds {string}")]
async fn finds(world: &mut World, names: String) -> Result<(), Failure> {
    let mut expected = listed(&names);
    let mut found = found(world)?;
    expected.sort_unstable();
    found.sort_unstable();
    compare(&expected, &found)
}

/// The search found these users in this order.
///
/// Example: `Then the search finds in this order "eve, dave, carol"`
#[then(expr = "the search finds in this order {string}")]
async fn finds_in_order(world: &mut World, names: String) -> Result<(), Failure> {
    compare(&listed(&names), &found(world)?)
}

async fn search(world: &mut World, query: &[(&str, &str)]) -> Result<(), Failure> {
    let answer = world.management().await?.users(query).await;
    (world.found, world.refusal) = match answer {
        Ok(users) => (Some(users), None),
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
            (None, Some((refusal.code.clone(), refusal.message.clone())))
        }
    };
    Ok(())
}

fn listed(names: &str) -> Vec<&str> {
    names.split(',').map(str::trim).filter(|name| *name != "nobody").collect()
}

fn found(world: &World) -> Result<Vec<&str>, Failure> {
    let Some(users) = &world.found else {
        let why = world.refusal.as_ref().map_or("nothing was searched for", |(_, message)| message);
        return Err(Failure::new("users", why));
    };
    Ok(users.iter().map(local_part).collect())
}

fn local_part(user: &Value) -> &str {
    let text = |member: &str| user.get(member).and_then(Value::as_str);
    text("email").and_then(|email| email.split('@').next()).or_else(|| text("user_id")).unwrap_or_default()
}

fn compare(expected: &[&str], found: &[&str]) -> Result<(), Failure> {
    if expected == found {
        return Ok(());
    }
    Err(Failure::new(expected.join(", "), if found.is_empty() { "nobody".to_owned() } else { found.join(", ") }))
}
