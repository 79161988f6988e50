//! Signing in: from the app's link through the pages and back.

use crate::client::browser::Arrival;
use crate::client::callback::ResponseMode;
use crate::client::journey::Journey;
use crate::gherkin::known::Outcome;
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::visit;
use crate::gherkin::world::World;
use cucumber::{given, then, when};

/// Somebody signs in to the app in a browser that nobody used before, and ends up with tokens in the app's hands.
///
/// Example: `When "ana" signs in with Facebook`
#[given(expr = "{person} signs in with (the ){provider}")]
#[when(expr = "{person} signs in with (the ){provider}")]
async fn signs_in(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let journey = journey(world, &person, provider)?;
    visit::sign_in(world, &person, &journey).await?;
    world.known(&person).session().map(drop)
}

/// Somebody tries to sign in, as in "signs in"; what comes of it is for the next steps to say.
///
/// Example: `When "ana" tries to sign in with the database`
#[when(expr = "{person} tries to sign in with (the ){provider}")]
async fn tries_to_sign_in(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let journey = journey(world, &person, provider)?;
    visit::sign_in(world, &person, &journey).await
}

/// Somebody types this password and not the account's own.
///
/// Example: `When "ana" tries to sign in with the password "guess"`
#[when(expr = "{person} tries to sign in with the password {string}")]
async fn tries_password(world: &mut World, person: Person, password: String) -> Result<(), Failure> {
    let journey = Journey { password: Some(password), ..journey(world, &person, IdentityProvider::Database)? };
    visit::sign_in(world, &person, &journey).await
}

/// Somebody signs in with Facebook and takes out a permission that the app asks for.
///
/// Example: `When "ana" signs in with Facebook, declining "email"`
#[given(expr = "{person} signs in with (the ){provider}, declining {string}")]
#[when(expr = "{person} signs in with (the ){provider}, declining {string}")]
async fn signs_in_declining(
    world: &mut World,
    person: Person,
    provider: IdentityProvider,
    permission: String,
) -> Result<(), Failure> {
    let journey = Journey { declines: vec![permission], ..journey(world, &person, provider)? };
    visit::sign_in(world, &person, &journey).await?;
    world.known(&person).session().map(drop)
}

/// Somebody turns back at the provider's consent page.
///
/// Example: `When "ana" turns back at Google`
#[given(expr = "{person} turns back at (the ){provider}")]
#[when(expr = "{person} turns back at (the ){provider}")]
async fn turns_back(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let journey = Journey { cancels: true, ..journey(world, &person, provider)? };
    visit::sign_in(world, &person, &journey).await
}

/// Somebody does not let the app have what it asks for, on the tenant's own consent page.
///
/// Example: `When "ana" refuses the app's wishes after signing in with the database`
#[given(expr = "{person} refuses the app's wishes after signing in with (the ){provider}")]
#[when(expr = "{person} refuses the app's wishes after signing in with (the ){provider}")]
async fn refuses_consent(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let journey = Journey { refuses_consent: true, ..journey(world, &person, provider)? };
    visit::sign_in(world, &person, &journey).await
}

/// The last login ended with tokens in the app's hands.
///
/// Example: `Then "ana" is signed in`
#[then(expr = "{person} is signed in")]
async fn is_signed_in(world: &mut World, person: Person) -> Result<(), Failure> {
    world.known(&person).session().map(drop)
}

/// The login stopped at a page that asks who it is.
///
/// Example: `Then "ana" is asked to sign in`
#[then(expr = "{person} is asked to sign in")]
async fn is_asked(world: &mut World, person: Person) -> Result<(), Failure> {
    let shown = |outcome: &Outcome| matches!(outcome, Outcome::Shown(page) if page.url.path().starts_with("/u/login"));
    expect(world, &person, "to be shown the login page", shown)
}

/// A field of the page that the login stopped at holds this already.
///
/// Example: `Then "ana" finds "ana@people.example" in the field "username"`
#[then(expr = "{person} finds {string} in the field {string}")]
async fn finds(world: &mut World, person: Person, value: String, field: String) -> Result<(), Failure> {
    let holds = |outcome: &Outcome| match outcome {
        Outcome::Shown(page) => page.form_with(&field).is_ok_and(|form| form.value(&field) == Some(&value)),
        _ => false,
    };
    expect(world, &person, &format!("the field {field:?} to hold {value:?}"), holds)
}

