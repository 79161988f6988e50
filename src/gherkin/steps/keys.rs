//! The keys that sign the tenant's tokens.

use crate::gherkin::parameters::{Person, Reading};
use crate::gherkin::report::{Failure, worded};
use crate::gherkin::steps::tokens::token_read;
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::Value;

/// An administrator has the next key sign from now on.
///
/// Example: `When an administrator rotates the signing keys`
#[given(expr = "an administrator rotates the signing keys")]
#[when(expr = "an administrator rotates the signing keys")]
async fn rotates(world: &mut World) -> Result<(), Failure> {
    world.management().await?.rotate_signing_key().await?;
    Ok(())
}

/// An administrator revokes the tenant's `current`, `next` or `previous` key. Administrators' own tokens that it signed
/// are no good afterwards, either: they get new ones.
///
/// Example: `When an administrator revokes the "previous" signing key`
#[given(expr = "an administrator revokes the {string} signing key")]
#[when(expr = "an administrator revokes the {string} signing key")]
async fn revokes(world: &mut World, stage: String) -> Result<(), Failure> {
    let kid = kid_of(world, &stage).await?;
    world.management().await?.revoke_signing_key(&kid).await?;
    world.forget_tokens();
    Ok(())
}

/// An administrator tries to revoke a key; whether that works is for the next step to say.
///
/// Example: `When an administrator tries to revoke the "current" signing key`
#[when(expr = "an administrator tries to revoke the {string} signing key")]
async fn tries_to_revoke(world: &mut World, stage: String) -> Result<(), Failure> {
    let kid = kid_of(world, &stage).await?;
    world.refusal = match world.management().await?.revoke_signing_key(&kid).await {
        Ok(_) => None,
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
            Some((refusal.code.clone(), refusal.message.clone()))
        }
    };
    Ok(())
}

/// So many keys are published for apps to check tokens with.
///
/// Example: `Then the tenant publishes 2 keys`
#[then(expr = "the tenant publishes {int} keys")]
async fn publishes(world: &mut World, expected: usize) -> Result<(), Failure> {
    let found = world.app().await?.keys().await?.keys.len();
    if found == expected { Ok(()) } else { Err(Failure::new(format!("{expected} keys"), found.to_string())) }
}

/// The token is signed with the tenant's `current`, `next` or `previous` key.
///
/// Example: `Then the ID token of "ana" is signed with the tenant's "current" key`
#[then(expr = "the {reading} of {person} is signed with the tenant's {string} key")]
async fn signed_with(world: &mut World, reading: Reading, person: Person, stage: String) -> Result<(), Failure> {
    let token = token_read(world, reading, &person)?;
    let header = world.verify(&token).await?.header;
    let expected = kid_of(world, &stage).await?;
    if header.get("kid").and_then(Value::as_str) == Some(&expected) {
        return Ok(());
    }
    Err(Failure::new(format!("to be signed with the {stage} key {expected:?}"), worded(header.get("kid"))))
}

async fn kid_of(world: &mut World, stage: &str) -> Result<String, Failure> {
    let keys = world.management().await?.signing_keys().await?;
    let is_it = |key: &&Value| key.get(stage).and_then(Value::as_bool) == Some(true);
    let kid = keys.iter().find(is_it).and_then(|key| key.get("kid")).and_then(Value::as_str);
    kid.map(str::to_owned).ok_or_else(|| Failure::new(format!("a {stage} signing key"), Value::Array(keys).to_string()))
}
