//! Forgotten passwords: asked for on the login page or by the app, chosen with the mail's link.

use crate::client::browser::Arrival;
use crate::client::page::Page;
use crate::gherkin::known::Outcome;
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::steps::mail::arrived;
use crate::gherkin::visit;
use crate::gherkin::world::World;
use cucumber::{given, then, when};

/// Somebody opens the app's login page, says that the password is forgotten, and types the account's own address.
///
/// Example: `When "ana" asks for another password`
#[given(expr = "{person} asks for another password")]
#[when(expr = "{person} asks for another password")]
async fn asks(world: &mut World, person: Person) -> Result<(), Failure> {
    let account = world.known(&person).accounts.get(&IdentityProvider::Database);
    let none = || Failure::new("an e-mail address", "no database account was made");
    let email = account.and_then(|account| account.email.clone()).ok_or_else(none)?;
    ask_as(world, &person, &email).await
}

/// The same, with any address.
///
/// Example: `When "ana" asks for another password for "nobody@people.example"`
#[when(expr = "{person} asks for another password for {string}")]
async fn asks_for(world: &mut World, person: Person, email: String) -> Result<(), Failure> {
    ask_as(world, &person, &email).await
}

/// The app itself asks for the mail, without any page: for somebody, or for an address.
///
/// Example: `When the app asks for a password mail to "ana@people.example"`
#[given(expr = "the app asks for a password mail to {person}")]
#[when(expr = "the app asks for a password mail to {person}")]
async fn app_asks(world: &mut World, person: Person) -> Result<(), Failure> {
    let account = world.known(&person).accounts.get(&IdentityProvider::Database);
    let email = account.and_then(|account| account.email.clone()).unwrap_or(person.0);
    let connection = IdentityProvider::Database.connection();
    let answer = world.app().await?.change_password(connection, &email).await?;
    let expected = "We've just sent you an email to reset your password.";
    if answer == expected { Ok(()) } else { Err(Failure::new(expected, answer)) }
}

/// Somebody types a new password twice on the page that the link opened.
///
/// Example: `When "ana" chooses the password "N3w!passphrase"`
#[given(expr = "{person} chooses the password {string}")]
#[when(expr = "{person} chooses the password {string}")]
async fn chooses(world: &mut World, person: Person, password: String) -> Result<(), Failure> {
    choose(world, &person, &password, &password).await
}

/// Somebody types two passwords that are not the same.
///
/// Example: `When "ana" chooses the password "N3w!passphrase" and then "N3w!passphrases"`
#[when(expr = "{person} chooses the password {string} and then {string}")]
async fn chooses_two(world: &mut World, person: Person, one: String, other: String) -> Result<(), Failure> {
    choose(world, &person, &one, &other).await
}

/// Somebody tries to sign in, and ends up with tokens in the app's hands.
///
/// Example: `Then "ana" can sign in with the database`
#[then(expr = "{person} can sign in with (the ){provider}")]
async fn can_sign_in(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let none = || Failure::new(format!("a {} account of {person}", provider.name()), "none was made");
    let account = world.known(&person).accounts.get(&provider).cloned().ok_or_else(none)?;
    visit::sign_in(world, &person, &visit::willing(provider, account)).await?;
    world.known(&person).session().map(drop)
}

async fn ask_as(world: &mut World, person: &Person, email: &str) -> Result<(), Failure> {
    let Arrival::Page(login) = visit::open(world, person, &[]).await? else {
        return Err(Failure::new("the login page", "no page at all"));
    };
    let none = || Failure::new("a browser", "none was used");
    let browser = world.known(person).browser.as_mut().ok_or_else(none)?;
    let Arrival::Page(page) = browser.follow(&login, "Forgot password?").await? else {
        return Err(Failure::new("a page to ask on", "no page at all"));
    };
    let form = page.form_with("email")?.fill("email", email)?.press("default")?;
    let arrival = browser.submit(form).await?;
    arrived(world, person, arrival);
    Ok(())
}

async fn choose(world: &mut World, person: &Person, one: &str, other: &str) -> Result<(), Failure> {
    let known = world.known(person);
    let Some(Outcome::Shown(page)) = &known.outcome else {
        return Err(Failure::new("a page to choose a password on", "none is shown"));
    };
    let form = page.form_with("password-reset")?.fill("password-reset", one)?.fill("re-enter-password", other)?;
    let browser = known.browser.as_mut().ok_or_else(|| Failure::new("a browser", "none was used"))?;
    let arrival = browser.submit(form.press("default")?).await?;
    if is_good(&arrival)
        && let Some(account) = known.accounts.get_mut(&IdentityProvider::Database)
    {
        account.password = Some(one.to_owned());
    }
    arrived(world, person, arrival);
    Ok(())
}

fn is_good(arrival: &Arrival) -> bool {
    let shown = |page: &Page| page.status < 400;
    match arrival {
        Arrival::Page(page) => shown(page),
        Arrival::Callback(callback) => callback.get("success") == Some("true"),
    }
}
