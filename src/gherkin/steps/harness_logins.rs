//! Logins that the harness takes by itself, without the scenario's browser.

use crate::client::logins::{LoginTaken, NewLogin};
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::Value;

/// The harness signs somebody in at the app as a browser would, and has the app's code exchanged. The app asks for what
/// it usually asks for.
///
/// Example: `When the harness signs "ana" in with "facebook"`
#[given(expr = "the harness signs {person} in with (the ){provider}")]
#[when(expr = "the harness signs {person} in with (the ){provider}")]
async fn signs_in(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let login = login(world, &person, provider).await?;
    walk(world, login).await
}

/// The same with another password than the person's.
///
/// Example: `When the harness signs "ana" in with the password "wrong"`
#[when(expr = "the harness signs {person} in with the password {string}")]
async fn with_password(world: &mut World, person: Person, password: String) -> Result<(), Failure> {
    let login = login(world, &person, IdentityProvider::Database).await?;
    walk(world, NewLogin { password: Some(password), ..login }).await
}

/// The same with somebody who turns back where the provider asks.
///
/// Example: `When the harness has "ana" turn back at "google-oauth2"`
#[when(expr = "the harness has {person} turn back at (the ){provider}")]
async fn turns_back(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let login = login(world, &person, provider).await?;
    walk(world, NewLogin { cancels: true, ..login }).await
}

/// The app's callback received this.
///
/// Example: `Then the harness saw the app receive "error" "access_denied"`
#[then(expr = "the harness saw the app receive {string} {string}")]
async fn received(world: &mut World, name: String, expected: String) -> Result<(), Failure> {
    let callback = taken(world)?.callback.as_ref().ok_or_else(|| stopped(world))?;
    match callback.parameters.get(&name).and_then(Value::as_str) {
        Some(found) if found == expected => Ok(()),
        _ => Err(Failure::new(format!("{name:?} {expected:?}"), format!("{:?}", callback.parameters))),
    }
}

/// The app got an ID token that says this.
///
/// Example: `Then the harness saw the app get an ID token with "email" "ana@people.example"`
#[then(expr = "the harness saw the app get an ID token with {string} {string}")]
async fn claim(world: &mut World, name: String, expected: String) -> Result<(), Failure> {
    let claims = taken(world)?.claims.as_ref().ok_or_else(|| stopped(world))?;
    match claims.get(&name).and_then(Value::as_str) {
        Some(found) if found == expected => Ok(()),
        _ => Err(Failure::new(format!("{name:?} {expected:?}"), Value::Object(claims.clone()).to_string())),
    }
}

/// The login came to no callback but to a page that says this.
///
/// Example: `Then the harness stopped at a page that says "Wrong email or password"`
#[then(expr = "the harness stopped at a page that says {string}")]
async fn stopped_at(world: &mut World, expected: String) -> Result<(), Failure> {
    match &taken(world)?.page {
        Some(page) if page.text.contains(&expected) => Ok(()),
        _ => Err(Failure { expected: format!("a page that says {expected:?}"), ..stopped(world) }),
    }
}

async fn login(world: &mut World, person: &Person, provider: IdentityProvider) -> Result<NewLogin, Failure> {
    let account = world.known(person).accounts.get(&provider).map(|account| account.id.clone());
    let who = match (provider, account) {
        (IdentityProvider::Database, Some(id)) => id,
        (_, Some(id)) => format!("{}:{id}", provider.at()),
        (_, None) => person.0.clone(),
    };
    let parameters = world.parameters.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let client = world.app().await?.client_id.clone();
    Ok(NewLogin { parameters, ..NewLogin::of(who).at(client).by(provider.connection()).exchanging() })
}

async fn walk(world: &mut World, login: NewLogin) -> Result<(), Failure> {
    let taken = world.control().await?.log_in(&login).await?;
    world.taken = Some(taken);
    Ok(())
}

fn taken(world: &World) -> Result<&LoginTaken, Failure> {
    world.taken.as_ref().ok_or_else(|| Failure::new("a login that the harness took", "none"))
}

/// Where the login ended instead.
fn stopped(world: &World) -> Failure {
    let taken = world.taken.as_ref();
    let page = taken.and_then(|taken| taken.page.as_ref());
    let callback = || taken.and_then(|taken| taken.callback.as_ref());
    let found = page.map(|page| format!("the page {} ({}) that says: {}", page.url, page.status, page.text));
    let found = found.or_else(|| callback().map(|callback| format!("the callback {}", callback.url)));
    Failure::new("the app to be reached", found.unwrap_or_default())
}
