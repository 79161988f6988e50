//! `PATCH /clients/{id}`. Source: spec/management-api.md §10, recorded answers.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::client::Client;
use crate::domain::client_defaults;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::management::body::Body;
use crate::management::caller::Caller;
use crate::management::clients::NO_SUCH_CLIENT;
use crate::management::clients::checks;
use crate::management::clients::shape;
use crate::management::clients::view::Shown;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// `PATCH /clients/{id}`: 200 with the client.
pub(super) async fn update(
    tenant: Tenant,
    keyring: Keyring,
    caller: Caller,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let change = body.check(&shape::CLIENT, Call::Update)?.0;
    check_scopes(&caller, &change)?;
    checks::check_built(&change)?;
    let shown = Shown::of(&tenant, &keyring).await?;
    let updated = tenant.write(|tx| {
        let before = tx.client(&id).ok_or(NO_SUCH_CLIENT)?;
        let client = changed(before, change)?;
        checks::check(&client)?;
        tx.clients.put(client.client_id.clone(), client.clone());
        Ok::<_, ApiError>(client)
    });
    Ok(Json(shown.to(&caller, &updated.await?)))
}

/// Keys have a scope of their own.
fn check_scopes(caller: &Caller, change: &Map<String, Value>) -> Result<(), ApiError> {
    for name in change.keys() {
        match name.as_str() {
            "client_secret" | "encryption_key" => caller.check_any(&["update:client_keys"])?,
            _ => caller.check_any(&["update:clients"])?,
        }
    }
    Ok(())
}

/// The client with the change made: `null` unsets, metadata and the configuration of its tokens are merged, all else
/// is replaced.
fn changed(client: &Client, change: Map<String, Value>) -> Result<Client, ApiError> {
    let failure = || ApiError::Internal(Failure::new("read a checked client"));
    let Ok(Value::Object(mut settings)) = serde_json::to_value(client) else { return Err(failure()) };
    for (name, value) in change {
        match (name.as_str(), value) {
            (_, Value::Null) => {
                settings.remove(&name);
            }
            ("initiate_login_uri", Value::String(uri)) if uri.is_empty() => {
                settings.remove(&name);
            }
            ("client_metadata" | "jwt_configuration", Value::Object(members)) => {
                if let Value::Object(kept) = settings.entry(name).or_insert_with(|| Map::new().into()) {
                    kept.extend(members);
                    kept.retain(|_, value| !value.is_null());
                }
            }
            (_, value) => {
                settings.insert(name, value);
            }
        }
    }
    client_defaults::complete_refresh_token(&mut settings);
    serde_json::from_value(Value::Object(settings)).map_err(|_| failure())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(change: Value, place: &str, expected: Option<Value>) {
        let client = json!({
            "client_id": "a", "client_secret": "s", "initiate_login_uri": "https://app.example/login",
            "client_metadata": { "a": "1", "b": "2" }, "jwt_configuration": { "lifetime_in_seconds": 60 },
            "addons": { "samlp": {} }, "callbacks": ["https://app.example/cb"],
        });
        let client: Client = serde_json::from_value(client).unwrap();
        let changed = changed(&client, change.as_object().cloned().unwrap()).unwrap();
        let view = serde_json::to_value(changed).unwrap();
        assert_eq!(view.pointer(place), expected.as_ref(), "{change}");
    }

    #[test]
    fn metadata_and_token_configuration_are_merged() {
        check(
            json!({ "client_metadata": { "a": null, "c": "3" } }),
            "/client_metadata",
            Some(json!({ "b": "2", "c": "3" })),
        );
        check(
            json!({ "jwt_configuration": { "alg": "RS256" } }),
            "/jwt_configuration",
            Some(json!({ "alg": "RS256", "secret_encoded": false, "lifetime_in_seconds": 60 })),
        );
    }

    #[test]
    fn null_unsets_and_all_else_is_replaced() {
        check(json!({ "addons": null }), "/addons", None);
        check(json!({ "addons": { "wsfed": {} } }), "/addons", Some(json!({ "wsfed": {} })));
        check(json!({ "initiate_login_uri": "" }), "/initiate_login_uri", None);
        check(json!({ "callbacks": [] }), "/callbacks", Some(json!([])));
        check(json!({ "name": "n" }), "/client_secret", Some(json!("s")));
    }

    #[test]
    fn settings_of_refresh_tokens_are_given_anew() {
        let change = json!({ "refresh_token": { "rotation_type": "rotating", "expiration_type": "expiring" } });
        check(change.clone(), "/refresh_token/infinite_token_lifetime", Some(json!(false)));
        check(change, "/refresh_token/leeway", Some(json!(0)));
    }
}
