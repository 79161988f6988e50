//! Apps that speak WS-Federation: the tenant is their token service.

use crate::client::browser::Arrival;
use crate::client::people;
use crate::client::relying_party::RelyingParty;
use crate::gherkin::known::Outcome;
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::visit;
use crate::gherkin::world::{CALLBACK, World};
use cucumber::{given, when};

/// Somebody signs in to the app of a client that speaks WS-Federation, in a browser that nobody used before; the app reads
/// the tenant's metadata first and checks the token as a library does.
///
/// Example: `When "ana" signs in to the WS-Federation app "acme-wsfed-app" with the database`
#[given(expr = "{person} signs in to the WS-Federation app {string} with (the ){provider}")]
#[when(expr = "{person} signs in to the WS-Federation app {string} with (the ){provider}")]
async fn signs_in(
    world: &mut World,
    person: Person,
    client: String,
    provider: IdentityProvider,
) -> Result<(), Failure> {
    let account = world.known(&person).accounts.get(&provider).cloned();
    let account = account.ok_or_else(|| Failure::new(format!("an account of {person} there"), "none was made"))?;
    world.known(&person).browser = Some(world.new_browser()?);
    visit_app(world, &person, &client, Some((provider, account))).await
}

/// Somebody opens the app of a client that speaks WS-Federation, in the browser used last, and does nothing on any page.
///
/// Example: `When "ana" comes back to the WS-Federation app "acme-wsfed-app"`
#[when(expr = "{person} comes back to the WS-Federation app {string}")]
async fn comes_back(world: &mut World, person: Person, client: String) -> Result<(), Failure> {
    visit_app(world, &person, &client, None).await
}

/// Somebody signs out by the endpoint of WS-Federation, in the browser used last.
///
/// Example: `When "ana" signs out of the WS-Federation app "acme-wsfed-app"`
#[when(expr = "{person} signs out of the WS-Federation app {string}")]
async fn signs_out(world: &mut World, person: Person, client: String) -> Result<(), Failure> {
    let issuer = world.tenant().await?.issuer;
    let none = || Failure::new("a browser to sign out in", "none was used");
    let browser = world.known(&person).browser.as_mut().ok_or_else(none)?;
    browser.open(&format!("{issuer}wsfed?wa=wsignoutcleanup1.0&wtrealm=urn:{client}")).await?;
    Ok(())
}

async fn visit_app(
    world: &mut World,
    person: &Person,
    client: &str,
    account: Option<(IdentityProvider, people::Person)>,
) -> Result<(), Failure> {
    let issuer = world.tenant().await?.issuer;
    let app = RelyingParty::of_client(&world.transport()?, &issuer, client, CALLBACK).await?;
    let known = world.known(person);
    let browser = known.browser.as_mut().ok_or_else(|| Failure::new("a browser", "none was used"))?;
    let mut arrival = browser.open(&app.login()?).await?;
    if let Some((provider, account)) = account {
        arrival = visit::willing(provider, account).travel(browser, arrival).await?;
    }
    known.told = None;
    match arrival {
        Arrival::Page(page) => known.outcome = Some(Outcome::Shown(page)),
        Arrival::Callback(callback) => known.told = Some(app.read(&callback)?),
    }
    Ok(())
}
