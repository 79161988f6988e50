//! Which app it is and what it asks for.

use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, when};

/// The scenario plays on a tenant forked from this one, not from the usual one.
///
/// Example: `Given a tenant like "blank"`
#[given(expr = "a tenant like {string}")]
async fn tenant_like(world: &mut World, tenant: String) -> Result<(), Failure> {
    world.fork_from(&tenant);
    Ok(())
}

/// The app is this client, from here on.
///
/// Example: `Given the app is "acme-spa"`
#[given(expr = "the app is {string}")]
#[when(expr = "the app is {string}")]
async fn app_is(world: &mut World, client_id: String) -> Result<(), Failure> {
    world.client_id = Some(client_id);
    Ok(())
}

/// The app asks for these scopes, separated by spaces; usually it is `openid profile email`.
///
/// Example: `Given the app asks for the scopes "openid offline_access"`
#[given(expr = "the app asks for the scope(s) {string}")]
#[when(expr = "the app asks for the scope(s) {string}")]
async fn asks_for_scopes(world: &mut World, scopes: String) -> Result<(), Failure> {
    send(world, "scope", scopes);
    Ok(())
}

/// The app asks for a token for this API, by its identifier.
///
/// Example: `Given the app asks for the API "https://api.acme.example/"`
#[given(expr = "the app asks for the API {string}")]
async fn asks_for_api(world: &mut World, audience: String) -> Result<(), Failure> {
    send(world, "audience", audience);
    Ok(())
}

/// The app sends a parameter of the authorization request.
///
/// Example: `Given the app sends "max_age" as "60"`
#[given(expr = "the app sends {string} as {string}")]
#[when(expr = "the app sends {string} as {string}")]
async fn sends(world: &mut World, parameter: String, value: String) -> Result<(), Failure> {
    send(world, &parameter, value);
    Ok(())
}

/// The app leaves out a parameter of the authorization request that it usually sends.
///
/// Example: `Given the app does not send "nonce"`
#[given(expr = "the app does not send {string}")]
#[when(expr = "the app does not send {string}")]
async fn does_not_send(world: &mut World, parameter: String) -> Result<(), Failure> {
    send(world, &parameter, String::new());
    Ok(())
}

fn send(world: &mut World, parameter: &str, value: String) {
    world.parameters.retain(|(known, _)| known != parameter);
    world.parameters.push((parameter.to_owned(), value));
}
