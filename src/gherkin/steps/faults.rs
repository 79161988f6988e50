//! What goes wrong on purpose, at the tenant and at the providers.

use crate::client::faults::{Fault, FaultState};
use crate::gherkin::known::Outcome;
use crate::gherkin::mishap::{Endpoint, Mishap, Occurrence};
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, then, when};

/// Something goes wrong at a provider from now on, whoever asks it.
///
/// Example: `Given Google is down`
#[given(expr = "{provider} {mishap}")]
#[when(expr = "{provider} {mishap}")]
async fn at_provider(world: &mut World, provider: IdentityProvider, mishap: Mishap) -> Result<(), Failure> {
    add(world, at(provider)?.does(mishap.0)).await
}

/// Something goes wrong at a provider so often, whoever asks it.
///
/// Example: `Given Google answers 500 once`
#[given(expr = "{provider} {mishap} {occurrence}")]
#[when(expr = "{provider} {mishap} {occurrence}")]
async fn provider_so_often(
    world: &mut World,
    provider: IdentityProvider,
    mishap: Mishap,
    often: Occurrence,
) -> Result<(), Failure> {
    add(world, at(provider)?.does(mishap.0).times(often.0)).await
}

/// Something goes wrong whenever the tenant turns to the directory: it `is down`, `resets connections` or
/// `takes 200 milliseconds`.
///
/// Example: `Given the directory is down`
#[given(expr = "the directory {mishap}")]
#[when(expr = "the directory {mishap}")]
async fn at_directory(world: &mut World, mishap: Mishap) -> Result<(), Failure> {
    add(world, Fault::upstream("ad").does(mishap.0)).await
}

/// Something goes wrong when the tenant itself asks a provider, on its back channel; browsers see nothing of it.
///
/// Example: `Given GitHub answers 500 when the tenant asks`
#[given(expr = "{provider} {mishap} when the tenant asks")]
#[when(expr = "{provider} {mishap} when the tenant asks")]
async fn back_channel(world: &mut World, provider: IdentityProvider, mishap: Mishap) -> Result<(), Failure> {
    add(world, at(provider)?.when_the_tenant_asks().does(mishap.0)).await
}

/// Something goes wrong at one endpoint of a provider, named by method and path as it has them.
///
/// Example: `Given GitHub answers 500 at "GET /user"`
#[given(expr = "{provider} {mishap} at {string}")]
#[when(expr = "{provider} {mishap} at {string}")]
async fn provider_at(
    world: &mut World,
    provider: IdentityProvider,
    mishap: Mishap,
    endpoint: String,
) -> Result<(), Failure> {
    add(world, at(provider)?.endpoint(&endpoint).does(mishap.0)).await
}

/// A provider behaves otherwise towards one person.
///
/// Example: `Given Google declines for "ana"`
#[given(expr = "{provider} {mishap} for {person}")]
#[when(expr = "{provider} {mishap} for {person}")]
async fn provider_for(
    world: &mut World,
    provider: IdentityProvider,
    mishap: Mishap,
    person: Person,
) -> Result<(), Failure> {
    let account = account(world, provider, &person)?;
    add(world, at(provider)?.person(&account).does(mishap.0)).await
}

/// Something goes wrong when the tenant itself asks a provider about one person.
///
/// Example: `Given Google answers 500 for "ana" when the tenant asks`
#[given(expr = "{provider} {mishap} for {person} when the tenant asks")]
#[when(expr = "{provider} {mishap} for {person} when the tenant asks")]
async fn back_channel_for(
    world: &mut World,
    provider: IdentityProvider,
    mishap: Mishap,
    person: Person,
) -> Result<(), Failure> {
    let account = account(world, provider, &person)?;
    add(world, at(provider)?.when_the_tenant_asks().person(&account).does(mishap.0)).await
}

/// Something goes wrong at a part of the tenant.
///
/// Example: `Given the token endpoint answers 503`
#[given(expr = "the {endpoint} {mishap}")]
#[when(expr = "the {endpoint} {mishap}")]
async fn at_tenant(world: &mut World, endpoint: Endpoint, mishap: Mishap) -> Result<(), Failure> {
    add(world, of_tenant(endpoint).does(mishap.0)).await
}

/// Something goes wrong at a part of the tenant so often.
///
/// Example: `Given the token endpoint answers 429 twice`
#[given(expr = "the {endpoint} {mishap} {occurrence}")]
#[when(expr = "the {endpoint} {mishap} {occurrence}")]
async fn tenant_so_often(
    world: &mut World,
    endpoint: Endpoint,
    mishap: Mishap,
    often: Occurrence,
) -> Result<(), Failure> {
    add(world, of_tenant(endpoint).does(mishap.0).times(often.0)).await
}

/// Something goes wrong at an endpoint of the tenant, named by method and path; `*` in the path stands for anything.
///
/// Example: `Given the endpoint "GET /api/v2/users/*" answers 500`
#[given(expr = "the endpoint {string} {mishap}")]
#[when(expr = "the endpoint {string} {mishap}")]
async fn at_endpoint(world: &mut World, endpoint: String, mishap: Mishap) -> Result<(), Failure> {
    add(world, Fault::at(&endpoint).does(mishap.0)).await
}

