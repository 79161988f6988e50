//! `PATCH /resource-servers/{id}`. Source: spec/management-api.md §11, recorded answers.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::resource_server::ResourceServer;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::resource_servers::NO_SUCH_API;
use crate::management::resource_servers::check_built;
use crate::management::resource_servers::find;
use crate::management::resource_servers::shape;
use crate::management::resource_servers::view;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// `PATCH /resource-servers/{id}`: 200 with the API. Scopes are replaced as a whole: those that go are taken from roles,
/// users and client grants.
pub(super) async fn update(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let change = body.check(&shape::RESOURCE_SERVER, Call::Update)?.0;
    shape::check_scopes(&change)?;
    let updated = tenant.write(|tx| {
        let before = find(tx, (&tenant, &address), &id).ok_or(NO_SUCH_API)?;
        if before.is_system {
            return Err(ApiError::refused("operation_not_supported", "System resource servers cannot be patched."));
        }
        let mut api = changed(before, change)?;
        check_built(&api)?;
        if api.signing_alg == "HS256" && api.signing_secret.is_none() {
            api.signing_secret = Some(tx.rng().alphanumeric(32));
        }
        tx.change_resource_server(api.clone());
        Ok(view(&api, tx, &address))
    });
    Ok(Json(updated.await?))
}

/// The API with the change made: `null` unsets; who may have tokens is merged; all else is replaced.
fn changed(api: &ResourceServer, change: Map<String, Value>) -> Result<ResourceServer, ApiError> {
    let failure = || ApiError::Internal(Failure::new("read a checked resource server"));
    let Ok(Value::Object(mut settings)) = serde_json::to_value(api) else { return Err(failure()) };
    for (name, value) in change {
        match (name.as_str(), value) {
            (_, Value::Null) => {
                settings.remove(&name);
            }
            ("subject_type_authorization", Value::Object(policies)) => {
                if let Value::Object(kept) = settings.entry(name).or_insert_with(|| Map::new().into()) {
                    kept.extend(policies);
                }
            }
            (_, value) => {
                settings.insert(name, value);
            }
        }
    }
    serde_json::from_value(Value::Object(settings)).map_err(|_| failure())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_unsets_policies_are_merged_and_the_rest_is_replaced() {
        let api = json!({
            "id": "1", "identifier": "a", "scopes": [{ "value": "read:a" }], "authorization_details": [{ "type": "x" }],
            "subject_type_authorization": { "client": { "policy": "deny_all" } },
        });
        let change = json!({
            "scopes": [{ "value": "read:b" }], "authorization_details": null,
            "subject_type_authorization": { "user": { "policy": "deny_all" } },
        });
        let api = serde_json::from_value(api).unwrap();
        let changed = changed(&api, change.as_object().cloned().unwrap()).unwrap();
        assert!(changed.defines("read:b") && !changed.defines("read:a"));
        let policies = json!({ "client": { "policy": "deny_all" }, "user": { "policy": "deny_all" } });
        assert_eq!(changed.extra.get("subject_type_authorization"), Some(&policies));
        assert_eq!(changed.extra.get("authorization_details"), None);
    }
}
