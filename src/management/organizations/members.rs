//! `/organizations/{id}/members`. Source: spec/management-api.md §12.

use std::collections::BTreeSet;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::UserId;
use crate::domain::organization::Membership;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::organizations::NO_SUCH_ORGANIZATION;
use crate::management::organizations::member_roles::roles_of;
use crate::management::organizations::shape;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::schema::Call;
use crate::management::users::NO_SUCH_USER;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How many members a page has unless it says.
const PER_PAGE: usize = 50;

/// What is shown of a member's profile.
const SHOWN: &[&str] = &["user_id", "email", "picture", "name"];

/// `GET /organizations/{id}/members`, in the order of their ids. Their roles are shown only if `fields` asks for them.
pub(super) async fn list(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::of(&query, PER_PAGE)?, Fields::of(&query)?);
    let asks_for_roles = query.text("fields")?.is_some_and(|list| list.split(',').any(|name| name == "roles"));
    let state = tenant.read();
    let organization = state.organizations.get(id.as_str()).ok_or(NO_SUCH_ORGANIZATION)?;
    let members = state.memberships.of_organization(&organization.id).collect();
    let part = page.cut(members, |membership| membership.user_id.as_str());
    Ok(Json(page.answer("members", part, |membership| {
        let mut view = shown(&state, membership);
        if asks_for_roles {
            let roles = roles_of(&state, membership);
            let roles = roles.iter().map(|role| json!({ "id": role.id, "name": role.name }));
            view.insert("roles".to_owned(), roles.collect());
        }
        fields.choose(view)
    })))
}

fn shown(state: &TenantState, membership: &Membership) -> Map<String, Value> {
    let mut profile = state.users.get(membership.user_id.as_str()).map(|user| user.profile()).unwrap_or_default();
    profile.retain(|name, _| SHOWN.contains(&name.as_str()));
    profile
}

/// `POST /organizations/{id}/members`: 204. All come in, or nobody; who is in already stays as they are.
pub(super) async fn add(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let users = users(&body.check(&shape::MEMBERS, Call::Create)?);
    let added = tenant.write(|tx| {
        let id = tx.organizations.get(id.as_str()).ok_or(NO_SUCH_ORGANIZATION)?.id.clone();
        for user_id in users {
            if tx.users.get(user_id.as_str()).is_none() {
                return Err(NO_SUCH_USER);
            }
            if tx.memberships.get(&id, &user_id).is_none() {
                let organization_id = id.clone();
                tx.memberships.put(Membership { organization_id, user_id, roles: BTreeSet::new() });
            }
        }
        Ok(())
    });
    added.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /organizations/{id}/members`: 204, also for who is none.
pub(super) async fn remove(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let users = users(&body.check(&shape::MEMBERS, Call::Create)?);
    let removed = tenant.write(|tx| {
        let id = tx.organizations.get(id.as_str()).ok_or(NO_SUCH_ORGANIZATION)?.id.clone();
        for user in users {
            tx.memberships.remove(&id, &user);
        }
        Ok::<_, ApiError>(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn users(body: &Checked) -> Vec<UserId> {
    let members = body.0.get("members").and_then(Value::as_array);
    members.into_iter().flatten().filter_map(Value::as_str).map(UserId::from).collect()
}
