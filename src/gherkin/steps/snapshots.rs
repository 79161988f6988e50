//! Going back: snapshots of the tenant, and its beginning.

use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, then, when};

/// What the tenant is now is kept under a name: its users, sessions, tokens and mails, the people at the providers, its clock.
///
/// Example: `Given a snapshot "before the change"`
#[given(expr = "a snapshot {string}")]
#[when(expr = "a snapshot {string} is made")]
async fn snapshot(world: &mut World, name: String) -> Result<(), Failure> {
    world.control().await?.snapshot(Some(&name)).await?;
    Ok(())
}

/// The tenant becomes what it was when the snapshot was made.
///
/// Example: `When the snapshot "before the change" is restored`
#[given(expr = "the snapshot {string} is restored")]
#[when(expr = "the snapshot {string} is restored")]
async fn restored(world: &mut World, name: String) -> Result<(), Failure> {
    world.control().await?.restore(&name).await?;
    world.forget_tokens();
    Ok(())
}

/// The snapshot is forgotten.
///
/// Example: `When the snapshot "before the change" is deleted`
#[when(expr = "the snapshot {string} is deleted")]
async fn deleted(world: &mut World, name: String) -> Result<(), Failure> {
    Ok(world.control().await?.delete_snapshot(&name).await?)
}

/// The tenant has these snapshots, in the order in which they were made; none if it says nothing.
///
/// Example: `Then the tenant's snapshots are "before the change, after it"`
#[then(expr = "the tenant's snapshots are {string}")]
async fn snapshots_are(world: &mut World, names: String) -> Result<(), Failure> {
    let kept = world.control().await?.snapshots().await?;
    let found: Vec<_> = kept.into_iter().map(|snapshot| snapshot.name.unwrap_or(snapshot.id)).collect();
    let found = found.join(", ");
    if found == names { Ok(()) } else { Err(Failure::new(format!("the snapshots {names:?}"), format!("{found:?}"))) }
}

/// The tenant is put back to what it began as; snapshots stay.
///
/// Example: `When the tenant is reset`
#[given(expr = "the tenant is reset")]
#[when(expr = "the tenant is reset")]
async fn reset(world: &mut World) -> Result<(), Failure> {
    world.control().await?.reset().await?;
    world.forget_tokens();
    Ok(())
}
