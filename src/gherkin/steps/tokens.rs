//! What the app gets: tokens, refreshed tokens, tokens without a person.

use crate::client::error::ClientError;
use crate::client::jwt::is_jwt;
use crate::client::tokens::Tokens;
use crate::gherkin::known::Session;
use crate::gherkin::parameters::{Duration, IdentityProvider, Person, Reading};
use crate::gherkin::report::{Failure, worded};
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::Value;

/// The app tries to exchange the code of the last login a second time.
///
/// Example: `When the app tries to redeem the code of "ana" again`
#[when(expr = "the app tries to redeem the code of {person} again")]
async fn redeems_again(world: &mut World, person: Person) -> Result<(), Failure> {
    let none = || Failure::new("a login with a code", "none");
    let (login, callback) = world.known(&person).session()?.login.clone().ok_or_else(none)?;
    let answer = world.app().await?.redeem(&login, &callback).await;
    keep(world, &person, answer).await
}

/// A machine asks for a token for an API with nothing but its own id and secret.
///
/// Example: `When "acme-machine" asks for a token for the API "https://api.acme.example/"`
#[given(expr = "{person} asks for a token for the API {string}")]
#[when(expr = "{person} asks for a token for the API {string}")]
async fn machine(world: &mut World, client: Person, audience: String) -> Result<(), Failure> {
    world.client_id = Some(client.0.clone());
    let grant = [("grant_type", "client_credentials"), ("audience", audience.as_str())];
    let answer = world.app().await?.token(&grant).await;
    keep(world, &client, answer).await
}

/// The app signs somebody in with the password itself, without any page.
///
/// Example: `When the app signs "ana" in with her password`
#[given(regex = r#"^the app signs "([^"]*)" in with (?:her|his|their) password$"#)]
#[when(regex = r#"^the app signs "([^"]*)" in with (?:her|his|their) password$"#)]
async fn password_grant(world: &mut World, person: String) -> Result<(), Failure> {
    let person = Person(person);
    let none = || Failure::new("a database account", "none was made");
    let account = world.known(&person).accounts.get(&IdentityProvider::Database).cloned().ok_or_else(none)?;
    let (email, password) = (account.email.unwrap_or_default(), account.password.unwrap_or_default());
    let grant = [
        ("grant_type", "http://auth0.com/oauth/grant-type/password-realm"),
        ("realm", IdentityProvider::Database.connection()),
        ("username", &email),
        ("password", &password),
    ];
    let asked = world.parameters.clone();
    let mut grant = grant.to_vec();
    let asked =
        asked.iter().filter(|(name, value)| ["scope", "audience"].contains(&name.as_str()) && !value.is_empty());
    grant.extend(asked.map(|(name, value)| (name.as_str(), value.as_str())));
    let answer = world.app().await?.token(&grant).await;
    keep(world, &person, answer).await
}

/// The token endpoint refused the app, with this `error` and `error_description`.
///
/// Example: `Then the app is refused with "invalid_grant", "Invalid authorization code"`
#[then(expr = "the app is refused with {string}, {string}")]
async fn is_refused(world: &mut World, code: String, message: String) -> Result<(), Failure> {
    let expected = format!("the app to be refused with {code}: {message}");
    match &world.refusal {
        Some(refusal) if *refusal == (code, message) => Ok(()),
        Some((code, message)) => Err(Failure::new(expected, format!("{code}: {message}"))),
        None => Err(Failure::new(expected, "tokens")),
    }
}

/// The access token is a text that only the tenant understands, and no JWT.
///
/// Example: `Then the access token of "ana" is opaque`
#[then(expr = "the access token of {person} is opaque")]
async fn is_opaque(world: &mut World, person: Person) -> Result<(), Failure> {
    let token = &world.known(&person).session()?.tokens.access_token;
    if is_jwt(token) { Err(Failure::new("an opaque access token", format!("the JWT {token}"))) } else { Ok(()) }
}

