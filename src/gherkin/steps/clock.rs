//! The tenant's time: stopped, set, moved on, and back to the system's.

use crate::client::clock::ClockState;
use crate::gherkin::parameters::Duration;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, then, when};

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

/// The tenant's clock stands still at the time it shows.
///
/// Example: `When the clock is stopped`
#[given(expr = "the clock is stopped")]
#[when(expr = "the clock is stopped")]
async fn stopped(world: &mut World) -> Result<(), Failure> {
    world.control().await?.set_clock(true, None).await?;
    Ok(())
}

/// The tenant's clock runs on from the time it shows.
///
/// Example: `When the clock runs on`
#[when(expr = "the clock runs on")]
async fn runs_on(world: &mut World) -> Result<(), Failure> {
    world.control().await?.set_clock(false, None).await?;
    Ok(())
}

/// The tenant's clock shows the system's time again, and runs with it.
///
/// Example: `When the clock is resumed`
#[when(expr = "the clock is resumed")]
async fn resumed(world: &mut World) -> Result<(), Failure> {
    world.control().await?.resume_clock().await?;
    world.forget_tokens();
    Ok(())
}

/// The tenant's clock stands still, at this time.
///
/// Example: `Then the clock stands still at "2031-05-04T10:00:00.000Z"`
#[then(expr = "the clock stands still at {string}")]
async fn stands_still_at(world: &mut World, now: String) -> Result<(), Failure> {
    let clock = world.control().await?.clock().await?;
    if clock.frozen && clock.now == now {
        return Ok(());
    }
    Err(Failure::new(format!("the clock to stand still at {now}"), told(&clock)))
}

/// The tenant's clock runs, and shows a time before, or from, this one.
///
/// Example: `Then the clock runs, and it is before "2031-05-04T10:00:00.000Z"`
#[then(expr = "the clock runs, and it is {word} {string}")]
async fn runs(world: &mut World, side: String, moment: String) -> Result<(), Failure> {
    let clock = world.control().await?.clock().await?;
    // Written in UTC with milliseconds, times are in order as texts are.
    let is_so = match side.as_str() {
        "before" => clock.now < moment,
        "past" => clock.now >= moment,
        _ => return Err(Failure::new("\"before\" or \"past\"", side)),
    };
    if is_so && !clock.frozen {
        return Ok(());
    }
    Err(Failure::new(format!("the clock to run, and to be {side} {moment}"), told(&clock)))
}

fn told(clock: &ClockState) -> String {
    format!("it {} at {}", if clock.frozen { "stands still" } else { "runs" }, clock.now)
}