/// Something goes wrong at a part of the tenant for one app, by its `client_id`.
///
/// Example: `Given the token endpoint answers 503 for the app "acme-spa"`
#[given(expr = "the {endpoint} {mishap} for the app {string}")]
#[when(expr = "the {endpoint} {mishap} for the app {string}")]
async fn tenant_for_app(
    world: &mut World,
    endpoint: Endpoint,
    mishap: Mishap,
    client_id: String,
) -> Result<(), Failure> {
    add(world, of_tenant(endpoint).client(&client_id).does(mishap.0)).await
}

/// Something goes wrong at a part of the tenant when it is about one person.
///
/// Example: `Given the token endpoint answers 503 about "ana"`
#[given(expr = "the {endpoint} {mishap} about {person}")]
#[when(expr = "the {endpoint} {mishap} about {person}")]
async fn tenant_about(world: &mut World, endpoint: Endpoint, mishap: Mishap, person: Person) -> Result<(), Failure> {
    let email = email(world, &person)?;
    add(world, of_tenant(endpoint).person(&email).does(mishap.0)).await
}

/// The login stopped because nobody answered the browser, or the app, or not to the end.
///
/// Example: `Then "ana" gets no answer`
#[then(expr = "{person} gets no answer")]
async fn gets_no_answer(world: &mut World, person: Person) -> Result<(), Failure> {
    match &world.known(&person).outcome {
        Some(Outcome::Broken(_)) => Ok(()),
        Some(other) => Err(Failure::new("no answer", other.worded())),
        None => Err(Failure::new("no answer", "nobody tried to sign in")),
    }
}

/// What went wrong last goes wrong no more.
///
/// Example: `When that fault is over`
#[given(expr = "that fault is over")]
#[when(expr = "that fault is over")]
async fn over(world: &mut World) -> Result<(), Failure> {
    let id = last(world)?;
    Ok(world.control().await?.faults().remove(&id).await?)
}

/// Nothing goes wrong any more.
///
/// Example: `When all faults are over`
#[given(expr = "all faults are over")]
#[when(expr = "all faults are over")]
async fn all_over(world: &mut World) -> Result<(), Failure> {
    Ok(world.control().await?.faults().clear().await?)
}

/// How often the fault fired that was asked for last.
///
/// Example: `Then that fault fired once`
#[then(expr = "that fault fired {occurrence}")]
async fn fired(world: &mut World, often: Occurrence) -> Result<(), Failure> {
    let id = last(world)?;
    let fault = world.control().await?.faults().get(&id).await?;
    if fault.fired == often.0 {
        return Ok(());
    }
    Err(Failure::new(format!("the fault {id} to have fired {} times", often.0), worded(&fault)))
}

/// The fault that was asked for last fired at all.
///
/// Example: `Then that fault fired`
#[then(expr = "that fault fired")]
async fn fired_at_all(world: &mut World) -> Result<(), Failure> {
    let id = last(world)?;
    let fault = world.control().await?.faults().get(&id).await?;
    if fault.fired > 0 { Ok(()) } else { Err(Failure::new(format!("the fault {id} to have fired"), worded(&fault))) }
}

/// How often it fired, and what it is about.
fn worded(fault: &FaultState) -> String {
    let asked = serde_json::to_string(&fault.fault).unwrap_or_default();
    format!("{} times; {} requests fitted its scope: {asked}", fault.fired, fault.fitted)
}

fn at(provider: IdentityProvider) -> Result<Fault, Failure> {
    if provider == IdentityProvider::Database {
        return Err(Failure::new("a provider", "the database is the tenant's own: say \"the tenant\" instead"));
    }
    Ok(Fault::upstream(provider.at()))
}

fn account(world: &mut World, provider: IdentityProvider, person: &Person) -> Result<String, Failure> {
    let none = || Failure::new(format!("a {} account of {person}", provider.name()), "none was made");
    let account = world.known(person).accounts.get(&provider).ok_or_else(none)?;
    Ok(format!("{}:{}", account.at, account.id))
}

fn of_tenant(endpoint: Endpoint) -> Fault {
    endpoint.0.map_or_else(Fault::everywhere, Fault::at)
}

/// Has something go wrong from now on.
pub(super) async fn add(world: &mut World, fault: Fault) -> Result<(), Failure> {
    // The administrator's own token comes first: asking for it is nothing that a scenario is about.
    world.management().await?;
    let added = world.control().await?.faults().add(&fault).await?;
    world.fault = Some(added.id);
    Ok(())
}

fn last(world: &World) -> Result<String, Failure> {
    world.fault.clone().ok_or_else(|| Failure::new("a fault", "none was asked for"))
}

/// The address by which somebody signs in with a password, or else has at a provider.
pub(super) fn email(world: &mut World, person: &Person) -> Result<String, Failure> {
    let none = || Failure::new(format!("an account of {person} with an e-mail address"), "none was made");
    let known = world.known(person);
    let database = known.accounts.get(&IdentityProvider::Database).or_else(|| known.accounts.values().next());
    database.and_then(|account| account.email.clone()).ok_or_else(none)
}
