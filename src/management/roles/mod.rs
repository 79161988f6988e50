//! `/roles` and what hangs below it. Source: spec/management-api.md §3 and §12.

mod change;
mod list;
mod permissions;
mod users;

use serde_json::Map;
use serde_json::Value;

use crate::domain::role::Role;
use crate::management::error::ApiError;
use crate::management::operations::Operations;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/roles", &["read:roles"], list::list)
        .post("/roles", &["create:roles"], change::create)
        .get("/roles/{id}", &["read:roles"], list::read)
        .patch("/roles/{id}", &["update:roles"], change::update)
        .delete("/roles/{id}", &["delete:roles"], change::remove)
        .get("/roles/{id}/permissions", &["read:roles"], permissions::list)
        .post("/roles/{id}/permissions", &["update:roles"], permissions::add)
        .delete("/roles/{id}/permissions", &["update:roles"], permissions::remove)
        .get("/roles/{id}/users", &["read:users", "read:roles", "read:role_members"], users::list)
        .post("/roles/{id}/users", &["update:roles", "create:role_members"], users::assign)
}

pub(super) const NO_SUCH_ROLE: ApiError = ApiError::NotFound { message: "The role does not exist.", code: None };

/// The one kind of roles that there is, as today's service tells it.
const TYPE: &str = "tenant";

/// A role in lists and alone.
pub(super) fn view(role: &Role) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(role) else { return Map::new() };
    view.insert("type".to_owned(), TYPE.into());
    view
}
