//! Accounts that people link themselves, in an app that has their leave.

use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::visit;
use crate::gherkin::world::World;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use cucumber::{given, when};
use serde_json::json;

/// Somebody signs in and gives the app a token for the Management API that opens their own accounts alone.
///
/// Example: `Given "ana" lets the app link accounts, signing in with the database`
#[given(expr = "{person} lets the app link accounts, signing in with (the ){provider}")]
#[when(expr = "{person} lets the app link accounts, signing in with (the ){provider}")]
async fn lets_link(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    give_leave(world, &person, provider, "update:current_user_identities").await
}

/// Somebody signs in and gives the app a token for the Management API with which their user can be read, and no more.
///
/// Example: `Given "bo" lets the app see their user, signing in with Google`
#[given(expr = "{person} lets the app see her/his/their user, signing in with (the ){provider}")]
async fn lets_see(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    give_leave(world, &person, provider, "read:current_user").await
}

/// Somebody signs in to another account of theirs, and the app links it to the one that it was let into.
///
/// Example: `When "ana" adds her Google account in the app`
#[given(expr = "{person} adds her/his/their {provider} account in the app")]
#[when(expr = "{person} adds her/his/their {provider} account in the app")]
async fn adds(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    tries_to_add(world, person, provider).await?;
    world.expect_linked()
}

/// As "adds"; whether that works is for the next step to say.
///
/// Example: `When "ana" tries to add her Google account in the app`
#[when(expr = "{person} tries to add her/his/their {provider} account in the app")]
async fn tries_to_add(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    sign_in(world, &person, provider).await?;
    let token = id_token(world, &person)?;
    link_with(world, &person, &person, &token).await
}

/// The app uses its leave to link somebody else's ID token, that of their last login.
///
/// Example: `When the app tries to link the ID token of "bo" to "ana"`
#[when(expr = "the app tries to link the ID token of {person} to {person}")]
async fn tries_token(world: &mut World, bearer: Person, person: Person) -> Result<(), Failure> {
    let token = id_token(world, &bearer)?;
    link_with(world, &person, &person, &token).await
}

/// The app uses the leave of one person to link an account to another one.
///
/// Example: `When the app uses the leave of "bo" to try to link the ID token of "bo" to "ana"`
#[when(expr = "the app uses the leave of {person} to try to link the ID token of {person} to {person}")]
async fn uses_leave(world: &mut World, leave: Person, bearer: Person, person: Person) -> Result<(), Failure> {
    let token = id_token(world, &bearer)?;
    link_with(world, &leave, &person, &token).await
}

/// The app shows an ID token where it should show a person's leave.
///
/// Example: `When the app shows the ID token of "ana" in place of her leave`
#[when(expr = "the app shows the ID token of {person} in place of her/his/their leave")]
async fn shows_id_token(world: &mut World, person: Person) -> Result<(), Failure> {
    let token = id_token(world, &person)?;
    let (_, user_id) = own(world, &person, &person)?;
    let result = world.management_of(&token).await?.link(&user_id, &json!({ "link_with": token })).await;
    world.note_linking(result)
}

/// The app uses its leave to link an ID token that is not as it was given out: `signed with the app's secret`,
/// `changed`, `cut short`, or `of another tenant`.
///
/// Example: `When the app tries to link the ID token of "bo", changed, to "ana"`
#[when(
    regex = r#"^the app tries to link the ID token of "([^"]*)", (signed with the app's secret|changed|cut short|of another tenant), to "([^"]*)"$"#
)]
async fn tries_forged(world: &mut World, bearer: String, how: String, person: String) -> Result<(), Failure> {
    let token = id_token(world, &Person(bearer))?;
    let broken = || Failure::new("a JWT", token.clone());
    let (header, rest) = token.split_once('.').ok_or_else(broken)?;
    let (claims, signature) = rest.split_once('.').ok_or_else(broken)?;
    let forged = match how.as_str() {
        "signed with the app's secret" => {
            let header = BASE64_URL_SAFE_NO_PAD.encode(json!({ "alg": "HS256", "typ": "JWT" }).to_string());
            let secret = world.app().await?.client_secret.clone().unwrap_or_default();
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            let signed = format!("{header}.{claims}");
            let signature = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes()));
            format!("{signed}.{signature}")
        }
        "cut short" => format!("{header}.{claims}"),
        how => {
            let text = BASE64_URL_SAFE_NO_PAD.decode(claims).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let text = text.ok_or_else(broken)?;
            let issuer = world.tenant().await?.issuer;
            let changed = match how {
                "changed" => text.replace("\"sub\":\"", "\"sub\":\"auth0|"),
                _ => text.replace(&issuer, "https://other.example/"),
            };
            format!("{header}.{}.{signature}", BASE64_URL_SAFE_NO_PAD.encode(changed))
        }
    };
    let person = Person(person);
    link_with(world, &person, &person, &forged).await
}

