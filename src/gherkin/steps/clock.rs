//! The tenant's time.

use crate::gherkin::parameters::Duration;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, when};

/// The tenant's clock stands still at this time.
///
/// Example: `Given the time is "2031-05-04T10:00:00.000Z"`
#[given(expr = "the time is {string}")]
#[when(expr = "the time is {string}")]
async fn time_is(world: &mut World, now: String) -> Result<(), Failure> {
    world.control().await?.set_clock(true, Some(&now)).await?;
    world.forget_tokens();
    Ok(())
}

/// The tenant's clock moves on, whether it stands still or runs.
///
/// Example: `When 25 hours pass`
#[given(expr = "{duration} pass(es)")]
#[when(expr = "{duration} pass(es)")]
async fn passes(world: &mut World, duration: Duration) -> Result<(), Failure> {
    world.control().await?.advance(&duration.iso()).await?;
    world.forget_tokens();
    Ok(())
}
