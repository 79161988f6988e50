//! Signing in with a company's SAML identity provider, its logouts, and what it does wrong on purpose.

use crate::client::browser::Arrival;
use crate::client::faults::Fault;
use crate::client::journey::Journey;
use crate::client::people;
use crate::gherkin::known::{Outcome, Session};
use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::steps::session::GOODBYE;
use crate::gherkin::visit;
use crate::gherkin::world::{CALLBACK, World};
use cucumber::{given, then, when};
use serde_json::{Map, Value};
use url::form_urlencoded;

/// Somebody presses the button of a SAML connection and chooses the account with this name identifier there. What comes
/// of it is for the next steps to say.
///
/// Example: `When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"`
#[given(expr = "{person} signs in with the SAML connection {string} as {string}")]
#[when(expr = "{person} signs in with the SAML connection {string} as {string}")]
async fn signs_in(world: &mut World, person: Person, connection: String, account: String) -> Result<(), Failure> {
    visit::sign_in(world, &person, &Journey::by_provider(connection, at_provider(account))).await
}

/// Somebody turns back at the page of a SAML connection's identity provider.
///
/// Example: `When "sara" turns back at the SAML connection "acme-saml"`
#[when(expr = "{person} turns back at the SAML connection {string}")]
async fn turns_back(world: &mut World, person: Person, connection: String) -> Result<(), Failure> {
    let extra = [("connection", connection.as_str())];
    let page = match visit::open(world, &person, &extra).await? {
        Arrival::Page(page) => page,
        Arrival::Callback(callback) => {
            return Err(Failure::new("the provider's page", format!("the app's callback: {callback:?}")));
        }
    };
    let cancel = page.form("button to cancel", |form| form.buttons.iter().any(|button| button.value == "deny"))?;
    let journey = Journey::by_provider(connection, at_provider(String::new()));
    visit::go_on(world, &person, cancel.press("deny")?, &journey).await
}

/// Somebody begins at the identity provider itself, in a browser that nobody used before: chooses the tenant there, and
/// the account with this name identifier. The provider has the connection's name.
///
/// Example: `When "sara" begins a login at the SAML provider "acme-saml" as "sara@acme.example"`
#[given(expr = "{person} begins a login at the SAML provider {string} as {string}")]
#[when(expr = "{person} begins a login at the SAML provider {string} as {string}")]
async fn begins(world: &mut World, person: Person, provider: String, account: String) -> Result<(), Failure> {
    let tenant = world.tenant().await?;
    let issuer = tenant.issuer.trim_end_matches('/').to_owned();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("sp", &format!("urn:auth0:{}:{provider}", tenant.name))
        .append_pair("acs", &format!("{issuer}/login/callback?connection={provider}"))
        .finish();
    let mut browser = world.new_browser()?;
    let begun = browser.open(&format!("{issuer}/_upstreams/saml/{provider}/start?{query}")).await?;
    let arrival = Journey::by_provider(provider, at_provider(account)).travel(&mut browser, begun).await?;
    world.known(&person).browser = Some(browser);
    let callback = match arrival {
        Arrival::Page(page) => {
            world.known(&person).outcome = Some(Outcome::Shown(page));
            return Ok(());
        }
        Arrival::Callback(callback) => callback,
    };
    if let Some(error) = callback.get("error") {
        let description = callback.get("error_description").unwrap_or_default().to_owned();
        world.known(&person).outcome = Some(Outcome::Refused { error: error.to_owned(), description });
        return Ok(());
    }
    if callback.get("state").is_some() {
        return Err(Failure::new("no state, for the app sent none", format!("{callback:?}")));
    }
    let app = world.app().await?;
    let code = callback.get("code").ok_or_else(|| Failure::new("a code", format!("{callback:?}")))?;
    let grant = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
    let tokens = app.token(&grant).await?;
    let id_token = match tokens.id_token.as_deref() {
        Some(token) => Some(app.verify_id_token(token, None).await?),
        None => None,
    };
    world.known(&person).signed_in(Session { login: None, tokens, id_token });
    Ok(())
}

/// The SAML identity providers' responses are wrong from now on: `unsigned`, `wrong-key`, `expired`, `not-yet-valid`,
/// `wrong-audience`, `wrong-recipient`, `wrong-destination`, `wrong-issuer`, `wrong-in-response-to`, `replayed`, `xsw1` to
/// `xsw8`, `comment-in-name-id`, `external-entity`, `sha1`, `no-attributes` or `no-name-id`.
///
/// Example: `Given the SAML provider's responses are "expired"`
#[given(expr = "the SAML provider's responses are {string}")]
#[when(expr = "the SAML provider's responses are {string}")]
async fn are_wrong(world: &mut World, form: String) -> Result<(), Failure> {
    let added = world.control().await?.faults().add(&Fault::upstream("saml").wrong_response(&form)).await?;
    world.fault = Some(added.id);
    Ok(())
}