/// The page that the login stopped at says this, somewhere.
///
/// Example: `Then "ana" reads "Wrong email or password"`
#[then(expr = "{person} reads {string}")]
async fn reads(world: &mut World, person: Person, words: String) -> Result<(), Failure> {
    let says = |outcome: &Outcome| matches!(outcome, Outcome::Shown(page) if page.text().contains(&words));
    expect(world, &person, &format!("to read {words:?}"), says)
}

/// The login stopped at an error page, which says this somewhere; the app hears nothing of it.
///
/// Example: `Then "ana" sees the error page, which says "Callback URL mismatch."`
#[then(expr = "{person} sees the error page, which says {string}")]
async fn sees_error_page(world: &mut World, person: Person, words: String) -> Result<(), Failure> {
    let says = |outcome: &Outcome| matches!(outcome, Outcome::Shown(page) if page.status >= 400 && page.text().contains(&words));
    expect(world, &person, &format!("to see an error page that says {words:?}"), says)
}

/// The app got an error instead of a code, with this `error`.
///
/// Example: `Then "ana" is sent back with the error "access_denied"`
#[then(expr = "{person} is sent back with the error {string}")]
async fn sent_back(world: &mut World, person: Person, code: String) -> Result<(), Failure> {
    let refused = |outcome: &Outcome| matches!(outcome, Outcome::Refused { error, .. } if *error == code);
    expect(world, &person, &format!("to be sent back with {code}"), refused)
}

/// The app got an error instead of a code, with this `error` and `error_description`.
///
/// Example: `Then "ana" is sent back with the error "unauthorized", "user is blocked"`
#[then(expr = "{person} is sent back with the error {string}, {string}")]
async fn sent_back_with(world: &mut World, person: Person, code: String, text: String) -> Result<(), Failure> {
    let refused = |outcome: &Outcome| matches!(outcome, Outcome::Refused { error, description } if *error == code && *description == text);
    expect(world, &person, &format!("to be sent back with {code}: {text}"), refused)
}

/// The way in which the answer came to the app: `query`, `fragment`, `form_post` or `web_message`.
///
/// Example: `Then the answer about "ana" comes by "form_post"`
#[then(expr = "the answer about {person} comes by {string}")]
async fn comes_by(world: &mut World, person: Person, mode: String) -> Result<(), Failure> {
    let named = |mode: ResponseMode| match mode {
        ResponseMode::Query => "query",
        ResponseMode::Fragment => "fragment",
        ResponseMode::FormPost => "form_post",
        ResponseMode::WebMessage => "web_message",
    };
    let fits = |outcome: &Outcome| outcome.mode().map(named) == Some(mode.as_str());
    expect(world, &person, &format!("the answer to come by {mode}"), fits)
}

/// Somebody opens the app's sign-up link and signs up.
///
/// Example: `When "ana" signs up with the e-mail "ana@people.example" and the password "Passw0rd!ana"`
#[given(expr = "{person} signs up with the e-mail {string} and the password {string}")]
#[when(expr = "{person} signs up with the e-mail {string} and the password {string}")]
async fn signs_up(world: &mut World, person: Person, email: String, password: String) -> Result<(), Failure> {
    let arrival = visit::open(world, &person, &[("screen_hint", "signup")]).await?;
    let Arrival::Page(page) = arrival else {
        return Err(Failure::new("a sign-up page", "no page at all"));
    };
    let form = page.form_with("email")?.fill("email", &email)?.fill("password", &password)?.press("default")?;
    let account = visit::self_made(&email, &password);
    world.known(&person).accounts.insert(IdentityProvider::Database, account.clone());
    visit::go_on(world, &person, form, &visit::willing(IdentityProvider::Database, account)).await
}

pub(super) fn journey(world: &mut World, person: &Person, provider: IdentityProvider) -> Result<Journey, Failure> {
    let none = || Failure::new(format!("a {} account of {person}", provider.name()), "none was made");
    let account = world.known(person).accounts.get(&provider).cloned().ok_or_else(none)?;
    Ok(visit::willing(provider, account))
}

fn expect(world: &mut World, person: &Person, expected: &str, fits: impl Fn(&Outcome) -> bool) -> Result<(), Failure> {
    match &world.known(person).outcome {
        Some(outcome) if fits(outcome) => Ok(()),
        Some(outcome) => Err(Failure::new(expected, outcome.worded())),
        None => Err(Failure::new(expected, "nobody tried to sign in")),
    }
}
