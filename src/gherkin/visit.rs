//! A visit to the app: `/authorize`, the pages, the callback, the exchange of the code.

use crate::client::browser::Arrival;
use crate::client::callback::Callback;
use crate::client::error::ClientError;
use crate::client::form::Form;
use crate::client::journey::Journey;
use crate::client::login::Login;
use crate::client::people;
use crate::client::tokens::Tokens;
use crate::gherkin::known::{Outcome, Session};
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use serde_json::Map;

/// Opens the app's link in a browser that nobody used before, goes through all pages, and has the app exchange the code.
/// The outcome is kept with the person.
///
/// # Errors
/// A [`Failure`] when a page or an answer is not what the protocol says; a login that ends in an error is none.
pub async fn sign_in(world: &mut World, person: &Person, journey: &Journey) -> Result<(), Failure> {
    world.known(person).browser = None;
    match begin(world, person, &[]).await? {
        Some((login, arrival)) => travel(world, person, login, arrival, Some(journey)).await,
        None => Ok(()),
    }
}

/// Opens the app's link in the browser used last and stops at whatever is shown first.
///
/// # Errors
/// As [`sign_in`].
pub async fn come_back(world: &mut World, person: &Person, extra: &[(&str, &str)]) -> Result<(), Failure> {
    match begin(world, person, extra).await? {
        Some((login, arrival)) => travel(world, person, login, arrival, None).await,
        None => Ok(()),
    }
}

/// Opens the app's link, with `extra` in it, in a browser that nobody used before.
///
/// # Errors
/// As [`sign_in`].
pub async fn open(world: &mut World, person: &Person, extra: &[(&str, &str)]) -> Result<Arrival, Failure> {
    world.known(person).browser = None;
    let begun = begin(world, person, extra).await?;
    let known = world.known(person);
    let ended = || known.outcome.as_ref().map(Outcome::worded).unwrap_or_default();
    let (login, arrival) = begun.ok_or_else(|| Failure::new("a page", ended()))?;
    known.pending = Some(login);
    Ok(arrival)
}

/// Sends a form of the page that [`open`] came to, and goes on through all pages.
///
/// # Errors
/// As [`sign_in`].
pub async fn go_on(world: &mut World, person: &Person, form: Form, journey: &Journey) -> Result<(), Failure> {
    let known = world.known(person);
    let (Some(login), Some(browser)) = (known.pending.take(), known.browser.as_mut()) else {
        return Err(Failure::new("a login that was begun", "none"));
    };
    let arrival = browser.submit(form).await?;
    travel(world, person, login, arrival, Some(journey)).await
}

/// A person who signs in there with the account and does all that the pages ask.
pub fn willing(provider: IdentityProvider, account: people::Person) -> Journey {
    match provider {
        IdentityProvider::Database => Journey::by_password(account),
        _ => Journey::by_provider(provider.connection(), account),
    }
}

/// The account of somebody who makes it on the sign-up page.
pub fn self_made(email: &str, password: &str) -> people::Person {
    people::Person {
        at: "database".to_owned(),
        id: String::new(),
        email: Some(email.to_owned()),
        password: Some(password.to_owned()),
        name: None,
        profile: Map::new(),
        grants: None,
    }
}

/// Opens the app's link; nothing when nobody answers, and that is the outcome then.
async fn begin(
    world: &mut World,
    person: &Person,
    extra: &[(&str, &str)],
) -> Result<Option<(Login, Arrival)>, Failure> {
    let mut parameters = world.parameters.clone();
    for (name, value) in extra {
        parameters.retain(|(known, _)| known != name);
        parameters.push(((*name).to_owned(), (*value).to_owned()));
    }
    let login = world.app().await?.begin_login(&parameters)?;
    let fresh = world.new_browser()?;
    let browser = world.known(person).browser.get_or_insert(fresh);
    let arrival = browser.open(&login.url).await;
    Ok(unless_broken(world, person, arrival)?.map(|arrival| (login, arrival)))
}

/// What came; or nothing, when nobody answered, and that is the outcome then.
fn unless_broken<T>(world: &mut World, person: &Person, came: Result<T, ClientError>) -> Result<Option<T>, Failure> {
    match came {
        Ok(came) => Ok(Some(came)),
        Err(error @ ClientError::Unreachable { .. }) => {
            world.known(person).outcome = Some(Outcome::Broken(error.to_string()));
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

async fn travel(
    world: &mut World,
    person: &Person,
    login: Login,
    arrival: Arrival,
    journey: Option<&Journey>,
) -> Result<(), Failure> {
    let arrival = match (journey, world.known(person).browser.as_mut()) {
        (Some(journey), Some(browser)) => journey.travel(browser, arrival).await,
        _ => Ok(arrival),
    };
    let Some(arrival) = unless_broken(world, person, arrival)? else { return Ok(()) };
    match arrival {
        Arrival::Page(page) => world.known(person).outcome = Some(Outcome::Shown(page)),
        Arrival::Callback(callback) => arrive(world, person, login, callback).await?,
    }
    Ok(())
}

/// What the app does with what its callback received.
async fn arrive(world: &mut World, person: &Person, login: Login, callback: Callback) -> Result<(), Failure> {
    if let Some(error) = callback.get("error") {
        let description = callback.get("error_description").unwrap_or_default().to_owned();
        let echoed = callback.get("state") == login.get("state");
        world.known(person).outcome = Some(Outcome::Refused { error: error.to_owned(), description });
        return if echoed {
            Ok(())
        } else {
            Err(Failure::new("the app's state in the error", format!("{callback:?}")))
        };
    }
    let app = world.app().await?;
    let answer = match callback.get("code") {
        Some(_) => app.redeem(&login, &callback).await,
        None => Ok(Tokens::of_callback(&callback)),
    };
    if matches!(answer, Err(ClientError::Unreachable { .. })) {
        return unless_broken(world, person, answer).map(drop);
    }
    let tokens = match answer {
        Ok(tokens) => tokens,
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("the code to be exchanged", error.to_string()))?;
            let outcome = Outcome::Refused { error: refusal.code.clone(), description: refusal.message.clone() };
            world.known(person).outcome = Some(outcome);
            return Ok(());
        }
    };
    // One that came with the code is bound to it.
    let id_token = match callback.get("id_token").or(tokens.id_token.as_deref()) {
        Some(token) => Some(app.verify_id_token(token, Some(&login)).await?),
        None => None,
    };
    world.known(person).signed_in(Session { login: Some((login, callback)), tokens, id_token });
    Ok(())
}