/// AD FS's tokens are wrong from now on: `unsigned`, `wrong-key`, `expired`, `not-yet-valid`, `wrong-audience`, `wrong-issuer`,
/// `replayed`, `comment-in-name-id`, `external-entity`, `sha1`, `no-attributes` or `no-name-id`.
///
/// Example: `Given the tokens of AD FS are "expired"`
#[given(expr = "the tokens of AD FS are {string}")]
#[when(expr = "the tokens of AD FS are {string}")]
async fn tokens_are_wrong(world: &mut World, form: String) -> Result<(), Failure> {
    let added = world.control().await?.faults().add(&Fault::upstream("adfs").wrong_response(&form)).await?;
    world.fault = Some(added.id);
    Ok(())
}

/// The newest failed login in the tenant log names the check that an assertion didn't pass.
///
/// Example: `Then the tenant's log says that the check "expiry" failed`
#[then(expr = "the tenant's log says that the check {string} failed")]
async fn log_names(world: &mut World, check: String) -> Result<(), Failure> {
    let logs = world.management().await?.logs().await?;
    let failed = logs.iter().find(|event| event.get("type").and_then(Value::as_str) == Some("f"));
    let failed = failed.ok_or_else(|| Failure::new("a failed login in the log", "none"))?;
    match failed.pointer("/details/check").and_then(Value::as_str) {
        Some(found) if found == check => Ok(()),
        _ => Err(Failure::new(format!("the check {check:?} in the log"), failed.to_string())),
    }
}

/// Somebody signs out of the app and of the company that vouched for them, in the browser used last.
///
/// Example: `When "sara" signs out everywhere`
#[given(expr = "{person} signs out everywhere")]
#[when(expr = "{person} signs out everywhere")]
async fn signs_out(world: &mut World, person: Person) -> Result<(), Failure> {
    let url = format!("{}&federated", world.app().await?.logout(GOODBYE)?);
    let none = || Failure::new("a browser to sign out in", "none was used");
    let mut browser = world.known(&person).browser.clone().ok_or_else(none)?.returning_to(GOODBYE);
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

/// Somebody signs out at the SAML identity provider, in the browser used last; it tells everybody whom they went to.
///
/// Example: `When "sara" signs out at the SAML provider "acme-saml"`
#[when(expr = "{person} signs out at the SAML provider {string}")]
async fn signs_out_there(world: &mut World, person: Person, provider: String) -> Result<(), Failure> {
    let issuer = world.tenant().await?.issuer;
    let none = || Failure::new("a browser to sign out in", "none was used");
    let mut browser = world.known(&person).browser.clone().ok_or_else(none)?;
    let arrival = browser.open(&format!("{issuer}_upstreams/saml/{provider}/logout")).await?;
    world.known(&person).browser = Some(browser);
    match arrival {
        Arrival::Page(page) if page.text().contains("You are signed out") => Ok(()),
        Arrival::Page(page) => Err(Failure::new("to be signed out", format!("{} {}", page.status, page.text()))),
        Arrival::Callback(callback) => Err(Failure::new("to be signed out", format!("{callback:?}"))),
    }
}

/// Somebody is asked by the SAML identity provider which account they are.
///
/// Example: `Then "sara" is asked for an account by the SAML provider "acme-saml"`
#[then(expr = "{person} is asked for an account by the SAML provider {string}")]
async fn is_asked(world: &mut World, person: Person, provider: String) -> Result<(), Failure> {
    let path = format!("/_upstreams/saml/{provider}/sso");
    match &world.known(&person).outcome {
        Some(Outcome::Shown(page)) if page.url.path() == path => Ok(()),
        Some(other) => Err(Failure::new("the provider's account chooser", other.worded())),
        None => Err(Failure::new("the provider's account chooser", "nobody tried to sign in")),
    }
}

/// Somebody opens the app with a connection chosen already, in the browser used last.
///
/// Example: `When "sara" comes back to the app by the connection "acme-saml"`
#[when(expr = "{person} comes back to the app by the connection {string}")]
async fn comes_back(world: &mut World, person: Person, connection: String) -> Result<(), Failure> {
    visit::come_back(world, &person, &[("connection", &connection), ("prompt", "login")]).await
}

fn at_provider(account: String) -> people::Person {
    people::Person {
        at: "saml".to_owned(),
        id: account.clone(),
        email: Some(account),
        password: None,
        name: None,
        profile: Map::new(),
        grants: None,
    }
}
