//! Logins without a password: codes and links that go to an e-mail address or a phone number.

use crate::client::browser::Arrival;
use crate::client::error::ClientError;
use crate::client::journey::Journey;
use crate::client::mail::Mail;
use crate::gherkin::known::Outcome;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::steps::mail::open;
use crate::gherkin::steps::tokens::keep;
use crate::gherkin::visit;
use crate::gherkin::world::{CALLBACK, World};
use cucumber::{given, then, when};
use serde_json::json;

/// Somebody signs in to the app on the tenant's pages, with the code that their e-mail address or phone number is sent.
///
/// Example: `When "pat" signs in with a code sent to "pat@somewhere.example"`
#[given(expr = "{person} signs in with a code sent to {string}")]
#[when(expr = "{person} signs in with a code sent to {string}")]
async fn signs_in(world: &mut World, person: Person, address: String) -> Result<(), Failure> {
    ask(world, &person, &address).await?;
    let code = newest(world, &address).await?.code.unwrap_or_default();
    type_code(world, &person, &code).await?;
    world.known(&person).session().map(drop)
}

/// Somebody asks for a code on the login page; what is shown then is for the next steps to say.
///
/// Example: `When "pat" asks for a code to "pat@somewhere.example"`
#[given(expr = "{person} asks for a code to {string}")]
#[when(expr = "{person} asks for a code to {string}")]
async fn asks(world: &mut World, person: Person, address: String) -> Result<(), Failure> {
    ask(world, &person, &address).await
}

/// Somebody types a code on the page that asks for it.
///
/// Example: `When "pat" types the code "000000"`
#[given(expr = "{person} types the code {string}")]
#[when(expr = "{person} types the code {string}")]
async fn types(world: &mut World, person: Person, code: String) -> Result<(), Failure> {
    type_code(world, &person, &code).await
}

/// Somebody types the code of the newest message to an address.
///
/// Example: `When "pat" types the code sent to "pat@somewhere.example"`
#[when(expr = "{person} types the code sent to {string}")]
async fn types_sent(world: &mut World, person: Person, address: String) -> Result<(), Failure> {
    let code = newest(world, &address).await?.code.unwrap_or_default();
    type_code(world, &person, &code).await
}

/// The app itself has a code or a link sent, without any page.
///
/// Example: `When the app has a code sent to "+15555550123"`
#[given(regex = r#"^the app has a (code|link) sent to "([^"]*)"$"#)]
#[when(regex = r#"^the app has a (code|link) sent to "([^"]*)"$"#)]
async fn app_sends(world: &mut World, what: String, address: String) -> Result<(), Failure> {
    let parameters = json!({
        "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid profile email", "state": "from-the-link"
    });
    let app = world.app().await?;
    let answer = app.start_passwordless(connection(&address), &address, &what, &parameters).await;
    world.refusal = None;
    match answer {
        Ok(_) => Ok(()),
        Err(error) => note(world, error),
    }
}

/// The app exchanges the code that somebody told it for tokens.
///
/// Example: `When the app signs "sam" in with the code sent to "+15555550123"`
#[given(expr = "the app signs {person} in with the code sent to {string}")]
#[when(expr = "the app signs {person} in with the code sent to {string}")]
async fn app_signs_in(world: &mut World, person: Person, address: String) -> Result<(), Failure> {
    let code = newest(world, &address).await?.code.unwrap_or_default();
    exchange(world, &person, &address, &code).await
}

/// The app exchanges a code that was made up.
///
/// Example: `When the app signs "sam" in with the code "000000" for "+15555550123"`
#[given(expr = "the app signs {person} in with the code {string} for {string}")]
#[when(expr = "the app signs {person} in with the code {string} for {string}")]
async fn app_tries(world: &mut World, person: Person, code: String, address: String) -> Result<(), Failure> {
    exchange(world, &person, &address, &code).await
}

/// Somebody opens the link of the newest message to an address, in a browser that nobody used before, and the app
/// exchanges the code that it gets.
///
/// Example: `When "pat" signs in by the link sent to "pat@somewhere.example"`
#[when(expr = "{person} signs in by the link sent to {string}")]
async fn follows(world: &mut World, person: Person, address: String) -> Result<(), Failure> {
    world.known(&person).browser = None;
    let link = newest(world, &address).await?.link;
    open(world, &person, &link).await?;
    let Some(callback) = world.landing.clone() else { return Ok(()) };
    let code = callback.get("code").unwrap_or_default();
    let grant = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
    let answer = world.app().await?.token(&grant).await;
    keep(world, &person, answer).await
}