/// The app uses its leave to link an account that it names and proves nothing of.
///
/// Example: `When the app tries to link the Google account of "bo" by its id to "ana"`
#[when(expr = "the app tries to link the {provider} account of {person} by its id to {person}")]
async fn tries_id(
    world: &mut World,
    provider: IdentityProvider,
    bearer: Person,
    person: Person,
) -> Result<(), Failure> {
    let secondary = world.identity(provider, &bearer)?;
    let body = json!({ "provider": secondary.provider, "user_id": secondary.id });
    let (own_token, user_id) = own(world, &person, &person)?;
    let result = world.management_of(&own_token).await?.link(&user_id, &body).await;
    world.note_linking(result)
}

/// Somebody takes an account out again, in the app that was let into the others.
///
/// Example: `When "ana" removes her Google account in the app`
#[when(expr = "{person} removes her/his/their {provider} account in the app")]
async fn removes(world: &mut World, person: Person, provider: IdentityProvider) -> Result<(), Failure> {
    let secondary = world.identity(provider, &person)?;
    let (own_token, user_id) = own(world, &person, &person)?;
    let result = world.management_of(&own_token).await?.unlink(&user_id, &secondary.provider, &secondary.id).await;
    world.note_linking(result)?;
    world.expect_linked()
}

async fn give_leave(
    world: &mut World,
    person: &Person,
    provider: IdentityProvider,
    scope: &str,
) -> Result<(), Failure> {
    let audience = format!("{}api/v2/", world.tenant().await?.issuer);
    let usual = world.parameters.clone();
    world.parameters.retain(|(name, _)| name != "scope" && name != "audience");
    world.parameters.push(("scope".to_owned(), format!("openid profile email {scope}")));
    world.parameters.push(("audience".to_owned(), audience));
    let signed_in = sign_in(world, person, provider).await;
    world.parameters = usual;
    signed_in?;
    let known = world.known(person);
    known.own_token = Some(known.session()?.tokens.access_token.clone());
    Ok(())
}

async fn sign_in(world: &mut World, person: &Person, provider: IdentityProvider) -> Result<(), Failure> {
    let none = || Failure::new(format!("a {} account of {person}", provider.name()), "none was made");
    let account = world.known(person).accounts.get(&provider).cloned().ok_or_else(none)?;
    visit::sign_in(world, person, &visit::willing(provider, account)).await?;
    world.known(person).session().map(drop)
}

fn id_token(world: &mut World, person: &Person) -> Result<String, Failure> {
    let token = world.known(person).session()?.tokens.id_token.clone();
    token.ok_or_else(|| Failure::new(format!("an ID token of {person}"), "none was received"))
}

/// Links to `person`'s user, that of the token for the Management API that they gave, in the name of `leave`.
async fn link_with(world: &mut World, leave: &Person, person: &Person, token: &str) -> Result<(), Failure> {
    let (own_token, user_id) = own(world, leave, person)?;
    let result = world.management_of(&own_token).await?.link(&user_id, &json!({ "link_with": token })).await;
    world.note_linking(result)
}

/// The token that `leave` gave the app, and the user that `person`'s one is about.
fn own(world: &mut World, leave: &Person, person: &Person) -> Result<(String, String), Failure> {
    let none = |person: &Person| Failure::new(format!("the leave of {person}"), "none was given");
    let own_token = world.known(leave).own_token.clone().ok_or_else(|| none(leave))?;
    let of_person = world.known(person).own_token.clone().ok_or_else(|| none(person))?;
    let claims = of_person.split('.').nth(1).and_then(|claims| BASE64_URL_SAFE_NO_PAD.decode(claims).ok());
    let claims: serde_json::Value = claims.and_then(|claims| serde_json::from_slice(&claims).ok()).unwrap_or_default();
    let user_id = claims.get("sub").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    Ok((own_token, user_id))
}
