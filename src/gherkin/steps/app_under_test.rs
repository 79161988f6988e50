//! The app under test: a program of its own, driven through its own pages. It knows the tenant by one address, so a
//! scenario that names it runs on the target's tenant itself and alone, and the tenant is reset before and after.

use crate::client::browser::Browser;
use crate::client::page::Page;
use crate::gherkin::document::Document;
use crate::gherkin::parameters::{Given, IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::site::{Site, visit};
use crate::gherkin::steps::sign_in::journey;
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::Value;

/// The app listens at this address. It signs people in at `/login` and out at `/logout`.
///
/// Example: `Given the app at "http://localhost:3000"`
#[given(expr = "the app at {string}")]
async fn app_at(world: &mut World, url: String) -> Result<(), Failure> {
    world.site = Some(Site::at(&url)?);
    Ok(())
}

/// The app listens at this address and signs people in at this path of it.
///
/// Example: `Given the app at "http://localhost:3000", whose login is at "/auth/login"`
#[given(expr = "the app at {string}, whose login is at {string}")]
async fn app_with_login(world: &mut World, url: String, login: String) -> Result<(), Failure> {
    world.site = Some(Site { login, ..Site::at(&url)? });
    Ok(())
}

/// The app listens at this address and signs people in and out at these paths of it.
///
/// Example: `Given the app at "http://localhost:3000", whose login is at "/auth/login" and whose logout is at "/auth/logout"`
#[given(expr = "the app at {string}, whose login is at {string} and whose logout is at {string}")]
async fn app_with_paths(world: &mut World, url: String, login: String, logout: String) -> Result<(), Failure> {
    world.site = Some(Site { login, logout, ..Site::at(&url)? });
    Ok(())
}

/// The app listens where the run was told, with `--app-url`.
///
/// Example: `Given the app under test`
#[given("the app under test")]
async fn app_under_test(world: &mut World) -> Result<(), Failure> {
    let url = world.app_url()?;
    world.site = Some(Site::at(&url)?);
    Ok(())
}

/// Somebody signs in to the app in a browser that nobody used before: opens its login, goes through the tenant's and the
/// provider's pages, and ends at a page of the app.
///
/// Example: `When "ana" signs in to the app with "facebook"`
#[given(expr = "{person} signs in to the app with (the ){provider}")]
#[when(expr = "{person} signs in to the app with (the ){provider}")]
async fn signs_in(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let page = try_to_sign_in(world, &person, provider).await?;
    if world.site()?.has(&page.url) && page.status < 400 {
        return Ok(());
    }
    Err(Failure::new("to end at a page of the app", worded(&page)))
}

/// Somebody tries to sign in to the app, as in "signs in"; what comes of it is for the next steps to say.
///
/// Example: `When "ana" tries to sign in to the app with Google`
#[when(expr = "{person} tries to sign in to the app with (the ){provider}")]
async fn tries_to_sign_in(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    try_to_sign_in(world, &person, provider).await.map(drop)
}

/// Somebody opens a page of the app in the browser used last, and sees whatever is shown first.
///
/// Example: `When "ana" opens "/orders" in the app`
#[given(expr = "{person} opens {string} in the app")]
#[when(expr = "{person} opens {string} in the app")]
async fn opens(world: &mut World, person: Person, path: String) -> Result<(), Failure> {
    let browser = browser(world, &person)?;
    visit(world, &person, browser, &path, None).await.map(drop)
}

/// Somebody signs out of the app, in the browser used last, and ends at a page of the app.
///
/// Example: `When "ana" signs out of the app`
#[given(expr = "{person} signs out of the app")]
#[when(expr = "{person} signs out of the app")]
async fn signs_out(world: &mut World, person: Person) -> Result<(), Failure> {
    let path = world.site()?.logout.clone();
    let browser = browser(world, &person)?;
    let page = visit(world, &person, browser, &path, None).await?;
    if world.site()?.has(&page.url) && page.status < 400 {
        return Ok(());
    }
    Err(Failure::new("to end at a page of the app", worded(&page)))
}

/// The page of the app that was shown last says this, somewhere.
///
/// Example: `Then the app shows "Welcome, Ana"`
#[then(expr = "the app shows {string}")]
async fn shows(world: &mut World, words: String) -> Result<(), Failure> {
    let page = shown(world)?;
    if page.text().contains(&words) {
        return Ok(());
    }
    Err(Failure::new(format!("the app to show {words:?}"), worded(&page)))
}

/// The page of the app that was shown last does not say this.
///
/// Example: `Then the app does not show "Sign in"`
#[then(expr = "the app does not show {string}")]
async fn does_not_show(world: &mut World, words: String) -> Result<(), Failure> {
    let page = shown(world)?;
    if page.text().contains(&words) {
        return Err(Failure::new(format!("the app not to show {words:?}"), worded(&page)));
    }
    Ok(())
}

/// The app's first page, opened anew in the browser used last, says this, somewhere: a name, an address, whatever the app
/// calls people.
///
/// Example: `Then "ana" is signed in to the app as "ana@people.example"`
#[then(expr = "{person} is signed in to the app as {string}")]
async fn is_signed_in_as(world: &mut World, person: Person, name: String) -> Result<(), Failure> {
    let browser = browser(world, &person)?;
    let page = visit(world, &person, browser, "/", None).await?;
    if world.site()?.has(&page.url) && page.status < 400 && page.text().contains(&name) {
        return Ok(());
    }
    Err(Failure::new(format!("the app's first page to show {name:?}"), worded(&page)))
}

/// The ID token that the app received last has this value for a claim. It is what the tenant gave the app, whatever the
/// app made of it.
///
/// Example: `Then the app received an ID token whose "email" is "ana@people.example"`
#[then(expr = "the app received an ID token whose {string} is {value}")]
async fn received(world: &mut World, claim: String, expected: Given) -> Result<(), Failure> {
    let person = world.shown.as_ref().map_or_else(|| Person(String::new()), |(person, _)| person.clone());
    let expected = world.fill(&person, expected.0).await?;
    let issued = world.control().await?.issued().await?;
    let claims = issued.into_iter().find_map(|issued| issued.id_token);
    let claims = claims.ok_or_else(|| Failure::new("the app to receive an ID token", "the tenant gave it none"))?;
    Document::new("the ID token that the app received".to_owned(), claims).expect(&claim, &expected)
}

/// The tenant gave the app no ID token.
///
/// Example: `Then the app received no ID token`
#[then("the app received no ID token")]
async fn received_none(world: &mut World) -> Result<(), Failure> {
    let issued = world.control().await?.issued().await?;
    match issued.into_iter().find_map(|issued| issued.id_token) {
        None => Ok(()),
        Some(claims) => Err(Failure::new("the app to receive no ID token", Value::Object(claims).to_string())),
    }
}

async fn try_to_sign_in(world: &mut World, person: &Person, provider: IdentityProvider) -> Result<Page, Failure> {
    let journey = journey(world, person, provider)?;
    let path = world.site()?.login.clone();
    let browser = Browser::new(world.transport()?);
    let page = visit(world, person, browser, &path, Some(&journey)).await?;
    let issued = world.control().await?.issued().await?;
    let claims = issued.into_iter().find_map(|issued| issued.id_token).unwrap_or_default();
    let subject = claims.get("sub").and_then(Value::as_str).map(str::to_owned);
    world.known(person).user_ids.extend(subject);
    Ok(page)
}

/// The browser used last, or a fresh one.
fn browser(world: &mut World, person: &Person) -> Result<Browser, Failure> {
    let fresh = Browser::new(world.transport()?);
    Ok(world.known(person).browser.clone().unwrap_or(fresh))
}

fn shown(world: &World) -> Result<Page, Failure> {
    let none = || Failure::new("a page of the app", "nobody opened one");
    world.shown.as_ref().map(|(_, page)| page.clone()).ok_or_else(none)
}

fn worded(page: &Page) -> String {
    format!("{} ({}), which says: {}", page.url, page.status, page.text())
}
