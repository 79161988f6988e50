//! Several attributes of a user changed at once.

use crate::client::error::ClientError;
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::steps::people::attributes;
use crate::gherkin::world::World;
use cucumber::gherkin::Step;
use cucumber::{given, when};
use serde_json::{Map, Value};

/// An administrator changes several things of a user in one call: a table of name and value, the values as JSON.
///
/// Example: `When an administrator changes "ana":`
#[given(expr = "an administrator changes {person}:")]
#[when(expr = "an administrator changes {person}:")]
async fn changes(world: &mut World, person: Person, step: &Step) -> Result<(), Failure> {
    Ok(change(world, &person, attributes(step)).await??)
}

/// The same; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to change "ana":`
#[when(expr = "an administrator tries to change {person}:")]
async fn tries_to_change(world: &mut World, person: Person, step: &Step) -> Result<(), Failure> {
    world.refusal = match change(world, &person, attributes(step)).await? {
        Ok(()) => None,
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
            Some((refusal.code.clone(), refusal.message.clone()))
        }
    };
    Ok(())
}

/// An administrator adds so much text to a user's metadata.
///
/// Example: `When an administrator fills "user_metadata" of "ana" with 11 kilobytes`
#[when(expr = "an administrator fills {string} of {person} with {int} kilobytes")]
async fn fills(world: &mut World, kind: String, person: Person, kilobytes: usize) -> Result<(), Failure> {
    let text = "x".repeat(kilobytes.saturating_mul(1024));
    let metadata = Value::Object(Map::from_iter([("text".to_owned(), text.into())]));
    Ok(change(world, &person, Map::from_iter([(kind, metadata)])).await??)
}

/// Somebody who forgot types wrong passwords, one after the other.
///
/// Example: `Given "ana" mistypes the password 10 times`
#[given(expr = "{person} mistypes the password {int} time(s)")]
#[when(expr = "{person} mistypes the password {int} time(s)")]
async fn mistypes(world: &mut World, person: Person, times: usize) -> Result<(), Failure> {
    let account = world.known(&person).accounts.get(&IdentityProvider::Database);
    let none = || Failure::new("an e-mail address", "no database account was made");
    let email = account.and_then(|account| account.email.clone()).ok_or_else(none)?;
    for _ in 0..times {
        let grant = [
            ("grant_type", "http://auth0.com/oauth/grant-type/password-realm"),
            ("realm", IdentityProvider::Database.connection()),
            ("username", &email),
            ("password", "something else"),
        ];
        if world.app().await?.token(&grant).await.is_ok() {
            return Err(Failure::new("a wrong password to be refused", "tokens"));
        }
    }
    Ok(())
}

async fn change(
    world: &mut World,
    person: &Person,
    mut change: Map<String, Value>,
) -> Result<Result<(), ClientError>, Failure> {
    let user_id = world.known(person).user_id()?.to_owned();
    for value in change.values_mut() {
        *value = world.fill(person, value.clone()).await?;
    }
    let password = change.get("password").and_then(Value::as_str).map(str::to_owned);
    let changed = world.management().await?.update_user(&user_id, &Value::Object(change)).await.map(drop);
    let account = world.known(person).accounts.get_mut(&IdentityProvider::Database);
    if let (Ok(()), Some(account), Some(password)) = (&changed, account, password) {
        account.password = Some(password);
    }
    Ok(changed)
}
