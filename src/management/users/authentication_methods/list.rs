//! Reading a user's authentication methods.

use axum::Json;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::authentication_method::AuthenticationMethod;
use crate::domain::id::UserId;
use crate::management::error::ApiError;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::users::authentication_methods::find;
use crate::management::users::authentication_methods::of_user;
use crate::store::tenant::Tenant;

/// How many methods a page has unless it says.
const PER_PAGE: usize = 50;

/// `GET /users/{id}/authentication-methods`: addresses and numbers are covered. There is no `total` when there is none,
/// as recorded.
pub(super) async fn list(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::by_offset(&query, PER_PAGE)?;
    let state = tenant.read();
    let methods = of_user(&state, &id)?;
    let is_empty = methods.is_empty();
    let part = page.cut(methods, |method| method.device.as_str());
    let mut answer = page.answer("authenticators", part, |method| confirmed(method));
    if let Some(envelope) = answer.as_object_mut().filter(|_| is_empty) {
        envelope.remove("total");
    }
    Ok(Json(answer))
}

/// `GET /users/{id}/authentication-methods/{authentication_method_id}`
pub(super) async fn read(
    tenant: Tenant,
    ApiPath((user, id)): ApiPath<(UserId, String)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    Ok(Json(confirmed(find(&state, &user, &id)?)))
}

/// Only readers are told that it is confirmed: what an administrator puts in is, at once.
fn confirmed(method: &AuthenticationMethod) -> Map<String, Value> {
    let mut view = method.masked();
    view.insert("confirmed".to_owned(), true.into());
    view
}

/// `GET /users/{id}/enrollments`: the methods that are second factors, in the words of enrolments.
pub(super) async fn enrollments(tenant: Tenant, ApiPath((id,)): ApiPath<(UserId,)>) -> Result<Json<Value>, ApiError> {
    let state = tenant.read();
    Ok(Json(of_user(&state, &id)?.into_iter().filter_map(|method| enrollment(method)).collect()))
}

fn enrollment(method: &AuthenticationMethod) -> Option<Value> {
    let kind = match method.kind.as_str() {
        "totp" => "authenticator",
        "phone" => "sms",
        "email" => "email",
        "webauthn-roaming" => "webauthn-roaming",
        _ => return None,
    };
    let view = method.masked();
    let mut enrollment = json!({
        "id": method.id(), "status": "confirmed", "type": kind, "auth_method": kind, "enrolled_at": method.created_at,
    });
    for (name, shown) in [("name", "name"), ("email", "identifier"), ("phone_number", "phone_number")] {
        if let (Some(value), Some(members)) = (view.get(name), enrollment.as_object_mut()) {
            members.insert(shown.to_owned(), value.clone());
        }
    }
    Some(enrollment)
}
