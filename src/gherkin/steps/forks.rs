//! Forks: tenants that begin as the scenario's own is, and go their own way.

use crate::client::tenants::{Fork, TenantAddress};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, then, when};

/// Forks the tenant that the scenario is in, people at the providers included. A scenario takes its forks away in the end.
///
/// Example: `Given a fork "staging"`
#[given(expr = "a fork {string}")]
#[when(expr = "a fork {string} is made")]
async fn made(world: &mut World, name: String) -> Result<(), Failure> {
    let parent = world.tenant().await?;
    let fork = Fork { from: parent.name, port: false, ..Fork::default() };
    let made = world.control().await?.fork(&fork).await?;
    world.forks.insert(name, made);
    Ok(())
}

/// The scenario goes on in a fork: what the next steps say happens there.
///
/// Example: `When the scenario goes on in the fork "staging"`
#[given(expr = "the scenario goes on in the fork {string}")]
#[when(expr = "the scenario goes on in the fork {string}")]
async fn entered(world: &mut World, name: String) -> Result<(), Failure> {
    let fork = fork(world, &name)?;
    world.enter(Some(fork)).await
}

/// The scenario goes on in the tenant that it began in.
///
/// Example: `When the scenario goes on where it began`
#[given("the scenario goes on where it began")]
#[when("the scenario goes on where it began")]
async fn left(world: &mut World) -> Result<(), Failure> {
    world.enter(None).await
}

/// A fork is deleted.
///
/// Example: `When the fork "staging" is deleted`
#[when(expr = "the fork {string} is deleted")]
async fn deleted(world: &mut World, name: String) -> Result<(), Failure> {
    let fork = fork(world, &name)?;
    Ok(world.control().await?.delete_tenant(&fork.name).await?)
}

/// There is no such tenant any more.
///
/// Example: `Then the fork "staging" is gone`
#[then(expr = "the fork {string} is gone")]
async fn is_gone(world: &mut World, name: String) -> Result<(), Failure> {
    let fork = fork(world, &name)?;
    let there = world.control().await?.tenants().await?.into_iter().any(|tenant| tenant.name == fork.name);
    if there { Err(Failure::new(format!("no fork {name:?}"), "it is there")) } else { Ok(()) }
}

fn fork(world: &World, name: &str) -> Result<TenantAddress, Failure> {
    let known = world.forks.keys().cloned().collect::<Vec<_>>().join(", ");
    let none = || Failure::new(format!("a fork {name:?}"), format!("forks of this scenario: {known}"));
    world.forks.get(name).cloned().ok_or_else(none)
}
