//! `/roles/{id}/users`. Source: spec/management-api.md §1, §3, §4 and §12.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::UserId;
use crate::domain::user::User;
use crate::management::body::Body;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::roles::NO_SUCH_ROLE;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::management::users::roles::check_count;
use crate::store::tenant::Tenant;

/// How many users a page has unless it says.
const PER_PAGE: usize = 50;

/// What is shown of them.
const SHOWN: &[&str] = &["user_id", "email", "picture", "name"];

const USERS: Shape = Shape::closed(
    &["users"],
    &[property("users", Kind::List(0, &Kind::Format("user-id-with-max-length", |id| (1..=255).contains(&id.len()))))],
);

const NO_SUCH_USERS: ApiError =
    ApiError::NotFound { message: "One or more of the users do not exist.", code: Some("inexistent_user") };

/// `GET /roles/{id}/users`, first assigned first; by offset or by checkpoint. Wants two scopes at once.
pub(super) async fn list(
    tenant: Tenant,
    caller: Caller,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    caller.check_all(&["read:users", "read:roles"])?;
    let page = Page::of(&query, PER_PAGE)?;
    let state = tenant.read();
    let role = state.roles.get(id.as_str()).ok_or(NO_SUCH_ROLE)?;
    let members = state.authorizations.members(&role.id);
    let members = members.filter_map(|(number, id)| Some((format!("{number:020}"), state.users.get(id.as_str())?)));
    let part = page.cut(members.collect(), |(number, _)| number);
    Ok(Json(page.answer("users", part, |(_, user)| view(user))))
}

fn view(user: &User) -> Map<String, Value> {
    let mut profile = user.profile();
    profile.retain(|name, _| SHOWN.contains(&name.as_str()));
    profile
}

/// `POST /roles/{id}/users`: 200 with `{}`. All get the role, or none.
pub(super) async fn assign(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body = body.check(&USERS, Call::Create)?;
    let users: Vec<UserId> = body.texts("users").map(UserId::from).collect();
    let assigned = tenant.write(|tx| {
        let role = tx.roles.get(id.as_str()).ok_or(NO_SUCH_ROLE)?.id.clone();
        if users.iter().any(|user| tx.users.get(user.as_str()).is_none()) {
            return Err(NO_SUCH_USERS);
        }
        for user in users {
            tx.authorizations.assign(&user, &role);
            check_count(tx, &user)?;
        }
        Ok(())
    });
    assigned.await?;
    Ok(Json(Map::new().into()))
}
