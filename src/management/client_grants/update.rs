//! `PATCH /client-grants/{id}`. Source: spec/management-api.md §11, recorded answers.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::grant::ClientGrant;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::management::body::Body;
use crate::management::client_grants::NO_SUCH_GRANT;
use crate::management::client_grants::create::check_all_scopes;
use crate::management::client_grants::shape;
use crate::management::client_grants::view;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// `PATCH /client-grants/{id}`: 200 with the grant. What is sent replaces what was there; `null` unsets.
pub(super) async fn update(
    tenant: Tenant,
    address: Address,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let change = body.check(&shape::GRANT, Call::Update)?;
    let updated = tenant.write(|tx| {
        let before = tx.client_grants.get(id.as_str()).ok_or(NO_SUCH_GRANT)?;
        let is_system = tx.resource_server_named(&before.audience).is_some_and(|api| api.is_system);
        check_all_scopes(&change, is_system)?;
        let grant = changed(before, change.0)?;
        tx.client_grants.put(grant.id.clone(), grant.clone());
        Ok::<_, ApiError>(grant)
    });
    Ok(Json(view(&updated.await?, &address)))
}

fn changed(grant: &ClientGrant, change: Map<String, Value>) -> Result<ClientGrant, ApiError> {
    let failure = || ApiError::Internal(Failure::new("read a checked client grant"));
    let Ok(Value::Object(mut settings)) = serde_json::to_value(grant) else { return Err(failure()) };
    settings.extend(change);
    settings.retain(|_, value| !value.is_null());
    serde_json::from_value(Value::Object(settings)).map_err(|_| failure())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_replaces_and_null_unsets() {
        let grant = json!({
            "id": "cgr_1", "client_id": "a", "audience": "b", "scope": ["read:a"], "allow_any_organization": true,
        });
        let grant = serde_json::from_value(grant).unwrap();
        let change = |change: Value| {
            let changed = changed(&grant, change.as_object().cloned().unwrap()).unwrap();
            (changed.scope, changed.extra)
        };
        let (scope, extra) = change(json!({ "scope": ["read:b"], "allow_any_organization": null }));
        assert_eq!((scope, extra.len()), (vec!["read:b".to_owned()], 0));
        let (scope, extra) = change(json!({ "scope": null }));
        assert_eq!((scope.len(), extra.len()), (0, 1));
    }
}
