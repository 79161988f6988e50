//! Roles made, changed and deleted. Source: spec/management-api.md §3 and §12.

use std::collections::BTreeSet;

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::RoleId;
use crate::domain::role::MOST_ROLES;
use crate::domain::role::Role;
use crate::management::body::Body;
use crate::management::chosen_id::ChosenId;
use crate::management::error::ApiError;
use crate::management::formats::SOME;
use crate::management::parameters::ApiPath;
use crate::management::roles::NO_SUCH_ROLE;
use crate::management::roles::view;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

const ROLE: Shape =
    Shape::closed(&["name"], &[property("name", SOME), property("description", Kind::Text(0, usize::MAX))]);

/// The code is unverified.
const ALREADY_EXISTS: ApiError = ApiError::Conflict { message: "The role already exists.", code: None };

/// `POST /roles`: 200 with the role.
pub(super) async fn create(tenant: Tenant, chosen: ChosenId, body: Body) -> Result<Json<Map<String, Value>>, ApiError> {
    let body = body.check(&ROLE, Call::Create)?;
    let (name, description) = (body.text("name").unwrap_or_default(), body.text("description"));
    let created = tenant.write(|tx| {
        if tx.roles.len() >= MOST_ROLES {
            return Err(ApiError::LimitReached);
        }
        check_name(tx, name, None)?;
        let drawn = format!("rol_{}", tx.rng().alphanumeric(16));
        let id = RoleId::from(chosen.or_drawn(|id| tx.roles.contains(id), || drawn)?);
        let description = description.map(str::to_owned);
        let role = Role { id: id.clone(), name: name.to_owned(), description, permissions: BTreeSet::new() };
        tx.roles.put(id, role.clone());
        Ok(role)
    });
    Ok(Json(view(&created.await?)))
}

/// `PATCH /roles/{id}`: 200 with the role.
pub(super) async fn update(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let body = body.check(&ROLE, Call::Update)?;
    let updated = tenant.write(|tx| {
        let mut role = Role::clone(tx.roles.get(id.as_str()).ok_or(NO_SUCH_ROLE)?);
        if let Some(name) = body.text("name") {
            check_name(tx, name, Some(&role.id))?;
            name.clone_into(&mut role.name);
        }
        role.description = body.text("description").map(str::to_owned).or(role.description);
        tx.roles.put(role.id.clone(), role.clone());
        Ok::<_, ApiError>(role)
    });
    Ok(Json(view(&updated.await?)))
}

/// `DELETE /roles/{id}`: 200 with `{}`. Nobody has the role any more.
pub(super) async fn remove(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<Json<Value>, ApiError> {
    tenant.write(|tx| tx.remove_role(&id).map(drop).ok_or(NO_SUCH_ROLE)).await?;
    Ok(Json(Map::new().into()))
}

/// Names are unique in a tenant.
fn check_name(state: &TenantState, name: &str, of: Option<&RoleId>) -> Result<(), ApiError> {
    let taken = state.roles.rows().any(|role| role.name == name && Some(&role.id) != of);
    if taken { Err(ALREADY_EXISTS) } else { Ok(()) }
}
