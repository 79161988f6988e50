//! Permissions as bodies name them and as answers show them. Source: spec/management-api.md §5.2.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::role::Right;
use crate::http::address::Address;
use crate::management::apis;
use crate::management::body::Checked;
use crate::management::error::ApiError;
use crate::management::formats::SOME;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// What adds or removes permissions.
pub(super) const PERMISSIONS: Shape =
    Shape::closed(&["permissions"], &[property("permissions", Kind::List(1, &Kind::Object(&PERMISSION)))]);

const PERMISSION: Shape = Shape::closed(
    &["resource_server_identifier", "permission_name"],
    &[property("resource_server_identifier", SOME), property("permission_name", SOME)],
);

const NO_SUCH_API: ApiError = ApiError::NotFound { message: "The resource server does not exist.", code: None };

/// The permissions that a body names, whether or not there are such.
pub(super) fn named(body: &Checked, tenant: &Tenant, address: &Address) -> Vec<Right> {
    let items = body.0.get("permissions").and_then(Value::as_array);
    let text = |item: &Value, name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let right = |item: &Value| {
        let written = text(item, "resource_server_identifier");
        Right { api: apis::kept(&written, tenant, address).to_owned(), name: text(item, "permission_name") }
    };
    items.into_iter().flatten().map(right).collect()
}

/// Only what an API defines can be permitted.
///
/// # Errors
/// [`ApiError::NotFound`] for an unknown API; [`ApiError::Refused`] for an unknown scope, whose words are unverified.
pub(super) fn check_defined(state: &TenantState, rights: &[Right]) -> Result<(), ApiError> {
    for right in rights {
        let api = state.resource_server_named(&right.api).ok_or(NO_SUCH_API)?;
        if !api.defines(&right.name) {
            let message = format!("The permission {} does not exist in the resource server.", right.name);
            return Err(ApiError::refused("invalid_body", message));
        }
    }
    Ok(())
}

/// A permission with what its API says of it.
pub(super) fn view(right: &Right, state: &TenantState, address: &Address) -> Map<String, Value> {
    let api = state.resource_server_named(&right.api);
    let defined = api.and_then(|api| api.scopes.iter().find(|scope| scope.value == right.name));
    let members = [
        ("permission_name", json!(right.name)),
        ("description", json!(defined.and_then(|scope| scope.description.as_deref()))),
        ("resource_server_name", json!(api.map(|api| api.name.as_str()))),
        ("resource_server_identifier", json!(apis::shown(&right.api, address))),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
