//! Signing out as OpenID Connect has it: `/oidc/logout` with its hints.

use crate::client::browser::{Arrival, Browser};
use crate::gherkin::known::Outcome;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::{Failure, worded};
use crate::gherkin::steps::session::GOODBYE;
use crate::gherkin::world::{CALLBACK, World};
use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use serde_json::Value;

/// The app sends somebody to the logout of OpenID Connect, in the browser used last, with the parameters of a table. In
/// a value `{ID token}` stands for the ID token that the app got last, `{session}` for the session named in it,
/// `{client}` for the app's id and `{goodbye}` for the app's goodbye page.
///
/// Example: `When the app logs "ana" out with:`
#[given(expr = "the app logs {person} out with:")]
#[when(expr = "the app logs {person} out with:")]
async fn logs_out(world: &mut World, person: Person, step: &Step) -> Result<(), Failure> {
    let mut parameters = Vec::new();
    for row in step.table.iter().flat_map(|table| &table.rows) {
        if let [name, value] = row.as_slice() {
            parameters.push((name.clone(), fill(world, &person, value).await?));
        }
    }
    let url = world.app().await?.oidc_logout(&parameters)?;
    let mut browser = goodbye_browser(world, &person)?;
    let arrival = browser.open(&url).await?;
    arrive(world, &person, browser, arrival);
    Ok(())
}

/// Somebody answers the page that asks, by pressing a button.
///
/// Example: `When "ana" answers "Yes"`
#[when(expr = "{person} answers {string}")]
async fn answers(world: &mut World, person: Person, button: String) -> Result<(), Failure> {
    let form = match &world.known(&person).outcome {
        Some(Outcome::Shown(page)) => page.form_with("proof")?.press(&button)?,
        _ => return Err(Failure::new("a page that asks", "none is shown")),
    };
    let mut browser = goodbye_browser(world, &person)?;
    let arrival = browser.submit(form).await?;
    arrive(world, &person, browser, arrival);
    Ok(())
}

/// The logout stopped at the page that asks whether it is meant.
///
/// Example: `Then "ana" is asked whether to log out`
#[then(expr = "{person} is asked whether to log out")]
async fn is_asked(world: &mut World, person: Person) -> Result<(), Failure> {
    match &world.known(&person).outcome {
        Some(Outcome::Shown(page)) if page.url.path() == "/oidc/logout/confirm" => Ok(()),
        Some(outcome) => Err(Failure::new("to be asked whether to log out", outcome.worded())),
        None => Err(Failure::new("to be asked whether to log out", "the app's goodbye page")),
    }
}

/// The logout ended where the app wanted.
///
/// Example: `Then "ana" is on the app's goodbye page`
#[then(expr = "{person} is on the app's goodbye page")]
async fn is_there(world: &mut World, person: Person) -> Result<(), Failure> {
    let known = world.known(&person);
    match (&known.farewell, &known.outcome) {
        (Some(_), _) => Ok(()),
        (None, Some(outcome)) => Err(Failure::new("to be on the goodbye page", outcome.worded())),
        (None, None) => Err(Failure::new("to be on the goodbye page", "nobody signed out")),
    }
}

/// The app's goodbye page was told this.
///
/// Example: `Then the goodbye page of "ana" is told "state" "abc"`
#[then(expr = "the goodbye page of {person} is told {string} {string}")]
async fn is_told(world: &mut World, person: Person, name: String, expected: String) -> Result<(), Failure> {
    let none = || Failure::new("to be on the goodbye page", "nobody signed out, or went elsewhere");
    let found = world.known(&person).farewell.as_ref().ok_or_else(none)?.get(&name).map(Value::from);
    if found == Some(Value::from(expected.clone())) {
        return Ok(());
    }
    Err(Failure::new(format!("{name} to be {expected:?}"), worded(found.as_ref())))
}

/// The browser used last, as one that stops before the app's goodbye page.
fn goodbye_browser(world: &mut World, person: &Person) -> Result<Browser, Failure> {
    let none = || Failure::new("a browser to sign out in", "none was used");
    Ok(world.known(person).browser.clone().ok_or_else(none)?.returning_to(GOODBYE))
}

fn arrive(world: &mut World, person: &Person, browser: Browser, arrival: Arrival) {
    let known = world.known(person);
    known.browser = Some(browser.returning_to(CALLBACK));
    (known.farewell, known.outcome) = match arrival {
        Arrival::Callback(callback) => (Some(callback), None),
        Arrival::Page(page) => (None, Some(Outcome::Shown(page))),
    };
}

async fn fill(world: &mut World, person: &Person, value: &str) -> Result<String, Failure> {
    let mut value = value.replace("{goodbye}", GOODBYE);
    if value.contains("{ID token}") {
        let token = world.known(person).session()?.tokens.id_token.clone().unwrap_or_default();
        value = value.replace("{ID token}", &token);
    }
    if value.contains("{session}") {
        let claims = world.known(person).session()?.id_token.as_ref().map(|token| &token.claims);
        let sid = claims.and_then(|claims| claims.get("sid")).and_then(Value::as_str);
        let sid = sid.unwrap_or_default().to_owned();
        value = value.replace("{session}", &sid);
    }
    world.fill_text(person, value).await
}