/// The tenant sent so many messages with a code, by mail or SMS, to an address.
///
/// Example: `Then 2 codes were sent to "+15555550123"`
#[then(expr = "{int} code(s) was/were sent to {string}")]
async fn were_sent(world: &mut World, expected: usize, address: String) -> Result<(), Failure> {
    let found = sent(world, &address).await?.len();
    if found == expected {
        Ok(())
    } else {
        Err(Failure::new(format!("{expected} codes to {address}"), found.to_string()))
    }
}

/// The newest message with a code to an address says this, somewhere in its text; `CODE` stands for the code.
///
/// Example: `Then the message to "+15555550123" says "Your code at Acme is CODE"`
#[then(expr = "the message to {string} says {string}")]
async fn says(world: &mut World, address: String, words: String) -> Result<(), Failure> {
    let message = newest(world, &address).await?;
    let words = words.replace("CODE", message.code.as_deref().unwrap_or_default());
    if message.text.contains(&words) { Ok(()) } else { Err(Failure::new(format!("{words:?}"), message.text)) }
}

/// The connection of an address: numbers are for SMS.
fn connection(address: &str) -> &'static str {
    if address.starts_with('+') { "sms" } else { "email" }
}

/// Newest first.
async fn sent(world: &mut World, address: &str) -> Result<Vec<Mail>, Failure> {
    let mails = world.control().await?.outbox(&[("to", address)]).await?;
    Ok(mails.into_iter().filter(|mail| mail.code.is_some()).collect())
}

async fn newest(world: &mut World, address: &str) -> Result<Mail, Failure> {
    let newest = sent(world, address).await?.into_iter().next();
    newest.ok_or_else(|| Failure::new(format!("a code to {address}"), "none was sent"))
}

/// Opens the app's link, types the address and keeps what is shown.
async fn ask(world: &mut World, person: &Person, address: &str) -> Result<(), Failure> {
    let arrival = visit::open(world, person, &[("connection", connection(address))]).await?;
    let Arrival::Page(page) = arrival else {
        return Err(Failure::new("a page that asks for the address", "the callback"));
    };
    let form = page.form_with("username")?.fill("username", address)?.press("default")?;
    let browser = world.known(person).browser.as_mut();
    let browser = browser.ok_or_else(|| Failure::new("a browser", "none"))?;
    match browser.submit(form).await? {
        Arrival::Page(page) => world.known(person).outcome = Some(Outcome::Shown(page)),
        Arrival::Callback(_) => return Err(Failure::new("a page that asks for the code", "the callback")),
    }
    Ok(())
}

async fn type_code(world: &mut World, person: &Person, code: &str) -> Result<(), Failure> {
    let shown = match &world.known(person).outcome {
        Some(Outcome::Shown(page)) => page.clone(),
        _ => return Err(Failure::new("a page that asks for the code", "no page")),
    };
    let form = shown.form_with("code")?.fill("code", code)?.press("default")?;
    let pending = world.known(person).pending.clone();
    let journey = Journey::by_password(visit::self_made("", ""));
    visit::go_on(world, person, form, &journey).await?;
    // The page may have to be typed on again.
    let known = world.known(person);
    if matches!(known.outcome, Some(Outcome::Shown(_))) {
        known.pending = pending;
    }
    Ok(())
}

async fn exchange(world: &mut World, person: &Person, address: &str, code: &str) -> Result<(), Failure> {
    let grant = [
        ("grant_type", "http://auth0.com/oauth/grant-type/passwordless/otp"),
        ("realm", connection(address)),
        ("username", address),
        ("otp", code),
        ("scope", "openid profile email phone"),
    ];
    let answer = world.app().await?.token(&grant).await;
    keep(world, person, answer).await
}

fn note(world: &mut World, error: ClientError) -> Result<(), Failure> {
    let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
    world.refusal = Some((refusal.code.clone(), refusal.message.clone()));
    Ok(())
}
