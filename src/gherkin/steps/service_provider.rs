//! Apps that speak SAML: the tenant is their identity provider.

use crate::client::browser::Arrival;
use crate::client::journey::Journey;
use crate::client::service_provider::{ServiceProvider, Told};
use crate::gherkin::known::Outcome;
use crate::gherkin::parameters::{Given, IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::visit;
use crate::gherkin::world::{CALLBACK, World};
use cucumber::{given, then, when};

/// Somebody signs in to the app of a client that speaks SAML, in a browser that nobody used before; the app reads the
/// tenant's metadata first and checks the response as a library does.
///
/// Example: `When "ana" signs in to the SAML app "acme-saml-app" with the database`
#[given(expr = "{person} signs in to the SAML app {string} with (the ){provider}")]
#[when(expr = "{person} signs in to the SAML app {string} with (the ){provider}")]
async fn signs_in(
    world: &mut World,
    person: Person,
    client: String,
    provider: IdentityProvider,
) -> Result<(), Failure> {
    let account = world.known(&person).accounts.get(&provider).cloned();
    let account = account.ok_or_else(|| Failure::new(format!("an account of {person} there"), "none was made"))?;
    world.known(&person).browser = Some(world.new_browser()?);
    visit_app(world, &person, &client, Some(&visit::willing(provider, account))).await
}

/// Somebody opens the app of a client that speaks SAML, in the browser used last, without letting a page be shown.
///
/// Example: `When the SAML app "acme-saml-app" checks silently for "ana"`
#[when(expr = "the SAML app {string} checks silently for {person}")]
async fn checks(world: &mut World, client: String, person: Person) -> Result<(), Failure> {
    let fresh = world.new_browser()?;
    world.known(&person).browser.get_or_insert(fresh);
    visit_app(world, &person, &client, None).await
}

/// The app was told that somebody signed in, and who, by this name identifier.
///
/// Example: `Then the SAML app knows "ana" as "ana@people.example"`
#[then(expr = "the SAML/WS-Federation app knows {person} as {string}")]
async fn knows(world: &mut World, person: Person, expected: String) -> Result<(), Failure> {
    match &world.known(&person).told {
        Some(Told::SignedIn { name_id, .. }) if *name_id == expected => Ok(()),
        told => Err(Failure::new(format!("the name {expected:?}"), format!("{told:?}"))),
    }
}

/// The app was told this attribute of somebody, or values of it.
///
/// Example: `Then the SAML app is told "http://schemas.auth0.com/nickname" "ana" of "ana"`
#[then(expr = "the SAML/WS-Federation app is told {string} {value} of {person}")]
async fn is_told(world: &mut World, name: String, expected: Given, person: Person) -> Result<(), Failure> {
    let values = match &world.known(&person).told {
        Some(Told::SignedIn { attributes, .. }) => attributes.get(&name).cloned().unwrap_or_default(),
        told => return Err(Failure::new("to be told who signed in", format!("{told:?}"))),
    };
    let found = match values.as_slice() {
        [one] => one.clone().into(),
        many => serde_json::Value::from(many),
    };
    if found == expected.0 { Ok(()) } else { Err(Failure::new(expected.0.to_string(), found.to_string())) }
}

/// The app was not told this attribute of somebody.
///
/// Example: `Then the SAML app is not told "http://schemas.auth0.com/nickname" of "ana"`
#[then(expr = "the SAML/WS-Federation app is not told {string} of {person}")]
async fn is_not_told(world: &mut World, name: String, person: Person) -> Result<(), Failure> {
    match &world.known(&person).told {
        Some(Told::SignedIn { attributes, .. }) if !attributes.contains_key(&name) => Ok(()),
        told => Err(Failure::new(format!("nothing of {name:?}"), format!("{told:?}"))),
    }
}

/// The app was told that nobody signed in: the last word of the most special status code, and the message.
///
/// Example: `Then the SAML app is told "NoPassive", "Login required" of "ana"`
#[then(expr = "the SAML/WS-Federation app is told {string}, {string} of {person}")]
async fn failed(world: &mut World, code: String, text: String, person: Person) -> Result<(), Failure> {
    let told = &world.known(&person).told;
    let Some(Told::Refused { codes, message }) = told else {
        return Err(Failure::new(format!("{code}: {text}"), format!("{told:?}")));
    };
    let is_it = codes.last().is_some_and(|last| last.ends_with(&format!(":{code}")));
    if is_it && *message == text { Ok(()) } else { Err(Failure::new(format!("{code}: {text}"), format!("{told:?}"))) }
}

async fn visit_app(world: &mut World, person: &Person, client: &str, journey: Option<&Journey>) -> Result<(), Failure> {
    let issuer = world.tenant().await?.issuer;
    let app = ServiceProvider::of_client(&world.transport()?, &issuer, client, CALLBACK).await?;
    let known = world.known(person);
    let browser = known.browser.as_mut().ok_or_else(|| Failure::new("a browser", "none was used"))?;
    let mut arrival = browser.open(&app.login(journey.is_none())?).await?;
    if let Some(journey) = journey {
        arrival = journey.travel(browser, arrival).await?;
    }
    match arrival {
        Arrival::Page(page) => {
            known.outcome = Some(Outcome::Shown(page));
            known.told = None;
        }
        Arrival::Callback(callback) => known.told = Some(app.read(&callback)?),
    }
    Ok(())
}
