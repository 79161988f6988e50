//! Tokens without a login: good ones for tests of an API, wrong ones for tests of what verifies tokens.

use crate::client::orders::TokenOrder;
use crate::client::tokens::Tokens;
use crate::gherkin::known::Session;
use crate::gherkin::parameters::{Duration, Person, Reading};
use crate::gherkin::report::Failure;
use crate::gherkin::steps::tokens::token_read;
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use serde_json::{Map, Value};

/// What the ID tokens made here answer to.
const NONCE: &str = "a-nonce";

/// The app has tokens of somebody who did not sign in. They are what a login would bring, for the API and with the scopes
/// that the app asks for.
///
/// Example: `Given the app has tokens of "ana" without a login`
#[given(expr = "the app has tokens of {person} without a login")]
#[when(expr = "the app has tokens of {person} without a login")]
async fn has(world: &mut World, person: Person) -> Result<(), Failure> {
    let order = order(world, &person).await?;
    make(world, &person, order).await
}

/// The same with tokens issued so long ago.
///
/// Example: `Given the app has tokens of "ana" that were issued 2 hours ago`
#[given(expr = "the app has tokens of {person} that were issued {duration} ago")]
#[when(expr = "the app has tokens of {person} that were issued {duration} ago")]
async fn has_old(world: &mut World, person: Person, age: Duration) -> Result<(), Failure> {
    let order = TokenOrder { age: Some(age.iso()), ..order(world, &person).await? };
    make(world, &person, order).await
}

/// The same with a claim of the access token as a test wants it.
///
/// Example: `Given the app has tokens of "ana" with the claim "https://acme.example/plan" "gold"`
#[given(expr = "the app has tokens of {person} with the claim {string} {string}")]
#[when(expr = "the app has tokens of {person} with the claim {string} {string}")]
async fn has_with_claim(world: &mut World, person: Person, name: String, value: String) -> Result<(), Failure> {
    let order = order(world, &person).await?.claim(name, value);
    make(world, &person, order).await
}

/// The same with tokens that are wrong in one way: `expired`, `not_yet_valid`, `wrong_issuer`, `wrong_audience`,
/// `missing_subject`, `missing_expiry`, `wrong_nonce`, `wrong_type`, `unknown_key`, `wrong_key`, `algorithm_none`,
/// `algorithm_confusion`, `wrong_algorithm`, `broken_signature`, `tampered`, `truncated`.
///
/// Example: `Given the app has tokens of "ana" that are wrong by "expired"`
#[given(expr = "the app has tokens of {person} that are wrong by {string}")]
#[when(expr = "the app has tokens of {person} that are wrong by {string}")]
async fn has_wrong(world: &mut World, person: Person, wrong: String) -> Result<(), Failure> {
    let order = order(world, &person).await?.wrong(wrong);
    make(world, &person, order).await
}

/// A receiver that is careful takes the token or refuses it: signature, algorithm, type, issuer, audience, times, subject
/// and nonce are looked at.
///
/// Example: `Then a careful receiver refuses the ID token of "ana"`
#[then(regex = r#"^a careful receiver (takes|refuses) the (ID token|access token) of "([^"]*)"$"#)]
async fn judges(world: &mut World, verdict: String, which: String, person: String) -> Result<(), Failure> {
    let reading = if which == "ID token" { Reading::IdToken } else { Reading::AccessToken };
    let token = token_read(world, reading, &Person(person))?;
    let objection = objection(world, reading, &token).await?;
    match (verdict.as_str(), objection) {
        ("takes", None) | ("refuses", Some(_)) => Ok(()),
        ("takes", Some(objection)) => Err(Failure::new(format!("a good {which}"), objection)),
        _ => Err(Failure::new(format!("something wrong with the {which}"), format!("nothing wrong with {token}"))),
    }
}

/// The order for what the app asks for.
async fn order(world: &mut World, person: &Person) -> Result<TokenOrder, Failure> {
    let known = world.known(person);
    let account = known.accounts.iter().next().map(|(provider, account)| (provider.at(), account.id.clone()));
    let who = match known.user_id() {
        Ok(user_id) => user_id.to_owned(),
        Err(_) => account.map_or_else(|| person.0.clone(), |(at, id)| format!("{at}:{id}")),
    };
    let client = world.app().await?.client_id.clone();
    let asked = |name: &str| {
        let found = world.parameters.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.clone())
    };
    Ok(TokenOrder {
        audience: asked("audience"),
        scope: asked("scope"),
        organization: asked("organization"),
        nonce: Some(NONCE.to_owned()),
        ..TokenOrder::of(who).at(client)
    })
}

async fn make(world: &mut World, person: &Person, order: TokenOrder) -> Result<(), Failure> {
    let made = world.control().await?.make_tokens(&order).await?;
    let id_token = match &made.id_token {
        Some(token) if order.wrong.is_none() => Some(world.app().await?.verify_id_token(token, None).await?),
        _ => None,
    };
    let tokens = Tokens {
        access_token: made.access_token.unwrap_or_default(),
        id_token: made.id_token,
        refresh_token: None,
        token_type: "Bearer".to_owned(),
        expires_in: u64::try_from(made.expires_in).unwrap_or_default(),
        scope: Some(made.scope),
        other: Map::new(),
    };
    world.known(person).signed_in(Session { login: None, tokens, id_token });
    Ok(())
}

/// What a careful receiver has against a token.
async fn objection(world: &mut World, reading: Reading, token: &str) -> Result<Option<String>, Failure> {
    let app = world.app().await?.clone();
    let asked = world.parameters.iter().find(|(name, _)| name == "audience").map(|(_, value)| value.clone());
    let jwt = match app.verify(token).await {
        Ok(jwt) => jwt,
        Err(error) => return Ok(Some(error.to_string())),
    };
    let claim = |name: &str| jwt.claims.get(name);
    let header = |name: &str| jwt.header.get(name).and_then(Value::as_str).unwrap_or_default();
    let for_whom = if reading == Reading::IdToken { Some(app.client_id) } else { asked };
    let addressed = match claim("aud") {
        Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == for_whom.as_deref()),
        one => one.and_then(Value::as_str) == for_whom.as_deref(),
    };
    let now = world.control().await?.clock().await?.now;
    let now = time::OffsetDateTime::parse(&now, &time::format_description::well_known::Rfc3339);
    let now = now.map_err(|error| Failure::new("the tenant's time", error.to_string()))?.unix_timestamp();
    let at = |name: &str| claim(name).and_then(Value::as_i64);
    let wrong = [
        ("its algorithm is not RS256", header("alg") != "RS256"),
        ("it is another kind of token", !["JWT", "at+jwt"].contains(&header("typ"))),
        ("it is for somebody else", !addressed),
        ("it has expired", at("exp").is_none_or(|end| end <= now)),
        ("it is not valid yet", at("nbf").is_some_and(|start| start > now)),
        ("it is about nobody", claim("sub").is_none()),
        ("its nonce is another", claim("nonce").is_some_and(|nonce| nonce != NONCE)),
    ];
    Ok(wrong.into_iter().find(|(_, is_so)| *is_so).map(|(what, _)| what.to_owned()))
}