/// The header of the ID token or of the access token has this value.
///
/// Example: `Then the header of the ID token of "ana" has "alg" "RS256"`
#[then(expr = "the header of the {reading} of {person} has {string} {string}")]
async fn header(
    world: &mut World,
    reading: Reading,
    person: Person,
    name: String,
    expected: String,
) -> Result<(), Failure> {
    let token = token_read(world, reading, &person)?;
    let header = world.verify(&token).await?.header;
    match header.get(&name) {
        Some(Value::String(found)) if *found == expected => Ok(()),
        found => Err(Failure::new(format!("{name:?} in the header to be {expected:?}"), worded(found))),
    }
}

/// The header of the ID token or of the access token has nothing of this name.
///
/// Example: `Then the header of the ID token of "ana" has no "kid"`
#[then(expr = "the header of the {reading} of {person} has no {string}")]
async fn no_header(world: &mut World, reading: Reading, person: Person, name: String) -> Result<(), Failure> {
    let token = token_read(world, reading, &person)?;
    match world.verify(&token).await?.header.get(&name) {
        None | Some(Value::Null) => Ok(()),
        found => Err(Failure::new(format!("no {name:?} in the header"), worded(found))),
    }
}

/// `/userinfo` takes the access token received last, or refuses it.
///
/// Example: `Then userinfo refuses the access token of "ana"`
#[then(regex = r#"^userinfo (takes|refuses) the access token of "([^"]*)"$"#)]
async fn userinfo(world: &mut World, verdict: String, person: String) -> Result<(), Failure> {
    let token = world.known(&Person(person)).session()?.tokens.access_token.clone();
    let answer = world.app().await?.userinfo(&token).await;
    match (verdict.as_str(), answer) {
        ("takes", Ok(_)) => Ok(()),
        ("refuses", Err(error)) if error.refusal().is_some_and(|refusal| refusal.status == 401) => Ok(()),
        (_, Ok(claims)) => Err(Failure::new("userinfo to refuse the token", Value::Object(claims).to_string())),
        (_, Err(error)) => Err(Failure::new(format!("userinfo that {verdict} the token"), error.to_string())),
    }
}

/// The token expires so long after it was issued.
///
/// Example: `Then the ID token of "ana" lives for 10 hours`
#[then(expr = "the {reading} of {person} lives for {duration}")]
async fn lives(world: &mut World, reading: Reading, person: Person, duration: Duration) -> Result<(), Failure> {
    let document = world.read(reading, &person).await?;
    let at = |claim: &str| document.get(claim).and_then(Value::as_u64).unwrap_or_default();
    let found = at("exp").saturating_sub(at("iat"));
    if found == duration.seconds() {
        return Ok(());
    }
    Err(Failure::new(format!("to live for {} seconds", duration.seconds()), format!("{found} seconds")))
}

/// The ID token, or else the access token, that the app was given last.
pub(super) fn token_read(world: &mut World, reading: Reading, person: &Person) -> Result<String, Failure> {
    let tokens = &world.known(person).session()?.tokens;
    Ok(match reading {
        Reading::IdToken => tokens.id_token.clone().unwrap_or_default(),
        _ => tokens.access_token.clone(),
    })
}

/// Keeps what the token endpoint answered: tokens with the person, a refusal with the app.
pub(super) async fn keep(
    world: &mut World,
    person: &Person,
    answer: Result<Tokens, ClientError>,
) -> Result<(), Failure> {
    world.refusal = None;
    let tokens = match answer {
        Ok(tokens) => tokens,
        Err(error) => {
            let refusal = error.refusal().ok_or_else(|| Failure::new("an answer", error.to_string()))?;
            world.refusal = Some((refusal.code.clone(), refusal.message.clone()));
            return Ok(());
        }
    };
    let id_token = match &tokens.id_token {
        Some(token) => Some(world.app().await?.verify_id_token(token, None).await?),
        None => None,
    };
    world.known(person).signed_in(Session { login: None, tokens, id_token });
    Ok(())
}

pub(super) fn refused_nothing(world: &World) -> Result<(), Failure> {
    match &world.refusal {
        None => Ok(()),
        Some((code, message)) => Err(Failure::new("tokens", format!("refused with {code}: {message}"))),
    }
}
