//! The tenant's APIs: their scopes, and whether permissions count at them.

use crate::gherkin::parameters::Given;
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, when};
use serde_json::{Value, json};

/// An API that gives its scopes only to who has the permission. Its tokens are of the dialect
/// `access_token_authz`, which tells the permissions.
///
/// Example: `Given the API "https://shop.example/" with permissions "read:stock write:stock"`
#[given(expr = "the API {string} with permission(s) {string}")]
async fn enforcing_api(world: &mut World, identifier: String, scopes: String) -> Result<(), Failure> {
    let api = api(&identifier, &scopes);
    let rbac = json!({ "enforce_policies": true, "token_dialect": "access_token_authz", "allow_offline_access": true });
    create_api(world, merged(api, rbac)).await
}

/// An API that gives its scopes to everybody who asks.
///
/// Example: `Given the API "https://shop.example/" open to all, with scopes "read:stock"`
#[given(expr = "the API {string} open to all, with scope(s) {string}")]
async fn open_api(world: &mut World, identifier: String, scopes: String) -> Result<(), Failure> {
    create_api(world, api(&identifier, &scopes)).await
}

/// An administrator changes a setting of an API.
///
/// Example: `Given the API "https://shop.example/" has "token_dialect" set to "rfc9068_profile_authz"`
#[given(expr = "the API {string} has {string} set to {value}")]
#[when(expr = "an administrator sets, at the API {string}, {string} to {value}")]
async fn set_api(world: &mut World, identifier: String, setting: String, value: Given) -> Result<(), Failure> {
    let change = json!({ setting: value.0 });
    let management = world.management().await?;
    Ok(management.change("PATCH", &["resource-servers", &identifier], &change).await.map(drop)?)
}

/// An administrator takes a scope from an API.
///
/// Example: `When the API "https://shop.example/" loses the scope "write:stock"`
#[when(expr = "the API {string} loses the scope {string}")]
async fn lose_scope(world: &mut World, identifier: String, scope: String) -> Result<(), Failure> {
    let management = world.management().await?;
    let mut api = management.resource_server(&identifier).await?;
    let mut scopes = api.get_mut("scopes").and_then(|scopes| scopes.as_array_mut().cloned()).unwrap_or_default();
    scopes.retain(|known| known.get("value").and_then(Value::as_str) != Some(&scope));
    let change = json!({ "scopes": scopes });
    Ok(management.change("PATCH", &["resource-servers", &identifier], &change).await.map(drop)?)
}

/// An administrator deletes an API and makes it anew, with the same scopes.
///
/// Example: `When the API "https://shop.example/" is deleted and made anew with permissions "read:stock"`
#[when(expr = "the API {string} is deleted and made anew with permission(s) {string}")]
async fn remake_api(world: &mut World, identifier: String, scopes: String) -> Result<(), Failure> {
    let management = world.management().await?;
    management.change("DELETE", &["resource-servers", &identifier], &Value::Null).await?;
    enforcing_api(world, identifier, scopes).await
}

fn api(identifier: &str, scopes: &str) -> Value {
    let scopes: Vec<_> = scopes.split_whitespace().map(|scope| json!({ "value": scope })).collect();
    let name = identifier.trim_start_matches("https://");
    json!({
        "name": name,
        "identifier": identifier,
        "scopes": scopes,
        "signing_alg": "RS256",
        "skip_consent_for_verifiable_first_party_clients": true,
    })
}

fn merged(mut one: Value, other: Value) -> Value {
    if let (Some(one), Value::Object(other)) = (one.as_object_mut(), other) {
        one.extend(other);
    }
    one
}

async fn create_api(world: &mut World, api: Value) -> Result<(), Failure> {
    Ok(world.management().await?.change("POST", &["resource-servers"], &api).await.map(drop)?)
}
