//! Coming back: single sign-on, silent checks, signing out.

use crate::client::browser::Arrival;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::visit;
use crate::gherkin::world::{CALLBACK, World};
use cucumber::{given, when};

/// Where the app wants people to end up after signing out.
pub(super) const GOODBYE: &str = "http://localhost:8484/goodbye";

/// Somebody opens the app again in the browser used last. Whether a page is shown or the app is reached at once is for
/// the next steps to say.
///
/// Example: `When "ana" comes back to the app`
#[given(expr = "{person} comes back to the app")]
#[when(expr = "{person} comes back to the app")]
async fn comes_back(world: &mut World, person: Person) -> Result<(), Failure> {
    visit::come_back(world, &person, &[]).await
}

/// The app asks whether somebody is signed in, without letting a page be shown (`prompt=none`).
///
/// Example: `When the app checks silently for "ana"`
#[given(expr = "the app checks silently for {person}")]
#[when(expr = "the app checks silently for {person}")]
async fn checks_silently(world: &mut World, person: Person) -> Result<(), Failure> {
    visit::come_back(world, &person, &[("prompt", "none")]).await
}

/// Somebody opens the app in a browser that nobody used before.
///
/// Example: `When "ana" opens the app in another browser`
#[given(expr = "{person} opens the app in another browser")]
#[when(expr = "{person} opens the app in another browser")]
async fn another_browser(world: &mut World, person: Person) -> Result<(), Failure> {
    world.known(&person).browser = None;
    visit::come_back(world, &person, &[]).await
}

/// Somebody signs out, in the browser used last.
///
/// Example: `When "ana" signs out`
#[given(expr = "{person} signs out")]
#[when(expr = "{person} signs out")]
async fn signs_out(world: &mut World, person: Person) -> Result<(), Failure> {
    let url = world.app().await?.logout(GOODBYE)?;
    let Some(browser) = world.known(&person).browser.clone() else {
        return Err(Failure::new("a browser to sign out in", "none was used"));
    };
    let mut browser = browser.returning_to(GOODBYE);
    let arrival = browser.open(&url).await?;
    let known = world.known(&person);
    known.browser = Some(browser.returning_to(CALLBACK));
    match arrival {
        Arrival::Callback(_) => Ok(()),
        Arrival::Page(page) => {
            Err(Failure::new("to be sent to the app's goodbye page", format!("{} {}", page.status, page.text())))
        }
    }
}
