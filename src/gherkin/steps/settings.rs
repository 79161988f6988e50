//! How an administrator has set the app up.

use crate::gherkin::parameters::Duration;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::given;
use serde_json::{Value, json};

/// The app's ID tokens are signed so: `RS256` and `PS256` with the tenant's key, `HS256` with the app's own secret.
///
/// Example: `Given the app has its ID tokens signed with "PS256"`
#[given(expr = "the app has its ID tokens signed with {string}")]
async fn id_token_algorithm(world: &mut World, algorithm: String) -> Result<(), Failure> {
    let configuration = json!({ "alg": algorithm, "lifetime_in_seconds": 36_000 });
    set(world, json!({ "jwt_configuration": configuration })).await
}

/// The app's ID tokens live so long.
///
/// Example: `Given the app has its ID tokens live for 10 minutes`
#[given(expr = "the app has its ID tokens live for {duration}")]
async fn id_token_lifetime(world: &mut World, lifetime: Duration) -> Result<(), Failure> {
    let configuration = json!({ "alg": "RS256", "lifetime_in_seconds": lifetime.seconds() });
    set(world, json!({ "jwt_configuration": configuration })).await
}

/// The app is one of old: what is standard today does not hold for it.
///
/// Example: `Given the app is not OIDC conformant`
#[given(expr = "the app is not OIDC conformant")]
async fn not_conformant(world: &mut World) -> Result<(), Failure> {
    set(world, json!({ "oidc_conformant": false })).await
}

/// The app's refresh tokens are good for one exchange, which gives the next one. For so long after it the token before
/// is good as well.
///
/// Example: `Given the app's refresh tokens rotate, with a leeway of 30 seconds`
#[given(expr = "the app's refresh tokens rotate, with a leeway of {duration}")]
async fn rotate(world: &mut World, leeway: Duration) -> Result<(), Failure> {
    set(world, json!({ "refresh_token": rotating(leeway.seconds()) })).await
}

/// The app's refresh tokens are good again and again, and never expire.
///
/// Example: `Given the app's refresh tokens stay the same`
#[given(expr = "the app's refresh tokens stay the same")]
async fn stay(world: &mut World) -> Result<(), Failure> {
    let settings = json!({
        "rotation_type": "non-rotating",
        "expiration_type": "non-expiring",
        "infinite_token_lifetime": true,
        "infinite_idle_token_lifetime": true,
    });
    set(world, json!({ "refresh_token": settings })).await
}

/// The app's refresh tokens end so long after the login, or when they were not used for so long; they `rotate` or
/// `stay the same` meanwhile.
///
/// Example: `Given the app's refresh tokens rotate and end after 30 days, or after 15 days without use`
#[given(
    regex = r"^the app's refresh tokens (rotate|stay the same) and end after (\d+ \w+), or after (\d+ \w+) without use$"
)]
async fn expire(world: &mut World, manner: String, absolute: Duration, idle: Duration) -> Result<(), Failure> {
    let mut settings = rotating(0);
    if let Some(members) = settings.as_object_mut() {
        if manner != "rotate" {
            members.insert("rotation_type".to_owned(), json!("non-rotating"));
        }
        members.insert("token_lifetime".to_owned(), json!(absolute.seconds()));
        members.insert("idle_token_lifetime".to_owned(), json!(idle.seconds()));
    }
    set(world, json!({ "refresh_token": settings })).await
}

fn rotating(leeway: u64) -> Value {
    json!({
        "rotation_type": "rotating",
        "expiration_type": "expiring",
        "leeway": leeway,
        "token_lifetime": 2_592_000,
        "idle_token_lifetime": 1_296_000,
        "infinite_token_lifetime": false,
        "infinite_idle_token_lifetime": false,
    })
}

async fn set(world: &mut World, change: Value) -> Result<(), Failure> {
    let client_id = world.app().await?.client_id.clone();
    world.management().await?.update_client(&client_id, &change).await?;
    Ok(())
}
