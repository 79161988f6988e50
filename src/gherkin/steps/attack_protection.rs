//! Logins that attack protection refuses, because a test asked for it.

use crate::client::browser::Arrival;
use crate::client::faults::Fault;
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::steps::faults::{add, email};
use crate::gherkin::visit;
use crate::gherkin::world::World;
use cucumber::{given, when};

/// Somebody can't sign in with a password, right or wrong: there were too many attempts.
///
/// Example: `Given "ana" is blocked after too many attempts`
#[given(expr = "{person} is blocked after too many attempts")]
#[when(expr = "{person} is blocked after too many attempts")]
async fn blocked(world: &mut World, person: Person) -> Result<(), Failure> {
    let email = email(world, &person)?;
    add(world, Fault::at_login().person(&email).brute_force_block()).await
}

/// Somebody's right password does not sign them in: it is known from a breach elsewhere.
///
/// Example: `Given the password of "ana" is known from a breach`
#[given(expr = "the password of {person} is known from a breach")]
#[when(expr = "the password of {person} is known from a breach")]
async fn breached(world: &mut World, person: Person) -> Result<(), Failure> {
    let email = email(world, &person)?;
    add(world, Fault::at_login().person(&email).breached_password()).await
}

/// The login page demands a captcha of everybody.
///
/// Example: `Given a captcha is demanded`
#[given(expr = "a captcha is demanded")]
#[when(expr = "a captcha is demanded")]
async fn captcha(world: &mut World) -> Result<(), Failure> {
    add(world, Fault::at_login().captcha()).await
}

/// Somebody signs in with the password and types what the captcha shows.
///
/// Example: `When "ana" signs in with the database and solves the captcha`
#[when(expr = "{person} signs in with the database and solves the captcha")]
async fn solves(world: &mut World, person: Person) -> Result<(), Failure> {
    sign_in_with_captcha(world, &person, None).await?;
    world.known(&person).session().map(drop)
}

/// Somebody signs in with the password and types this for the captcha.
///
/// Example: `When "ana" tries to sign in with the database and types "robot" as the captcha`
#[when(expr = "{person} tries to sign in with the database and types {string} as the captcha")]
async fn types_captcha(world: &mut World, person: Person, typed: String) -> Result<(), Failure> {
    sign_in_with_captcha(world, &person, Some(&typed)).await
}

async fn sign_in_with_captcha(world: &mut World, person: &Person, typed: Option<&str>) -> Result<(), Failure> {
    let none = || Failure::new(format!("a database account of {person}"), "none was made");
    let account = world.known(person).accounts.get(&IdentityProvider::Database).cloned().ok_or_else(none)?;
    let Arrival::Page(page) = visit::open(world, person, &[]).await? else {
        return Err(Failure::new("a login page", "no page at all"));
    };
    let shown = page.attribute_at(".ulp-captcha", "data-captcha-answer");
    let shown = shown.ok_or_else(|| Failure::new("a captcha", page.text()))?;
    let form = page.form_with("captcha")?.fill("captcha", typed.unwrap_or(&shown))?;
    let form = form.fill("username", account.email.as_deref().unwrap_or_default())?;
    let form = form.fill("password", account.password.as_deref().unwrap_or_default())?.press("default")?;
    visit::go_on(world, person, form, &visit::willing(IdentityProvider::Database, account)).await
}
