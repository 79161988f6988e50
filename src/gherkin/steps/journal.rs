//! What crossed the tenant's boundaries: who called what, and how often.

use crate::client::journal::{Call, Expectation, Verification};
use crate::gherkin::mishap::Occurrence;
use crate::gherkin::parameters::IdentityProvider;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use ::gherkin::Step;
use cucumber::{given, then, when};

/// The tenant itself asked a provider so often, on its back channel. The path is the one that the provider sees; a method
/// may stand before it, and `*` stands for anything. Fails with the calls that come closest.
///
/// Example: `Then the tenant asked Google's "POST /token" once`
#[then(expr = "the tenant asked {provider}'s {string} {occurrence}")]
async fn tenant_asked(
    world: &mut World,
    provider: IdentityProvider,
    endpoint: String,
    often: Occurrence,
) -> Result<(), Failure> {
    let call = Call::to(&endpoint).at(party(provider)?).outgoing();
    expect(world, call, often).await
}

/// An app called an endpoint so often, by its `client_id`.
///
/// Example: `Then "acme-web" called "POST /oauth/token" once`
#[then(expr = "{string} called {string} {occurrence}")]
async fn app_called(world: &mut World, client_id: String, endpoint: String, often: Occurrence) -> Result<(), Failure> {
    expect(world, Call::to(&endpoint).incoming().of_client(client_id), often).await
}

/// Nobody called an endpoint, of the tenant or of a provider.
///
/// Example: `Then nobody called "/userinfo"`
#[then(expr = "nobody called {string}")]
async fn nobody_called(world: &mut World, endpoint: String) -> Result<(), Failure> {
    expect(world, Call::to(&endpoint), Occurrence(0)).await
}

/// An endpoint was called so often and answered with a status.
///
/// Example: `Then "POST /oauth/token" was answered 200 once`
#[then(expr = "{string} was answered {int} {occurrence}")]
async fn was_answered(world: &mut World, endpoint: String, status: u16, often: Occurrence) -> Result<(), Failure> {
    expect(world, Call::to(&endpoint).answered(status), often).await
}

/// These calls happened, each first answered after the one before: a table of calls, or of whom they went to (`tenant`,
/// `google`, …) and the call.
///
/// Example: `Then these calls happened in order:`
#[then(expr = "these calls happened in order:")]
async fn in_order(world: &mut World, step: &Step) -> Result<(), Failure> {
    let mut expected = Vec::new();
    for row in step.table.iter().flat_map(|table| &table.rows) {
        let call = match row.as_slice() {
            [call] => Call::to(call),
            [party, call] => Call::to(call).at(party),
            _ => return Err(Failure::new("a call, or a party and a call, in a row", row.join(" | "))),
        };
        expected.push(Expectation::of(call));
    }
    told(&world.control().await?.journal().verify_in_order(&expected).await?)
}

/// What was called until now is forgotten: only later calls count.
///
/// Example: `When the journal is cleared`
#[given(expr = "the journal is cleared")]
#[when(expr = "the journal is cleared")]
async fn cleared(world: &mut World) -> Result<(), Failure> {
    Ok(world.control().await?.journal().clear().await?)
}

async fn expect(world: &mut World, call: Call, often: Occurrence) -> Result<(), Failure> {
    let times = usize::try_from(often.0).unwrap_or(usize::MAX);
    told(&world.control().await?.journal().verify(&[Expectation::of(call).exactly(times)]).await?)
}

fn told(verification: &Verification) -> Result<(), Failure> {
    let Some(verdict) = verification.verdicts.iter().find(|verdict| !verdict.satisfied) else { return Ok(()) };
    let failure = Failure::new(verdict.expected.clone(), format!("{} calls", verdict.matched));
    Err(failure.with("why", verdict.reason.clone()))
}

fn party(provider: IdentityProvider) -> Result<&'static str, Failure> {
    match provider {
        IdentityProvider::Database => Err(Failure::new("a provider outside the tenant", "the tenant's own database")),
        other => Ok(other.at()),
    }
}
